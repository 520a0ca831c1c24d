// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
package import GatewayCore

extension Spool where Storage: ~Copyable {
    /// What left the spool without an acknowledgement since this was last asked.
    package mutating func takeLost() -> LostReadings {
        defer { lost = LostReadings() }
        return lost
    }

    /// What was lost and is to be told, oldest first. It stays until `forgetLosses(_:)`, also over
    /// a restart.
    package var losses: [Loss] { ledger.losses }

    /// The first `count` of `losses` were told.
    package mutating func forgetLosses(_ count: Int) throws(SpoolError) {
        guard count > 0 else { return }
        let before = ledger
        ledger.remove(first: count)
        do throws(SpoolError) {
            try writeLedger()
        } catch {
            ledger = before
            throw error
        }
    }

    /// Gives `group` up for `reason`; how many readings that were. 0 if it is not pending.
    ///
    /// After an error it is pending as before.
    package mutating func lose(
        _ group: GroupIdentity, _ reason: LossReason
    ) throws(SpoolError) -> Int {
        let parts = try locate(group)
        let waiting = parts.filter { part in
            position(of: part.number).map { !segments[$0].isAcknowledged(part.ordinal) } ?? false
        }
        guard let first = waiting.first, let segment = position(of: first.number) else { return 0 }
        var sum = PendingAmount()
        for part in waiting { sum += part.group.amount }
        var header = RecordHeader(kind: .loss, frame: FrameIdentity(group: group, index: 0))
        header.readings = UInt32(clamping: sum.readings)
        for i in header.priorities.indices {
            header.priorities[i] = UInt32(clamping: sum.priorities[i])
        }
        header.firstTime = sum.firstTime
        header.lastTime = sum.lastTime
        // Its first record may be damaged since; then nobody knows the node any more.
        let index = try index(at: segment)
        if let entry = index.firstEntry(at: first.group.first),
            let head = try? recordHeader(entry, at: Place.make(first.number, first.group.first))
        {
            header.prefix = head.header.prefix
        }
        openGroups.close(group)
        makeRoom(for: 1)
        let place = try write(header, [reason.rawValue].span, isKey: false)
        noteLoss(Loss(header, reason), at: place)
        _ = retire(waiting, of: parts)
        lost.add(sum.readings, lane: group.lane, reason)
        return sum.readings
    }

    private mutating func noteLoss(_ loss: Loss, at place: UInt64) {
        ledger.add(loss)
        if let position = position(of: Place.segment(of: place)) {
            segments[position].noteLedger()
        }
    }

    /// Writes down all of the ledger, which replaces what was written of it before.
    mutating func writeLedger() throws(SpoolError) {
        let header = RecordHeader(
            kind: .ledger,
            frame: FrameIdentity(
                group: GroupIdentity(stream: StreamID(random: 0), lane: .data, group: 0), index: 0))
        let body = ledger.bytes
        makeRoom(for: body.count)
        let place = try write(header, body.span, isKey: false)
        ledgerPlace = place
    }

    /// Tells the time of day, for segments that begin.
    package mutating func noteTime(_ now: Int64) {
        wallSeconds = UInt32(clamping: now / Self.second)
    }

    private static var second: Int64 { 1_000_000_000 }
    /// A segment that is older is ended, so that the age of what is in it is known well enough.
    private static var segmentSpan: UInt32 { 3600 }

    /// Gives up what waited longer than its priority may at `now`, at most so many groups at once.
    ///
    /// A group waits since its last reading or since it was stored, whichever was later: readings
    /// of last year may come today. That it was stored before the next segment began is all that
    /// is known.
    package mutating func expire(
        at now: Int64, atMost limit: Int = 64
    ) throws(SpoolError) -> Int {
        noteTime(now)
        if let current, !openGroups.isAny(in: current), let last = segments.last, last.began > 0,
            wallSeconds > last.began, wallSeconds - last.began >= Self.segmentSpan
        {
            seal()
        }
        var expired = 0
        for urgency in 0..<5 {
            guard let span = settings.timeToLive[urgency] else { continue }
            let (end, isOver) = now.subtractingReportingOverflow(span)
            if isOver { continue }
            for number in segments.map(\.number) {
                guard expired < limit else { return expired }
                guard let position = position(of: number),
                    segments[position].waiting[urgency] > 0,
                    segments[position].earliestEnd[urgency] < end, isStored(position, before: end)
                else { continue }
                expired += try expire(in: position, urgency, before: end, atMost: limit - expired)
            }
        }
        return expired
    }

    private func isStored(_ position: Int, before end: Int64) -> Bool {
        if segments[position].began == 0 { return true }
        guard position + 1 < segments.count else { return segments[position].number != current }
        return Int64(segments[position + 1].began) * Self.second < end
    }

    private mutating func expire(
        in position: Int, _ urgency: Int, before end: Int64, atMost limit: Int
    ) throws(SpoolError) -> Int {
        let number = segments[position].number
        let (groups, rest) = try waitingGroups(in: position, urgency)
            .reduce(into: ([GroupIdentity](), Int64.max)) { result, group in
                if group.amount.lastTime < end, isClosed(group.identity), result.0.count < limit {
                    result.0.append(group.identity)
                } else {
                    result.1 = min(result.1, group.amount.lastTime)
                }
            }
        var expired = 0
        for group in groups where try lose(group, .expired) > 0 { expired += 1 }
        if let again = self.position(of: number) {
            segments[again].earliestEnd[urgency] = rest
        }
        return expired
    }

    /// Groups of `urgency` in a segment that are not acknowledged.
    mutating func waitingGroups(
        in position: Int, _ urgency: Int
    ) throws(SpoolError) -> [SegmentIndex.Group] {
        let index = try index(at: position)
        let summary = segments[position]
        return index.groups.indices.filter {
            !summary.isAcknowledged($0) && index.groups[$0].amount.urgency == urgency
        }.map { index.groups[$0] }
    }

    /// Gives up every pending group that `isWanted` says so of, for an operator.
    package mutating func remove(
        where isWanted: (PendingGroup) -> Bool
    ) throws(SpoolError) -> (groups: Int, readings: Int) {
        var removed = (groups: 0, readings: 0)
        for number in segments.map(\.number) {
            guard let position = position(of: number), segments[position].pendingGroups > 0 else {
                continue
            }
            for urgency in 0..<5 {
                guard let position = self.position(of: number) else { continue }
                for group in try waitingGroups(in: position, urgency) {
                    let readings = group.amount.readings
                    guard isWanted(PendingGroup(group)) else { continue }
                    _ = try lose(group.identity, .operatorRemoved)
                    removed.groups += 1
                    removed.readings += readings
                }
            }
        }
        return removed
    }
}

/// A group that waits, as whoever chooses among them sees it.
package struct PendingGroup: Sendable {
    /// Which it is.
    package var identity: GroupIdentity
    /// The most urgent priority of its readings, 1 to 5.
    package var priority: Int
    /// Its readings.
    package var readings: Int
    /// The latest time of them, in nanoseconds since 1970.
    package var lastTime: Int64

    init(_ group: SegmentIndex.Group) {
        identity = group.identity
        priority = group.amount.urgency + 1
        readings = group.amount.readings
        lastTime = group.amount.lastTime
    }
}
