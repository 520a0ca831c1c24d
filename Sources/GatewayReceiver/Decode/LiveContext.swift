// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// The decoder of one group, at its last accepted frame. A class, as lists hold it and it must not
/// be copied.
final class LiveContext {
    /// What a context takes before it knows a channel, and for each channel: measured.
    static let baseBytes = 24 << 10
    static let channelBytes = 5 << 10

    var decoder = FrameDecoder()
    var group: NodeGroup
    /// The frame that comes next; 0 before the key frame.
    var next: UInt32 = 0
    /// The most channels that it had: it keeps their memory.
    fileprivate(set) var channels = 0
    /// When it was used last, in the pool's count.
    fileprivate var turn: UInt64 = 0

    init(_ group: NodeGroup) { self.group = group }

    /// Whether `frame` has the check that a frame at this point of the group must have.
    func isNext(_ head: FrameHead, _ frame: [UInt8]) -> Bool {
        decoder.expectedCheck(of: head, in: frame.span) == head.check
    }

    /// What a key frame says of the whole group.
    var stream: StreamHead? { decoder.current?.key?.stream }

    /// What it takes, about.
    fileprivate var byteCount: Int { Self.baseBytes + channels * Self.channelBytes }
}

/// The contexts of the groups that were touched last; others are built again from the journal.
final class ContextPool {
    /// Contexts without a group that are kept for the next one.
    private static let spareLimit = 8

    private let byteLimit: Int
    private let countLimit: Int
    private var contexts: [NodeGroup: LiveContext] = [:]
    private var spare: [LiveContext] = []
    private var turn: UInt64 = 0
    /// What the contexts take, about.
    private(set) var byteCount = 0
    /// Contexts that were dropped to make room.
    private(set) var dropped = 0

    /// Room for contexts of `byteLimit` bytes in all, and for `countLimit` of them.
    init(byteLimit: Int, countLimit: Int = .max) {
        self.byteLimit = byteLimit
        self.countLimit = max(countLimit, 1)
    }

    var count: Int { contexts.count }

    /// The context of `group`, if it lives.
    func find(_ group: NodeGroup) -> LiveContext? {
        guard let context = contexts[group] else { return nil }
        touch(context)
        return context
    }

    /// A context without a past; those that were not used for long give their memory.
    func make(_ group: NodeGroup) -> LiveContext {
        remove(group)
        let context = spare.popLast() ?? LiveContext(group)
        context.decoder.reset()
        context.decoder.limits = DecoderLimits(readings: ReceiverPipeline.readingLimit)
        context.group = group
        context.next = 0
        touch(context)
        contexts[group] = context
        byteCount += context.byteCount
        if contexts.count > countLimit { drop(1, sparing: context) }
        return context
    }

    /// The context took a frame: it may have grown.
    func charge(_ context: LiveContext) {
        let channels = context.decoder.context.channelCount
        guard channels > context.channels, contexts[context.group] === context else { return }
        byteCount -= context.byteCount
        context.channels = channels
        byteCount += context.byteCount
        // An eighth at a time, as looking for the oldest takes a step for each.
        if byteCount > byteLimit { drop(contexts.count / 8 + 1, sparing: context) }
    }

    /// The group needs no context any more.
    func remove(_ group: NodeGroup) {
        guard let context = contexts.removeValue(forKey: group) else { return }
        byteCount -= context.byteCount
        if spare.count < Self.spareLimit { spare.append(context) }
    }

    func removeAll() {
        contexts = [:]
        spare = []
        byteCount = 0
    }

    private func touch(_ context: LiveContext) {
        turn += 1
        context.turn = turn
    }

    private func drop(_ count: Int, sparing kept: LiveContext) {
        let oldest = contexts.values.filter { $0 !== kept }.sorted { $0.turn < $1.turn }
        for context in oldest.prefix(count) {
            contexts[context.group] = nil
            byteCount -= context.byteCount
            dropped += 1
        }
        spare = []
    }
}
