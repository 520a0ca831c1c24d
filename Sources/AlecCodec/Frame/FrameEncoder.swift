// SPDX-License-Identifier: Apache-2.0

/// Why a window was not encoded. The window is left as it was.
public enum EncodeError: Error, Equatable, Sendable {
    case emptyWindow
    /// A reading of a sensor that the stream's channels do not include.
    case unknownSensor(Int)
    /// More samples of one sensor than a frame can count.
    case tooManySamples(sensor: Int)
    /// A chained frame was asked for where none can be: no group is open, it is full, the
    /// channels changed, or the lane has none but key frames.
    case needsKey
    /// A group's number has to be above that of the last one, which is this. Behind 2^32 - 1 none
    /// is left: only a new stream goes on.
    case groupNotRising(after: UInt32)
    /// The frame came out larger than a frame may be; the next one has to be a key frame.
    case frameTooLarge(Int)
}

/// Whether a frame begins a group or continues one.
public enum FrameRole: Equatable, Sendable {
    /// Begins a group with this number; numbers rise within a stream's life.
    case key(group: UInt32)
    /// Continues the open group; in the data lane only.
    case chained
}

/// Makes the frames of one lane of one stream.
public struct FrameEncoder: ~Copyable {
    /// What a decoder of the stream knows after the last frame.
    public private(set) var context = Context()
    /// What key frames say of the stream.
    public private(set) var stream: StreamHead
    /// Channels of the next group.
    public private(set) var channels: Int
    /// The most bytes of a frame, for a link that takes less than the format allows.
    public var frameLimit = DecoderLimits.frameBytes
    /// The open group and the index of its last frame.
    private var current: (group: UInt32, index: UInt32)?
    private var lastGroup: (group: UInt32, index: UInt32)?
    var body = FrameBody()
    private var coder = RangeEncoder()
    var past: [ChannelPast] = []
    var search = ParameterSearch()
    /// By channel, up to the last one that may lose precision.
    private var quantisers: [Quantiser] = []

    /// An encoder for `channels` channels, 1 to 4096.
    public init(stream: StreamHead, channels: Int) {
        precondition(
            channels >= 1 && channels <= Context.channelLimit, "a stream has 1 to 4096 channels")
        self.stream = stream
        self.channels = channels
        while past.count < channels { past.append(ChannelPast()) }
    }

    /// Whether the next frame may be chained.
    public var canChain: Bool {
        guard let current, stream.lane.chains else { return false }
        return current.index + 1 < FrameHead.groupLimit
    }

    /// The channel table changed: the open group ends and later ones have `channels` channels.
    /// Channels keep their index, so there are never fewer.
    public mutating func setTable(id: UInt32, channels count: Int) {
        precondition(
            count >= channels && count <= Context.channelLimit, "channels are only ever added")
        stream.tableID = id
        channels = count
        current = nil
        while past.count < count { past.append(ChannelPast()) }
    }

    /// From the next frame on the values of `sensor` may change by less than `maximumError`, which
    /// saves bytes; 0, as at first, keeps every bit.
    public mutating func setMaximumError(of sensor: Int, to maximumError: Double) {
        precondition(
            sensor >= 0 && sensor < Context.channelLimit, "a sensor has an index of 0 to 4095")
        while quantisers.count <= sensor { quantisers.append(Quantiser(maximumError: 0)) }
        quantisers[sensor] = Quantiser(maximumError: maximumError)
    }

    /// Encodes the readings of `window` and appends the frame to `frame`; then the window is
    /// empty.
    public mutating func encode(
        _ window: inout ReadingWindow, as role: FrameRole, into frame: inout [UInt8]
    ) throws(EncodeError) -> FrameSummary {
        try check(role)
        let isKey = role != .chained
        body.begin(channels: channels)
        try body.arrange(window)
        body.quantise(quantisers)
        let head = nextHead(role)
        prepare(isKey: isKey)
        coder.restart()
        if isKey {
            context.shared.reset()
            _ = coder.codeUnsigned(UInt64(channels), &context.shared.sampleCount)
            context.beginGroup(channels: channels)
        }
        _ = context.codeLayout(&coder, &body, isKey: isKey)
        context.codeBody(&coder, &body, isAnnotated: head.isAnnotated)
        coder.finish()
        let summary = try finish(head, into: &frame)
        window.removeAll()
        for c in 0..<channels where body.slots[c].isPresent {
            past[c].remember(body, body.slots[c])
        }
        return summary
    }

    private func check(_ role: FrameRole) throws(EncodeError) {
        switch role {
        case .key(let group):
            if let last = lastGroup?.group, group <= last { throw .groupNotRising(after: last) }
        case .chained:
            if !canChain { throw .needsKey }
        }
    }

    private func nextHead(_ role: FrameRole) -> FrameHead {
        switch role {
        case .key(let group):
            let predecessor = lastGroup.map {
                Predecessor(distance: group - $0.group, lastIndex: $0.index)
            }
            return FrameHead(
                group: group, index: 0, key: KeyHead(stream: stream, predecessor: predecessor),
                isAnnotated: !body.annotations.isEmpty)
        case .chained:
            return FrameHead(
                group: current?.group ?? 0, index: (current?.index ?? 0) + 1, key: nil,
                isAnnotated: !body.annotations.isEmpty)
        }
    }

    /// Puts head, check and payload together and moves the link on.
    private mutating func finish(
        _ head: FrameHead, into frame: inout [UInt8]
    ) throws(EncodeError) -> FrameSummary {
        let start = frame.count
        head.append(to: &frame)
        let checkAt = frame.count
        frame.append(contentsOf: repeatElement(0, count: 4))
        frame.append(contentsOf: coder.bytes)
        let size = frame.count - start
        current = nil
        guard size <= min(frameLimit, DecoderLimits.frameBytes) else {
            frame.removeLast(size)
            throw .frameTooLarge(size)
        }
        let check = context.link.check(
            frame.span, head: start..<checkAt, payload: (checkAt + 4)..<frame.count)
        for i in 0..<4 { frame[checkAt + i] = UInt8(truncatingIfNeeded: check >> UInt32(8 * i)) }
        context.link = FrameLink(check: check, digest: body.digest())
        context.frames += 1
        context.readings += body.total
        current = (head.group, head.index)
        lastGroup = current
        let times = body.timeRange
        return FrameSummary(
            group: head.group, index: head.index, readings: body.total,
            headBytes: checkAt + 4 - start, payloadBytes: coder.count, firstTime: times.first,
            lastTime: times.last, priorities: body.priorities(base: stream.basePriority))
    }
}
