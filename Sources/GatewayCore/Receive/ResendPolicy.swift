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
///        └──5 s──▶ gap told (the asking goes on)
///     found, or gone: forgotten
package struct ResendPolicy: Sendable {
    /// The most groups that are asked for at a time. What is missed beyond is found by the next
    /// look for holes.
    package static let limit = 512

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
    }

    private static let firstPatience = Duration.seconds(10)
    private static let longestPatience = Duration.seconds(300)
    private static let grace = Duration.seconds(5)

    private var wants: [Want] = []
    /// Groups that were not asked for because too many were missing.
    package private(set) var refused = 0
    /// Questions that were given out.
    package private(set) var asked = 0

    /// Nothing is missing.
    package init() {}

    package var count: Int { wants.count }

    /// Something of `group` is missing; it is asked for after `delay`, unless that is already so.
    package mutating func miss(
        _ group: NodeGroup, at now: MonotonicInstant, delay: Duration = .zero
    ) {
        guard !wants.contains(where: { $0.group == group }) else { return }
        guard wants.count < Self.limit else {
            refused += 1
            return
        }
        wants.append(
            Want(
                group: group, askAt: now + delay, patience: Self.firstPatience,
                tellAt: now + delay + Self.grace))
    }

    /// Nothing of `group` is missing any more, or nothing more will come. Whether a gap was told.
    package mutating func settle(_ group: NodeGroup) -> Bool {
        guard let place = wants.firstIndex(where: { $0.group == group }) else { return false }
        return wants.remove(at: place).tellAt == nil
    }

    /// A link is there again: who was asked in vain is asked soon.
    package mutating func hurry(node: Int, at now: MonotonicInstant, delay: Duration) {
        for i in wants.indices where wants[i].group.node == node {
            wants[i].patience = Self.firstPatience
            wants[i].askAt = min(wants[i].askAt, now + delay)
        }
    }

    /// What is due.
    package mutating func next(at now: MonotonicInstant) -> Order? {
        for i in wants.indices {
            if now >= wants[i].askAt {
                // The same group at most once in ten seconds, and ever less often: its sender may
                // be away for days.
                wants[i].askAt = now + wants[i].patience
                wants[i].patience = min(wants[i].patience * 2, Self.longestPatience)
                asked += 1
                return .ask(wants[i].group)
            }
            if let tellAt = wants[i].tellAt, now >= tellAt {
                wants[i].tellAt = nil
                return .tellGap(wants[i].group)
            }
        }
        return nil
    }

    /// When something is due next.
    package var deadline: MonotonicInstant {
        wants.reduce(.distantFuture) { min($0, $1.askAt, $1.tellAt ?? .distantFuture) }
    }
}
