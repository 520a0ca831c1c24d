// SPDX-License-Identifier: Apache-2.0

/// Chooses one of several ways out, and the spool if there is none.
///
/// The transports stand in the order of preference. The current one is kept as long as it works.
/// When it fails, the first of the others that works takes over at once: anything is better than
/// the spool. What is preferred to the current one comes back only after it has been stable for a
/// while, and after a longer while each time that it did not last: two brokers that fail in turn
/// must not throw the frames to and fro.
///
///                  works, at once                stable for 60 s, then 120 s, 240 s …
///     spool ───────────────────────▶ a transport ─────────────────▶ a preferred one
///       ▲                              │    ▲                              │
///       └──────── none works ──────────┘    └─────────── fails ────────────┘
///
/// A transport that is not current and whose breaker is open gets probes, which are no user data:
/// otherwise nobody would ever find out that it works again. One that is to be returned to gets
/// some as well, as a connection that carries nothing proves nothing.
package struct MessageRouter: Sendable {
    /// Where frames go.
    package enum Route: Equatable, Sendable {
        /// The transport with this number, from 0.
        case transport(Int)
        /// They stay on the disk.
        case spool
    }

    /// What to do now.
    package enum Order: Equatable, Sendable {
        /// From now on frames go another way. The open group is to be ended where they go to
        /// another transport than before: a receiver there cannot decode the middle of a group.
        case change(from: Route, to: Route, endsGroup: Bool)
        /// Send something that is of no consequence, and report what became of it.
        case probe(Int, CircuitBreaker.Permit)
        /// Nothing before then, unless something is reported.
        case wait(until: MonotonicInstant)
    }

    /// Whether a frame may go.
    package enum Admission: Equatable, Sendable {
        /// There, and its outcome is to be reported; without one by the deadline it timed out.
        case send(Int, CircuitBreaker.Permit, deadline: MonotonicInstant)
        /// It stays in the spool, at least until then.
        case store(until: MonotonicInstant)
    }

    /// A preferred transport must be stable for so long before it is returned to.
    package static let stableTime = Duration.seconds(60)
    /// Doubled after each return that did not last, up to this.
    package static let longestStableTime = Duration.seconds(960)
    /// How often it is tried meanwhile.
    package static let checkInterval = Duration.seconds(10)
    /// A return has lasted after so long.
    package static let lastingTime = Duration.seconds(600)

    /// In the order of preference.
    package internal(set) var transports: [Transport]
    /// Where frames go.
    package private(set) var current = Route.spool
    /// Since when.
    package private(set) var since: MonotonicInstant?
    /// How often it changed to a transport, or to the spool.
    package private(set) var changes: UInt64 = 0
    /// Frames that went to the spool for want of a transport.
    package private(set) var stored: UInt64 = 0
    /// The latest transport that was current, also while the spool is.
    private var latest: Int?
    /// The current transport, if it was returned to from one that is less preferred.
    private var returned: Int?
    /// How long a preferred one must be stable at present.
    package private(set) var requiredStableTime = MessageRouter.stableTime

    /// The first of `transports` is preferred to all others.
    package init(_ transports: [Transport]) {
        precondition(!transports.isEmpty, "a router without a way out")
        self.transports = transports
    }

    /// What the operator prefers.
    package var preferred: Route { .transport(0) }

    /// The connection of a transport began, or its file was opened.
    package mutating func up(_ i: Int, at now: MonotonicInstant) {
        transports[i].isUp = true
        transports[i].latency.clear()
        transports[i].settle(at: now)
    }

    /// The connection ended. What was under way is to be withdrawn or reported.
    package mutating func down(_ i: Int, at now: MonotonicInstant) {
        transports[i].isUp = false
        transports[i].settle(at: now)
    }

    /// What became of a frame or a probe.
    package mutating func report(
        _ i: Int, _ permit: CircuitBreaker.Permit, _ outcome: CircuitBreaker.Outcome,
        at now: MonotonicInstant
    ) {
        transports[i].note(outcome, after: now - permit.since, at: now)
        transports[i].breaker.report(permit, outcome, at: now)
        transports[i].settle(at: now)
    }

    /// A frame did not go after all.
    package mutating func withdraw(_ i: Int, _ permit: CircuitBreaker.Permit) {
        transports[i].breaker.withdraw(permit)
    }

    /// The operator wants a breaker to be so; nil leaves it to itself.
    package mutating func force(
        _ i: Int, _ mode: CircuitBreaker.ForcedMode?, at now: MonotonicInstant
    ) {
        if let mode {
            transports[i].breaker.force(mode)
        } else {
            transports[i].breaker.release(at: now)
        }
        transports[i].settle(at: now)
    }

    /// Asks what to do; to be asked until it waits.
    package mutating func next(at now: MonotonicInstant) -> Order {
        for i in transports.indices {
            // A probe without an answer is found out by asking.
            _ = transports[i].breaker.pause(at: now)
            transports[i].settle(at: now)
        }
        if let since, let returned, current == .transport(returned),
            now - since >= Self.lastingTime
        {
            requiredStableTime = Self.stableTime
        }
        let best = choose(at: now)
        guard best == current else { return change(to: best, at: now) }
        for i in transports.indices where current != .transport(i) {
            if let permit = probe(i, at: now) { return .probe(i, permit) }
        }
        return .wait(until: wakeAt(now))
    }

    /// Asks for a frame's way.
    package mutating func permit(at now: MonotonicInstant) -> Admission {
        switch current {
        case .spool:
            stored += 1
            return .store(until: wakeAt(now))
        case .transport(let i):
            guard transports[i].isUp else {
                stored += 1
                return .store(until: .distantFuture)
            }
            switch transports[i].breaker.permit(at: now) {
            case .proceed(let permit):
                return .send(
                    i, permit, deadline: min(permit.deadline, now + transports[i].sendTimeout))
            case .wait(let until):
                stored += 1
                return .store(until: until)
            }
        }
    }
}

