// SPDX-License-Identifier: Apache-2.0

/// Decides whether one transport is sent to, or whether what there is stays in the store.
///
/// It neither retries nor dials (`RetrySchedule` and `LinkMachine` do), and does not know what is
/// sent. Whoever wants to send asks for a permit and reports what became of it; the permit knows
/// the state it was given in, so that outcomes of an old state change nothing.
///
///     closed ──ratio, count, row, slowness──▶ open ──time over──▶ half open
///       ▲                                      ▲                  │      │
///       │                                      └─failure, silence─┘      │
///       └──────────────────── enough successes, then a ramp ─────────────┘
///
///     forced open, forced closed, metrics only: by the operator, until `release`
package struct CircuitBreaker: Sendable {
    private enum State: Sendable {
        /// All attempts pass, up to `ramp` at once while that is not nil.
        case closed(since: MonotonicInstant?, ramp: Int?)
        /// No attempt passes before `until`.
        case open(until: MonotonicInstant)
        /// `underWay` probes are out, the oldest must be answered by `deadline`.
        case halfOpen(underWay: Int, successes: Int, deadline: MonotonicInstant)
        /// The operator wants nothing to be sent.
        case forcedOpen
        /// The operator wants everything to be sent.
        case forcedClosed
        /// All attempts pass; what it would have done is counted.
        case metricsOnly
    }

    /// The policy.
    package let policy: BreakerPolicy
    /// What happened.
    package private(set) var counters = BreakerCounters()
    private var state = State.closed(since: nil, ramp: nil)
    /// Counts changes of state, so that a permit can be told from those of another state.
    private var generation: UInt64 = 0
    /// Calls, failures and slow calls of the window.
    private var window: BucketWindow
    private var failuresInARow = 0
    /// Openings since it was last closed for long.
    private var openingsInARow = 0
    private var jitter: Jitter

    /// Closed. The open times of breakers with different seeds differ.
    package init(_ policy: BreakerPolicy = BreakerPolicy(), seed: UInt64 = 0) {
        precondition(policy.isSound, "a breaker that cannot open or never closes")
        self.policy = policy
        window = BucketWindow(count: policy.windowSeconds)
        jitter = Jitter(seed: seed)
    }

    /// What it does, for people.
    package var mode: Mode {
        switch state {
        case .closed: .closed
        case .open: .open
        case .halfOpen: .halfOpen
        case .forcedOpen: .forcedOpen
        case .forcedClosed: .forcedClosed
        case .metricsOnly: .metricsOnly
        }
    }

    /// Whether everything passes.
    package var isClosed: Bool {
        switch state {
        case .closed, .forcedClosed, .metricsOnly: true
        case .open, .halfOpen, .forcedOpen: false
        }
    }

    /// How many may be under way at once: it rises step by step after closing, so that the backlog
    /// does not bring the transport down again. Nil for no limit.
    package var windowLimit: Int? {
        switch state {
        case .closed(_, let ramp): ramp
        case .halfOpen: policy.probes
        case .open, .forcedOpen: 0
        case .forcedClosed, .metricsOnly: nil
        }
    }

    /// When an attempt may be made that may not be made now, as of the latest call; for people.
    package var opensAgainAt: MonotonicInstant? {
        switch state {
        case .open(let until): until
        case .closed, .halfOpen, .forcedOpen, .forcedClosed, .metricsOnly: nil
        }
    }

    /// Until when no attempt passes; nil if one may pass now.
    package mutating func pause(at now: MonotonicInstant) -> MonotonicInstant? {
        switch state {
        case .closed, .forcedClosed, .metricsOnly:
            return nil
        case .forcedOpen:
            return .distantFuture
        case .open(let until):
            return now < until ? until : nil
        case .halfOpen(let underWay, _, let deadline):
            guard underWay > 0 else { return nil }
            guard now >= deadline else { return underWay < policy.probes ? nil : deadline }
            // The connection may have taken the outcome along; the breaker must not wait for it.
            counters.timeouts += 1
            return open(at: now)
        }
    }

    /// Asks for an attempt. Whoever is given a permit must report what became of it.
    package mutating func permit(at now: MonotonicInstant) -> Admission {
        if let until = pause(at: now) {
            counters.notPermitted += 1
            return .wait(until: until)
        }
        switch state {
        case .closed, .forcedClosed, .metricsOnly, .forcedOpen:
            break
        case .open:
            counters.probes += 1
            enter(.halfOpen(underWay: 1, successes: 0, deadline: now + policy.halfOpenLimit))
        case .halfOpen(let underWay, let successes, let deadline):
            counters.probes += 1
            let limit = underWay == 0 ? now + policy.halfOpenLimit : deadline
            state = .halfOpen(underWay: underWay + 1, successes: successes, deadline: limit)
        }
        return .proceed(
            Permit(
                generation: generation, since: now,
                deadline: policy.requestTimeout.map { now + $0 } ?? .distantFuture))
    }

    /// What became of an attempt; how long it took is the time since its permit.
    package mutating func report(
        _ permit: Permit, _ outcome: Outcome, at now: MonotonicInstant
    ) {
        guard permit.generation == generation else {
            counters.ignored += 1
            return
        }
        let latency = now - permit.since
        let isLate = policy.requestTimeout.map { latency > $0 } ?? false
        let isFailure = outcome != .succeeded || isLate
        let isSlow = latency >= policy.slowAfter
        counters.note(outcome, isLate: isLate, isSlow: isSlow)
        window.add([1, isFailure ? 1 : 0, isSlow ? 1 : 0, 0], at: now)
        failuresInARow = isFailure ? failuresInARow + 1 : 0
        judge(isFailure: isFailure, at: now)
    }

    /// An attempt was not made after all, or failed for a reason of ours (too large, a stop): it
    /// says nothing, and the next one may find out in its place.
    package mutating func withdraw(_ permit: Permit) {
        guard permit.generation == generation else {
            counters.ignored += 1
            return
        }
        counters.withdrawn += 1
        switch state {
        case .closed, .open, .forcedOpen, .forcedClosed, .metricsOnly: break
        case .halfOpen(let underWay, let successes, let deadline):
            state = .halfOpen(underWay: underWay - 1, successes: successes, deadline: deadline)
        }
    }

    /// The operator wants it to be so whatever happens.
    package mutating func force(_ mode: ForcedMode) {
        switch mode {
        case .open: enter(.forcedOpen)
        case .closed: enter(.forcedClosed)
        case .metricsOnly: enter(.metricsOnly)
        }
    }

    /// The operator leaves it to itself again. What was held open begins with a probe.
    package mutating func release(at now: MonotonicInstant) {
        switch state {
        case .closed, .open, .halfOpen: break
        case .forcedOpen: enter(.open(until: now))
        case .forcedClosed, .metricsOnly: enter(.closed(since: now, ramp: nil))
        }
    }

    /// The connection is a new one: what the old one refused is no reason to wait. The operator's
    /// wish stays.
    package mutating func reset() {
        switch state {
        case .closed, .open, .halfOpen: enter(.closed(since: nil, ramp: nil))
        case .forcedOpen, .forcedClosed, .metricsOnly: break
        }
    }
}

