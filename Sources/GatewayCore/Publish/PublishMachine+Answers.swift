// SPDX-License-Identifier: Apache-2.0

extension PublishMachine {
    /// PUBACK of the publication. False if it is none of the frames under way: something else, or
    /// a frame of a connection that is over.
    ///
    /// From 0x80 on the broker does not have it. 0x10 says that it has it and nobody subscribes:
    /// the group is done as with any other acknowledgement, and stays in the history for those who
    /// come later.
    package mutating func answered(
        _ publication: Int32, reason: UInt8, at now: MonotonicInstant
    ) -> Bool {
        guard let i = flights.firstIndex(where: { $0.publication == publication }) else {
            return false
        }
        let flight = flights.remove(at: i)
        if reason < 0x80 {
            counters.accepted += 1
            isUnheard = reason == 0x10
            if isUnheard { counters.unheard += 1 }
            breaker.report(flight.permit, .succeeded, at: now)
        } else {
            counters.refused += 1
            breaker.report(flight.permit, .failed, at: now)
        }
        switch flight.item.content {
        case .table(let id):
            if reason < 0x80 { tables.accepted(id) } else { tables.refused(id, at: now) }
        case .frame(let frame): answered(frame, flight.track, isAccepted: reason < 0x80, at: now)
        }
        return true
    }

    /// The frame or table of the last order is larger than the broker takes, so it was not sent.
    /// It waits as if the broker had refused it, which says nothing about others.
    package mutating func doesNotFit(at now: MonotonicInstant) {
        guard let last = flights.popLast(), last.publication == nil else {
            preconditionFailure("no frame was ordered to be published")
        }
        counters.refused += 1
        breaker.withdraw(last.permit)
        switch last.item.content {
        case .table(let id): tables.refused(id, at: now)
        case .frame(let frame): answered(frame, last.track, isAccepted: false, at: now)
        }
    }

    private mutating func answered(
        _ frame: FrameIdentity, _ track: Track, isAccepted: Bool, at now: MonotonicInstant
    ) {
        if isAccepted { heads.confirmed(frame, at: now) }
        guard let i = index(of: frame.group) else { return }
        if track.isPending { groups[i].flights -= 1 }
        if isAccepted {
            groups[i].confirm(frame.index)
        } else if track.isPending {
            groups[i].hold(at: now)
        }
    }

    /// A receiver has groups in its journal.
    package mutating func received(
        _ message: AcknowledgementMessage, at now: MonotonicInstant
    ) {
        guard policy.waitsForReceivers else { return }
        var receiver = 0
        if !policy.requiredReceivers.isEmpty {
            guard let i = policy.requiredReceivers.firstIndex(of: message.receiver) else {
                counters.foreignReceivers += 1
                return
            }
            receiver = i
        }
        receiverHeardAt = now
        for entry in message.entries {
            guard let i = index(of: entry.group) else { continue }
            let below = entry.upTo == .max ? entry.upTo : entry.upTo + 1
            if groups[i].noteReceived(below: below, by: receiver) {
                groups[i].remindAt = now + GroupProgress.shortestReminder
            }
        }
        // It is there again: what it still misses need not wait for minutes.
        for i in groups.indices where groups[i].remindDelay > GroupProgress.shortestReminder {
            groups[i].remindDelay = GroupProgress.shortestReminder
            groups[i].remindAt = min(groups[i].remindAt, now + GroupProgress.shortestReminder)
        }
    }

    /// A message on `cmd/<verb>`.
    package mutating func command(
        verb: String, _ payload: Span<UInt8>, at now: MonotonicInstant
    ) {
        if desk.take(verb: verb, payload, newestTable: newestTable, at: now) {
            counters.commands += 1
        } else {
            counters.refusedCommands += 1
        }
    }

    /// The spool has noted that the group of the last order is done.
    package mutating func acknowledged(_ group: GroupIdentity) {
        guard let i = index(of: group) else { return }
        groups.remove(at: i)
        counters.groups += 1
    }

    /// The spool could not note it; it is asked again in a while.
    package mutating func notAcknowledged(_ group: GroupIdentity, at now: MonotonicInstant) {
        guard let i = index(of: group) else { return }
        groups[i].settleAt = now + .seconds(5)
    }

    /// A group of which all frames are where they must be, and no more come.
    mutating func settledGroup<Store: StoredFrames & ~Copyable>(
        at now: MonotonicInstant, in store: inout Store
    ) throws(Store.Failure) -> GroupIdentity? {
        var i = 0
        while i < groups.count {
            let group = groups[i].group
            i += 1
            guard groups[i - 1].isConfirmed, store.isClosed(group) else { continue }
            if let settleAt = groups[i - 1].settleAt, now < settleAt {
                wake(at: settleAt)
                continue
            }
            guard let places = try store.places(of: group) else {
                i -= 1
                groups.remove(at: i)
                continue
            }
            if try isLast(groups[i - 1].lastPlace, of: group, in: places, &store) { return group }
        }
        return nil
    }

    /// Whether no frame of `group` lies behind `place`.
    private func isLast<Store: StoredFrames & ~Copyable>(
        _ place: UInt64, of group: GroupIdentity, in places: Range<UInt64>, _ store: inout Store
    ) throws(Store.Failure) -> Bool {
        var next = place + 1
        while next < places.upperBound {
            guard let item = try store.stored(from: next, includingHistory: true),
                item.place < places.upperBound
            else { return true }
            if case .frame(let frame) = item.content, frame.group == group { return false }
            next = item.place + 1
        }
        return true
    }

    /// How many receivers count.
    var receiverCount: Int {
        policy.waitsForReceivers ? max(1, policy.requiredReceivers.count) : 0
    }
}
