// SPDX-License-Identifier: Apache-2.0

package import AlecCodec

/// What of one lane of one stream has come: enough to tell a repeat, a hole and a short tail.
///
/// A group is *open* while frames of it may follow, *settled* when all of it came, and *lost* when
/// its sender has it no more. A lost group that comes all the same is taken.
package struct DuplicateMemory: Equatable, Sendable {
    /// The most groups that are open at a time; above, the lowest one is settled as it is.
    package static let openLimit = 256
    /// A predecessor further away than this is not believed: it would hide the numbers between.
    package static let distanceLimit: UInt32 = 1 << 20

    /// A group of which more may come.
    package struct OpenGroup: Equatable, Sendable {
        package var group: UInt32
        /// The index of the next frame.
        package var next: UInt32
        /// The index of its last frame, once its successor has told it.
        package var last: UInt32?
        /// A frame that surely exists, as the sender's `heads` told.
        package var known: UInt32 = 0
        /// The lowest number that is settled with it: those between it and its predecessor belong
        /// to other lanes.
        package var reach: UInt32

        /// `group`, of which the frames below `next` came.
        package init(
            group: UInt32, next: UInt32, last: UInt32? = nil, known: UInt32 = 0, reach: UInt32
        ) {
            self.group = group
            self.next = next
            self.last = last
            self.known = known
            self.reach = reach
        }

        /// Whether frames of it are known to be missing.
        package var hasHole: Bool { next <= max(known, last ?? 0) }
    }

    /// What is known of a group before it comes.
    package struct Awaited: Equatable, Sendable {
        package var group: UInt32
        package var last: UInt32

        /// `group` ends with frame `last`.
        package init(group: UInt32, last: UInt32) {
            self.group = group
            self.last = last
        }
    }

    /// Where a frame stands.
    package enum Standing: Equatable, Sendable {
        /// The key frame of a group that has not come.
        case first
        /// The next frame of an open group.
        case next
        /// Came before.
        case duplicate
        /// Frames from `next` on are missing before it.
        case ahead(next: UInt32)
        /// A chained frame of a group whose key frame has not come.
        case unknown
    }

    /// Groups of which everything came.
    package private(set) var settled: GroupRanges
    /// Groups that their sender has no more.
    package private(set) var lost: GroupRanges
    /// Rising.
    package private(set) var open: [OpenGroup]
    /// The lowest group that came; nobody misses what is below.
    package private(set) var origin: UInt32?
    /// Groups that have not come, and the index of their last frame as a successor told it.
    package private(set) var awaited: [Awaited]
    /// Groups that were settled early because too many were open.
    package private(set) var closedEarly = 0

    /// A lane of which nothing came, or what was written down of one.
    package init(
        settled: GroupRanges = GroupRanges(), lost: GroupRanges = GroupRanges(),
        open: [OpenGroup] = [], awaited: [Awaited] = [], origin: UInt32? = nil
    ) {
        self.settled = settled
        self.lost = lost
        self.open = open
        self.awaited = awaited
        self.origin = origin
    }

    /// Where frame `index` of `group` stands.
    package func standing(_ group: UInt32, _ index: UInt32) -> Standing {
        if let place = place(of: group) {
            let next = open[place].next
            if index < next { return .duplicate }
            return index == next ? .next : .ahead(next: next)
        }
        if settled.contains(group) { return .duplicate }
        return index == 0 ? .first : .unknown
    }

    /// The key frame of `group` came. The group before it, if it is known to be incomplete.
    package mutating func begin(_ group: UInt32, after predecessor: Predecessor?) -> UInt32? {
        let previous = predecessor.flatMap { $0.distance <= Self.distanceLimit ? $0 : nil }
            .flatMap { group >= $0.distance ? group - $0.distance : nil }
        let isOld = origin.map { group < $0 } ?? true
        lost.remove(group)
        insert(
            OpenGroup(
                group: group, next: 1, last: takeAwaited(group),
                reach: previous.map { $0 + 1 } ?? group))
        if isOld { origin = group }
        if let place = place(of: group) { settleIfComplete(at: place) }
        guard let previous, let predecessor else { return nil }
        if let place = place(of: previous) {
            open[place].last = predecessor.lastIndex
            settleIfComplete(at: place)
            return isMissing(previous) ? previous : nil
        }
        guard !settled.contains(previous) else { return nil }
        expect(previous, last: predecessor.lastIndex)
        // What came before the first group that was seen is not missing but history.
        return isOld ? nil : previous
    }

    /// The next frame of `group` came. Whether that completes it.
    package mutating func advance(_ group: UInt32) -> Bool {
        guard let place = place(of: group) else { return false }
        open[place].next += 1
        return settleIfComplete(at: place)
    }

    /// The sender says that frame `index` of `group` exists. Whether something is missing.
    package mutating func learn(_ group: UInt32, _ index: UInt32) -> Bool {
        if let place = place(of: group) {
            open[place].known = max(open[place].known, index)
            return open[place].hasHole
        }
        return !settled.contains(group)
    }

    /// Nothing more of `group` is of use, or nothing more will come.
    package mutating func settle(_ group: UInt32) {
        _ = takeAwaited(group)
        if let place = place(of: group) {
            settled.insert(open[place].reach...group)
            open.remove(at: place)
        } else {
            settled.insert(group...group)
        }
        lost.remove(group)
    }

    /// The sender has `group` no more.
    package mutating func giveUp(_ group: UInt32) {
        if !settled.contains(group) { lost.insert(group...group) }
    }

    /// The groups that are known to be missing, wholly or in part, and are not lost.
    package var holes: [UInt32] {
        var holes = open.filter { $0.hasHole && !lost.contains($0.group) }.map(\.group)
        let lows = settled.ranges.map(\.lowerBound) + open.map(\.reach)
        for low in lows where low > 0 && low > (origin ?? 0) {
            let previous = low - 1
            let isHere = settled.contains(previous) || place(of: previous) != nil
            if !isHere, !lost.contains(previous), !holes.contains(previous) {
                holes.append(previous)
            }
        }
        return holes.sorted()
    }

    /// Whether `group` still wants frames.
    package func isOpen(_ group: UInt32) -> Bool { place(of: group) != nil }

    /// The next index of `group`; nil when it is not open.
    package func next(of group: UInt32) -> UInt32? { place(of: group).map { open[$0].next } }

    private func isMissing(_ group: UInt32) -> Bool {
        place(of: group).map { open[$0].hasHole } ?? false
    }

    @discardableResult
    private mutating func settleIfComplete(at place: Int) -> Bool {
        guard let last = open[place].last, open[place].next > last else { return false }
        settle(open[place].group)
        return true
    }

    /// Keeps in mind how long a group is that has not come; without that its tail would be missed
    /// by nobody.
    private mutating func expect(_ group: UInt32, last: UInt32) {
        guard !awaited.contains(where: { $0.group == group }) else { return }
        if awaited.count == Self.openLimit { awaited.removeFirst() }
        awaited.append(Awaited(group: group, last: last))
    }

    private mutating func takeAwaited(_ group: UInt32) -> UInt32? {
        guard let place = awaited.firstIndex(where: { $0.group == group }) else { return nil }
        return awaited.remove(at: place).last
    }

    private mutating func insert(_ group: OpenGroup) {
        let place = open.firstIndex { $0.group > group.group } ?? open.count
        open.insert(group, at: place)
        guard open.count > Self.openLimit, let lowest = open.first else { return }
        closedEarly += 1
        settle(lowest.group)
    }

    /// Linear, but the groups in question are the newest.
    private func place(of group: UInt32) -> Int? {
        open.lastIndex { $0.group == group }
    }
}