extension CircuitBreaker {
    private mutating func judge(isFailure: Bool, at now: MonotonicInstant) {
        switch state {
        case .closed(let since, let ramp):
            if isExceeded {
                open(at: now)
            } else if let ramp, !isFailure {
                // Each success lets one more follow: the window doubles with each round trip.
                let next = ramp + 1 < policy.rampTop ? ramp + 1 : nil
                state = .closed(since: since, ramp: next)
            }
        case .halfOpen(let underWay, let successes, let deadline):
            if isFailure {
                open(at: now)
            } else if successes + 1 >= policy.successesToClose {
                counters.closings += 1
                enter(.closed(since: now, ramp: policy.rampTop > 1 ? 1 : nil))
            } else {
                state = .halfOpen(
                    underWay: underWay - 1, successes: successes + 1, deadline: deadline)
            }
        case .metricsOnly:
            guard isExceeded else { return }
            counters.wouldHaveOpened += 1
            forget()
        case .open, .forcedOpen, .forcedClosed:
            break
        }
    }

    private var isExceeded: Bool {
        policy.isExceeded(
            calls: window.total[0], failures: window.total[1], slow: window.total[2],
            inARow: failuresInARow)
    }

    @discardableResult
    private mutating func open(at now: MonotonicInstant) -> MonotonicInstant {
        if case .closed(let since, _) = state, let since, now - since >= policy.calmTime {
            openingsInARow = 0
        }
        let time = jitter.spread(policy.openTime(openingsInARow), percent: policy.jitterPercent)
        let until = now + time
        counters.openings += 1
        openingsInARow = min(openingsInARow + 1, 64)
        enter(.open(until: until))
        return until
    }

    private mutating func enter(_ next: State) {
        state = next
        generation += 1
        forget()
    }

    private mutating func forget() {
        window.clear()
        failuresInARow = 0
    }

    // MARK: over a restart

    /// What is worth keeping over a restart of the process; goes to a file that a boot clears.
    package func saved(boot: String, at now: MonotonicInstant) -> SavedBreaker {
        SavedBreaker(
            boot: boot, savedAt: now, mode: mode, until: opensAgainAt ?? now,
            openingsInARow: openingsInARow)
    }

    /// Goes on from what an earlier process of the same boot kept; false if that says nothing.
    ///
    /// What is old only says that the first attempt should be a careful one.
    package mutating func restore(
        _ saved: SavedBreaker, boot: String, at now: MonotonicInstant
    ) -> Bool {
        guard saved.boot == boot, saved.savedAt <= now else { return false }
        openingsInARow = min(max(saved.openingsInARow, 0), 64)
        switch saved.mode {
        case .closed: break
        case .forcedOpen: enter(.forcedOpen)
        case .forcedClosed: enter(.forcedClosed)
        case .metricsOnly: enter(.metricsOnly)
        case .halfOpen: enter(.open(until: now))
        case .open:
            let isOld = now - saved.savedAt > SavedBreaker.ageLimit
            // Never longer than it could be by itself, whatever the file says.
            let longest = policy.longestOpenTime + policy.longestOpenTime / 4
            enter(.open(until: isOld ? now : min(saved.until, now + longest)))
        }
        return true
    }
}
