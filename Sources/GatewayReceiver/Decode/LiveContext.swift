// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// The decoder of one group, at its last accepted frame. A class, as lists hold it and it must not
/// be copied.
final class LiveContext {
    var decoder = FrameDecoder()
    var group: NodeGroup
    /// The frame that comes next; 0 before the key frame.
    var next: UInt32 = 0

    init(_ group: NodeGroup) { self.group = group }

    /// Whether `frame` has the check that a frame at this point of the group must have.
    func isNext(_ head: FrameHead, _ frame: [UInt8]) -> Bool {
        decoder.expectedCheck(of: head, in: frame.span) == head.check
    }

    /// What a key frame says of the whole group.
    var stream: StreamHead? { decoder.current?.key?.stream }
}

/// The contexts of the groups that were touched last; others are built again from the journal.
struct ContextPool {
    private let limit: Int
    /// The one that was used last comes last.
    private var contexts: [LiveContext] = []
    /// Contexts that were dropped to make room.
    private(set) var dropped = 0

    init(limit: Int) { self.limit = max(limit, 1) }

    /// The context of `group`, if it lives.
    mutating func find(_ group: NodeGroup) -> LiveContext? {
        guard let place = contexts.lastIndex(where: { $0.group == group }) else { return nil }
        if place < contexts.count - 1 { contexts.append(contexts.remove(at: place)) }
        return contexts[contexts.count - 1]
    }

    /// A context without a past; the oldest one gives its memory.
    mutating func make(_ group: NodeGroup) -> LiveContext {
        remove(group)
        var context = LiveContext(group)
        if contexts.count >= limit {
            dropped += 1
            context = contexts.removeFirst()
            context.decoder.reset()
            context.decoder.limits = DecoderLimits()
            context.group = group
            context.next = 0
        }
        contexts.append(context)
        return context
    }

    /// The group needs no context any more.
    mutating func remove(_ group: NodeGroup) { contexts.removeAll { $0.group == group } }
}
