// SPDX-License-Identifier: Apache-2.0

extension PublishMachine {
    /// What to do now. Whoever gets an order must carry it out before the next call.
    ///
    /// After an error of the spool nothing has changed but places that were passed over.
    package mutating func next<Store: StoredFrames & ~Copyable>(
        at now: MonotonicInstant, in store: inout Store
    ) throws(Store.Failure) -> PublishOrder {
        precondition(flights.last.map { $0.publication != nil } ?? true, "an order is open")
        wakeAt = .distantFuture
        if let group = try settledGroup(at: now, in: &store) { return .acknowledge(group) }
        if let finishBy, now >= finishBy { return .finished(isComplete: false) }
        guard case .online = state else {
            if let finishBy { wake(at: finishBy) }
            if finishBy != nil, try isEmpty(&store) { return .finished(isComplete: true) }
            return .wait(until: wakeAt)
        }
        if desk.owesGroupEnd {
            desk.owesGroupEnd = false
            return .endGroup
        }
        if desk.owesBirth {
            desk.owesBirth = false
            return .publishBirth
        }
        if let answer = desk.takeAnswer() {
            return .answer(verb: answer.verb, answer.response)
        }
        if let oldest = flights.first {
            let silentAt = oldest.since + Self.acknowledgementLimit
            guard now < silentAt else {
                state = .leaving
                counters.silences += 1
                return .reconnect
            }
            wake(at: silentAt)
        }
        releaseHeld(at: now)
        if flights.count < min(Self.window, ramp) {
            if let until = breaker.pause(at: now) {
                wake(at: until)
            } else if let (item, track) = try nextFrame(at: now, in: &store) {
                if track == .back || track == .job { quietSince = nil }
                switch breaker.permit(at: now) {
                case .proceed(let permit): return publish(item, track, permit)
                case .wait: preconditionFailure("a breaker without pause gives a permit")
                }
            } else if releaseDeferred(at: now, endPlace: store.endPlace) {
                return .releaseDeferred
            }
        }
        // Looking for frames may have ended a job.
        if let answer = desk.takeAnswer() {
            return .answer(verb: answer.verb, answer.response)
        }
        if let order = headsOrder(at: now) { return order }
        if let finishBy {
            wake(at: finishBy)
            if try isEmpty(&store) { return .finished(isComplete: true) }
        }
        return .wait(until: wakeAt)
    }

    /// How many frames may be under way after the broker took frames again. While it is being
    /// found out whether it does, the breaker lets one go at a time by itself.
    private var ramp: Int {
        breaker.isClosed ? breaker.windowLimit ?? Self.window : Self.window
    }

    /// Whether nothing is left to be sent and acknowledged.
    private mutating func isEmpty<Store: StoredFrames & ~Copyable>(
        _ store: inout Store
    ) throws(Store.Failure) -> Bool {
        guard flights.isEmpty, desk.jobs.isEmpty, groups.isEmpty else { return false }
        return try store.stored(from: 0, includingHistory: false) == nil
    }

    /// Lets backfill have the deferred frames when there has been nothing else for a while, or at
    /// the end.
    private mutating func releaseDeferred(at now: MonotonicInstant, endPlace: UInt64) -> Bool {
        let since = quietSince ?? now
        quietSince = since
        guard let first = firstDeferred else { return false }
        let due = finishBy == nil ? since + Self.deferredQuiet : now
        guard now >= due else {
            wake(at: due)
            return false
        }
        firstDeferred = nil
        quietSince = nil
        releasedBelow = endPlace
        backPlace = min(backPlace, first)
        return true
    }

    /// Groups whose wait after a refusal is over are looked for again.
    private mutating func releaseHeld(at now: MonotonicInstant) {
        for i in groups.indices {
            guard let until = groups[i].heldUntil else { continue }
            guard now >= until else {
                wake(at: until)
                continue
            }
            // What was under way with the refused frame must be answered first: a frame is never
            // under way twice.
            guard groups[i].flights == 0 else { continue }
            groups[i].heldUntil = nil
            backPlace = min(backPlace, groups[i].firstPlace)
        }
    }

    private mutating func headsOrder(at now: MonotonicInstant) -> PublishOrder? {
        let isQuiet = flights.isEmpty
        let isEnding = finishBy != nil && heads.isChanged
        if isQuiet, heads.isOwed || isEnding { return publishHeads() }
        guard let due = heads.dueAt else { return nil }
        if now >= due { return publishHeads() }
        wake(at: due)
        return nil
    }

    private mutating func publishHeads() -> PublishOrder {
        heads.published()
        return .publishHeads(heads.message)
    }

    /// Takes note of a frame that is about to go out.
    private mutating func publish(
        _ item: StoredFrame, _ track: Track, _ permit: CircuitBreaker.Permit
    ) -> PublishOrder {
        var topic = FrameTopic.back
        switch item.content {
        case .table(let id):
            tables.sent(id)
            if track == .live { topic = .data }
        case .frame(let frame):
            guard track.isPending, let i = index(of: frame.group) else {
                counters.repeated += 1
                break
            }
            let isRepeat = frame.index < groups[i].sentBelow
            if isRepeat { counters.repeated += 1 }
            if groups[i].isLive, !isRepeat { topic = frame.group.lane.topic }
            groups[i].lastPlace = max(groups[i].lastPlace, item.place)
            groups[i].nextIndex = frame.index + 1
            groups[i].sentBelow = max(groups[i].sentBelow, frame.index + 1)
            groups[i].flights += 1
            groups[i].remindAt = permit.since + groups[i].remindDelay
        }
        flights.append(Flight(publication: nil, item: item, track: track, permit: permit))
        return .publish(item, topic)
    }
}