extension MessageRouter {
    /// The way that frames should go.
    private func choose(at now: MonotonicInstant) -> Route {
        guard case .transport(let current) = current, works(current) else {
            return transports.indices.first { works($0) }.map { .transport($0) } ?? .spool
        }
        let better = transports.indices.prefix(current).first { i in
            transports[i].stableSince.map { now - $0 >= requiredStableTime } ?? false
        }
        return .transport(better ?? current)
    }

    /// Whether frames can go there.
    private func works(_ i: Int) -> Bool {
        transports[i].isUp && transports[i].breaker.isClosed
    }

    private mutating func change(to route: Route, at now: MonotonicInstant) -> Order {
        let from = current
        if let since, let returned, from == .transport(returned), now - since < Self.lastingTime {
            // A return that did not last: the next one waits longer.
            requiredStableTime = min(requiredStableTime * 2, Self.longestStableTime)
        }
        var endsGroup = false
        if case .transport(let i) = route {
            endsGroup = latest.map { $0 != i } ?? false
            returned = latest.flatMap { i < $0 ? i : nil }
            latest = i
        }
        current = route
        since = now
        changes += 1
        return .change(from: from, to: route, endsGroup: endsGroup)
    }

    /// A probe for a transport that is up, and whose breaker wants to be convinced or that was
    /// not tried for a while.
    private mutating func probe(
        _ i: Int, at now: MonotonicInstant
    ) -> CircuitBreaker.Permit? {
        guard transports[i].isUp else { return nil }
        switch transports[i].breaker.mode {
        case .forcedOpen, .forcedClosed, .metricsOnly: return nil
        case .closed: if now < checkAt(i) { return nil }
        case .open, .halfOpen: if transports[i].breaker.pause(at: now) != nil { return nil }
        }
        guard case .proceed(let permit) = transports[i].breaker.permit(at: now) else { return nil }
        transports[i].triedAt = now
        return permit
    }

    /// When a transport that is preferred to the current one is to be tried. What the operator
    /// holds closed needs no proof.
    private func checkAt(_ i: Int) -> MonotonicInstant {
        guard case .transport(let current) = current, i < current,
            transports[i].breaker.mode == .closed
        else { return .distantFuture }
        return transports[i].triedAt + Self.checkInterval
    }

    /// When something may change without a report.
    private mutating func wakeAt(_ now: MonotonicInstant) -> MonotonicInstant {
        var wake = MonotonicInstant.distantFuture
        for i in transports.indices where transports[i].isUp {
            if let until = transports[i].breaker.pause(at: now) { wake = min(wake, until) }
            if case .transport(let current) = current, i < current,
                let since = transports[i].stableSince
            {
                wake = min(wake, max(now, min(since + requiredStableTime, checkAt(i))))
            }
        }
        return wake
    }
}
