// SPDX-License-Identifier: Apache-2.0

/// A group of a node, in the receiver's own count of nodes.
package struct NodeGroup: Hashable, Sendable {
    package var node: Int
    package var group: GroupIdentity

    /// `group` of `node`.
    package init(node: Int, group: GroupIdentity) {
        self.node = node
        self.group = group
    }
}

/// When to ask for what is missing, and when to say that it is missing.
///
///     missed ──at once, or within 1 s──▶ asked ──10 s, 20 s … 5 min──▶ asked again
///        └──5 s──▶ gap told (the asking goes on, a few hours long)
///     found, or gone: forgotten
///
/// Nodes take turns, and each one has its own bounds: one with very many holes, or one that makes
/// them up, delays no other.
package struct ResendPolicy: Sendable {
    /// The most groups that are asked for at a time. What is missed beyond is found by the next
    /// look for holes.
    package static let limit = 2048
    /// The most of one node.
    package static let nodeLimit = 64
    /// Of them, groups of streams of which nothing came: somebody only named them. The oldest
    /// gives way.
    package static let namedLimit = 4
    /// After so many questions a group is no longer asked for: some hours. The next look for
    /// holes begins anew.
    package static let triesLimit = 40
    /// The same for a group that was only named.
    package static let namedTriesLimit = 6
    /// Questions to one node at a time; then one a second, which is what it answers.
    package static let burst = 4

    /// What the caller must do.
    package enum Order: Equatable, Sendable {
        /// Ask for the whole group.
        case ask(NodeGroup)
        /// Say that the group is missing.
        case tellGap(NodeGroup)
    }

    private struct Want: Sendable {
        var group: NodeGroup
        /// When to ask next.
        var askAt: MonotonicInstant
        /// Between this question and the next.
        var patience: Duration
        /// When to tell; nil once told.
        var tellAt: MonotonicInstant?
        var tries = 0
        var isOnlyNamed: Bool

        var triesLimit: Int {
            isOnlyNamed ? ResendPolicy.namedTriesLimit : ResendPolicy.triesLimit
        }
    }

    private struct Node: Sendable {
        var wants: [Want] = []
        /// When its questions would have been due, had each one waited for a second.
        var paid = MonotonicInstant(nanoseconds: 0)
        /// When it may be asked.
        var askAt: MonotonicInstant {
            MonotonicInstant(
                nanoseconds: paid.nanoseconds - Int64(ResendPolicy.burst - 1) * 1_000_000_000)
        }
    }

    private static let firstPatience = Duration.seconds(10)
    private static let longestPatience = Duration.seconds(300)
    private static let grace = Duration.seconds(5)

    private var nodes: [Int: Node] = [:]
    /// Nodes of which something is wanted; the one that was asked last comes last.
    private var turns: [Int] = []
    package private(set) var count = 0
    /// Groups that were not asked for because too many were missing.
    package private(set) var refused = 0
    /// Questions that were given out.
    package private(set) var asked = 0
    /// Groups that were asked for in vain for too long.
    package private(set) var abandoned = 0

    /// Nothing is missing.
    package init() {}

    /// Something of `group` is missing; it is asked for after `delay`, unless that is already so.
    /// `isOnlyNamed`: nothing of its stream came.
    package mutating func miss(
        _ group: NodeGroup, at now: MonotonicInstant, delay: Duration = .zero,
        isOnlyNamed: Bool = false
    ) {
        var node = nodes[group.node] ?? Node()
        guard !node.wants.contains(where: { $0.group == group }) else { return }
        if isOnlyNamed {
            let named = node.wants.indices.filter { node.wants[$0].isOnlyNamed }
            if named.count >= Self.namedLimit, let oldest = named.first {
                node.wants.remove(at: oldest)
                count -= 1
                refused += 1
            }
        }
        guard node.wants.count < Self.nodeLimit, count < Self.limit else {
            refused += 1
            return
        }
        node.wants.append(
            Want(
                group: group, askAt: now + delay, patience: Self.firstPatience,
                tellAt: now + delay + Self.grace, isOnlyNamed: isOnlyNamed))
        count += 1
        if nodes[group.node] == nil { turns.append(group.node) }
        nodes[group.node] = node
    }

    /// Nothing of `group` is missing any more, or nothing more will come. Whether a gap was told.
    package mutating func settle(_ group: NodeGroup) -> Bool {
        guard let want = remove(group) else { return false }
        return want.tellAt == nil
    }

    /// The node has too much to do for `group` now: it gets twice the time.
    package mutating func busy(_ group: NodeGroup, at now: MonotonicInstant) {
        guard let i = nodes[group.node]?.wants.firstIndex(where: { $0.group == group }),
            var want = nodes[group.node]?.wants[i]
        else { return }
        want.patience = min(want.patience * 2, Self.longestPatience)
        want.askAt = max(want.askAt, now + want.patience)
        nodes[group.node]?.wants[i] = want
    }

    /// A link is there again: who was asked in vain is asked soon.
    package mutating func hurry(node: Int, at now: MonotonicInstant, delay: Duration) {
        for i in nodes[node]?.wants.indices ?? 0..<0 {
            guard var want = nodes[node]?.wants[i] else { continue }
            want.askAt = min(want.askAt, now + delay)
            want.patience = Self.firstPatience
            nodes[node]?.wants[i] = want
        }
    }

    /// What is due.
    package mutating func next(at now: MonotonicInstant) -> Order? {
        for (turn, number) in turns.enumerated() {
            guard var node = nodes[number] else { continue }
            if let order = Self.next(of: &node, at: now) {
                nodes[number] = node
                guard case .ask(let group) = order else { return order }
                asked += 1
                turns.append(turns.remove(at: turn))
                if let want = node.wants.first(where: { $0.group == group }),
                    want.tries >= want.triesLimit
                {
                    // This was the last time.
                    _ = remove(group)
                    abandoned += 1
                }
                return order
            }
        }
        return nil
    }

    private static func next(of node: inout Node, at now: MonotonicInstant) -> Order? {
        for i in node.wants.indices {
            if now >= node.wants[i].askAt, now >= node.askAt {
                // The same group at most once in ten seconds, and ever less often: its sender may
                // be away for days.
                node.wants[i].askAt = now + node.wants[i].patience
                node.wants[i].patience = min(node.wants[i].patience * 2, longestPatience)
                node.wants[i].tries += 1
                node.paid = max(node.paid, now) + .seconds(1)
                return .ask(node.wants[i].group)
            }
            if let tellAt = node.wants[i].tellAt, now >= tellAt {
                node.wants[i].tellAt = nil
                return .tellGap(node.wants[i].group)
            }
        }
        return nil
    }

    /// When something is due next.
    package var deadline: MonotonicInstant {
        var deadline = MonotonicInstant.distantFuture
        for node in nodes.values {
            for want in node.wants {
                deadline = min(
                    deadline, max(want.askAt, node.askAt), want.tellAt ?? .distantFuture)
            }
        }
        return deadline
    }

    private mutating func remove(_ group: NodeGroup) -> Want? {
        guard var node = nodes[group.node],
            let place = node.wants.firstIndex(where: { $0.group == group })
        else { return nil }
        let want = node.wants.remove(at: place)
        count -= 1
        if node.wants.isEmpty {
            // Its pace goes with it: who has one hole after the other is asked at once.
            nodes[group.node] = nil
            turns.removeAll { $0 == group.node }
        } else {
            nodes[group.node] = node
        }
        return want
    }
}
