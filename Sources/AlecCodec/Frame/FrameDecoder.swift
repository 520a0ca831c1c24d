// SPDX-License-Identifier: Apache-2.0

/// What a receiver is willing to take.
public struct DecoderLimits: Sendable {
    /// The largest frame that the format allows.
    public static let frameBytes = 1 << 20

    /// The most channels that a group may have.
    public var channels: Int

    /// The most readings that a frame may have: a few dozen bytes can hold a million equal ones.
    public var readings: Int

    /// At most `channels` channels, as many as the receiver's channel table has, and at most
    /// `readings` readings a frame.
    public init(
        channels: Int = Context.channelLimit, readings: Int = ReadingWindow.readingLimit
    ) {
        self.channels = min(max(channels, 1), Context.channelLimit)
        self.readings = min(max(readings, 1), ReadingWindow.readingLimit)
    }
}

/// What became of a frame.
public enum DecodeOutcome: Equatable, Sendable {
    /// Its readings are in the batch.
    case decoded(FrameHead)
    /// Decoded before; nothing changed.
    case duplicate
    /// Frames are missing before it, or its group is not the current one or of a lane that has
    /// none but key frames; nothing changed.
    case needsKey
}

/// Restores the readings of one stream's frames.
///
///     idle ──key frame──▶ in group ──chained frame──▶ in group
///       ▲                    │
///       └──malformed frame───┘      (what fails its check changes nothing)
public struct FrameDecoder: ~Copyable {
    /// What this decoder knows of the stream.
    public private(set) var context = Context()
    /// The group that chained frames continue; nil when only a key frame can be decoded.
    public private(set) var current: FrameHead?
    /// What this receiver takes.
    public var limits: DecoderLimits
    /// The channel table that this receiver has; id 0 for none.
    private var table: (id: UInt32, channels: Int) = (0, 0)
    private var coder = RangeDecoder()
    private var body = FrameBody()

    /// A decoder that has seen nothing.
    public init(limits: DecoderLimits = DecoderLimits()) { self.limits = limits }

    /// The receiver has the table with this id, which names `channels` channels: key frames that
    /// name it and have more are malformed. It takes the place of the one before; 0 is none.
    public mutating func setTable(id: UInt32, channels: Int) { table = (id, channels) }

    /// Decodes a frame into `batch`, which is empty unless the outcome is `decoded`.
    public mutating func decode(
        _ frame: Span<UInt8>, into batch: inout ReadingBatch
    ) throws(DecodeError) -> DecodeOutcome {
        batch.removeAll()
        guard frame.count <= DecoderLimits.frameBytes else {
            throw .limit(.frameBytes(frame.count), at: 0)
        }
        // Whoever looks at the first byte gives these to others, but damage is called damage.
        if ExtendedFrame.begins(frame) { throw try ExtendedFrame(frame).unsupported }
        let head = try FrameHead(frame)
        if let outcome = Self.misplaced(head, after: current) { return outcome }
        let link = head.isKey ? FrameLink.none : context.link
        let payload = head.byteCount..<frame.count
        let check = link.check(frame, head: 0..<(head.byteCount - 4), payload: payload)
        guard check == head.check else { throw .badCheck(at: head.byteCount - 4) }

        // From here on the context moves; if the frame turns out malformed it is worth nothing.
        let group = current
        current = nil
        try decodeBody(frame, head)
        if head.isKey {
            current = head
        } else {
            current = group
            current?.index = head.index
        }
        context.link = FrameLink(check: check, digest: body.digest())
        context.frames += 1
        context.readings += body.total
        batch.exchange(with: &body)
        return .decoded(head)
    }

    /// Forgets the current group.
    public mutating func reset() { current = nil }

    /// What to answer for a frame that is not the next one; nil for the next one.
    private static func misplaced(
        _ head: FrameHead, after current: FrameHead?
    ) -> DecodeOutcome? {
        guard let current else { return head.isKey ? nil : .needsKey }
        if let key = head.key {
            let isSame = head.group == current.group && key.stream.id == current.key?.stream.id
            return isSame ? .duplicate : nil
        }
        guard current.key?.stream.lane.chains == true else { return .needsKey }
        if head.group != current.group || head.index > current.index + 1 { return .needsKey }
        return head.index <= current.index ? .duplicate : nil
    }

    private mutating func decodeBody(
        _ frame: Span<UInt8>, _ head: FrameHead
    ) throws(DecodeError) {
        let payload = head.byteCount..<frame.count
        coder.start(frame, payload)
        if head.isKey { try beginGroup(head) }
        body.begin(channels: context.channelCount)
        let isWellFormed = context.codeLayout(&coder, &body, isKey: head.isKey)
        try checkFailure(head)
        guard isWellFormed else { throw .malformed(.noChannel, at: head.byteCount) }
        // A short payload cannot hold many readings; this bounds memory before it is taken.
        guard (body.total + 4095) / 4096 <= 8 * payload.count + 64, body.total <= limits.readings
        else {
            throw .limit(.readings(body.total), at: head.byteCount)
        }
        body.reserve(body.total, isEncoder: false)
        context.codeBody(&coder, &body, isAnnotated: head.isAnnotated)
        try checkFailure(head)
    }

    private mutating func beginGroup(_ head: FrameHead) throws(DecodeError) {
        context.shared.reset()
        let count = coder.codeUnsigned(0, &context.shared.sampleCount)
        try checkFailure(head)
        guard count >= 1, count <= UInt64(Context.channelLimit) else {
            throw .malformed(.channelCount, at: head.byteCount)
        }
        guard count <= UInt64(limits.channels) else {
            throw .limit(.channels(Int(count)), at: head.byteCount)
        }
        if let id = head.key?.stream.tableID, id != 0, id == table.id, count > table.channels {
            throw .malformed(.unnamedChannels, at: head.byteCount)
        }
        context.beginGroup(channels: Int(count))
    }

    private mutating func checkFailure(_ head: FrameHead) throws(DecodeError) {
        if let failure = coder.failure {
            throw .malformed(failure, at: head.byteCount + coder.position)
        }
    }
}
