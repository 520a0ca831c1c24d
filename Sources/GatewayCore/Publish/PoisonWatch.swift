// SPDX-License-Identifier: Apache-2.0

/// Finds the groups that a broker will never take, so that they do not stand in the way for ever.
///
/// Only a refusal that is meant for good counts, and only while the link is healthy: the broker has
/// taken something else since the refusal before. A broker that refuses all refuses no group.
package struct PoisonWatch: Sendable {
    /// Groups that were refused and are watched at a time.
    package static let groupLimit = 64

    /// What is to become of a group that was refused.
    package enum Order: Equatable, Sendable {
        /// It waits and is tried again.
        case retry
        /// It goes to the quarantine, with the reason of the latest refusal.
        case quarantine(reason: UInt8, refusals: Int)
    }

    private struct Entry: Sendable {
        var group: GroupIdentity
        var refusals = 0
        /// What the broker had taken at the refusal that counted last.
        var acceptedBefore: UInt64
    }

    /// So many refusals that count.
    package let limit: Int
    /// Groups that were given up.
    package private(set) var quarantined: UInt64 = 0
    /// Groups that were forgotten for want of room: they begin again at the next refusal.
    package private(set) var forgotten: UInt64 = 0
    private var acceptedCount: UInt64 = 0
    private var entries: [Entry] = []

    /// Gives a group up after `limit` refusals.
    package init(limit: Int = 5) {
        precondition(limit > 0, "every group would be given up")
        self.limit = limit
    }

    /// Groups that are watched.
    package var watched: Int { entries.count }

    /// The broker took a frame, of whatever group. One in front of the refused one is taken each
    /// time its group is tried, which proves that the link is healthy as well as any other.
    package mutating func accepted() { acceptedCount += 1 }

    /// All of the group is done, or it is gone.
    package mutating func settled(_ group: GroupIdentity) {
        entries.removeAll { $0.group == group }
    }

    /// The broker refused a frame of `group`. What is no verdict on the message itself (an access
    /// list, a quota, a size) never leads to the quarantine.
    package mutating func refused(
        _ group: GroupIdentity, reason: UInt8, isLinkHealthy: Bool
    ) -> Order {
        guard isLinkHealthy, FailureCause.publish(reason: reason).verdict?.kind == .quarantine
        else { return .retry }
        let i = entries.firstIndex { $0.group == group } ?? add(group)
        // The first counts by itself; each further one if the broker took something in between.
        if entries[i].refusals == 0 || acceptedCount > entries[i].acceptedBefore {
            entries[i].refusals += 1
            entries[i].acceptedBefore = acceptedCount
        }
        guard entries[i].refusals >= limit else { return .retry }
        let refusals = entries.remove(at: i).refusals
        quarantined += 1
        return .quarantine(reason: reason, refusals: refusals)
    }

    private mutating func add(_ group: GroupIdentity) -> Int {
        if entries.count >= Self.groupLimit {
            forgotten += 1
            entries.removeFirst()
        }
        entries.append(Entry(group: group, acceptedBefore: acceptedCount))
        return entries.count - 1
    }
}
