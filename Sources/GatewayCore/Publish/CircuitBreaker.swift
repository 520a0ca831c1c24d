// SPDX-License-Identifier: Apache-2.0

/// Holds publications back for a while after the broker refused several in a row, then lets a
/// single one find out whether it takes them again.
///
/// It neither retries nor knows what is published; `LinkMachine` cares for the connection.
///
///     closed ──limit reached──▶ open ──rest over──▶ probing ──success──▶ closed
///                                ▲                     │
///                                └─failure or silence──┘
package struct CircuitBreaker: Sendable {
    private enum State: Sendable {
        /// All attempts pass. `failures` in a row so far, always fewer than the limit.
        case closed(failures: Int)
        /// No attempt passes before `until`.
        case open(until: MonotonicInstant)
        /// The one attempt that may pass is under way. No outcome by `deadline` is a failure.
        case probing(deadline: MonotonicInstant)
    }

    /// What an attempt is told.
    package enum Admission: Equatable, Sendable {
        /// Go, and report what came of it.
        case proceed
        /// Ask again then.
        case wait(until: MonotonicInstant)
    }

    /// So many failures in a row open it.
    package let failureLimit: Int
    /// How long it stays open.
    package let rest: Duration
    /// How long a probe may go without an outcome.
    package let probeTimeout: Duration
    /// How often it opened.
    package private(set) var openings: UInt64 = 0
    private var state = State.closed(failures: 0)

    /// Closed.
    package init(
        failureLimit: Int = 5, rest: Duration = .seconds(30),
        probeTimeout: Duration = .seconds(15)
    ) {
        precondition(failureLimit > 0, "a breaker that needs no failure is never closed")
        self.failureLimit = failureLimit
        self.rest = rest
        self.probeTimeout = probeTimeout
    }

    /// Whether everything passes.
    package var isClosed: Bool {
        switch state {
        case .closed: true
        case .open, .probing: false
        }
    }

    /// Until when no attempt passes; nil if one may pass now.
    package mutating func pause(at now: MonotonicInstant) -> MonotonicInstant? {
        switch state {
        case .closed:
            return nil
        case .open(let until):
            return now < until ? until : nil
        case .probing(let deadline):
            guard now >= deadline else { return deadline }
            // The connection may have taken the outcome along; the breaker must not wait for it.
            open(at: now)
            return now + rest
        }
    }

    /// Asks for an attempt. Whoever is told to proceed must make it.
    package mutating func admit(at now: MonotonicInstant) -> Admission {
        if let until = pause(at: now) { return .wait(until: until) }
        switch state {
        case .closed, .probing: break
        case .open: state = .probing(deadline: now + probeTimeout)
        }
        return .proceed
    }

    /// An attempt succeeded.
    package mutating func attemptSucceeded() {
        switch state {
        case .closed, .probing:
            state = .closed(failures: 0)
        case .open:
            // Was under way before the breaker opened: says nothing about the time since.
            break
        }
    }

    /// An attempt failed.
    package mutating func attemptFailed(at now: MonotonicInstant) {
        switch state {
        case .closed(let failures) where failures + 1 < failureLimit:
            state = .closed(failures: failures + 1)
        case .closed, .probing:
            open(at: now)
        case .open:
            // As above: stragglers must not keep it open for longer.
            break
        }
    }

    /// An attempt was not made after all: the next one may find out in its place.
    package mutating func attemptWithdrawn(at now: MonotonicInstant) {
        switch state {
        case .closed, .open: break
        case .probing: state = .open(until: now)
        }
    }

    /// The connection is a new one: what the old one refused is no reason to wait.
    package mutating func reset() { state = .closed(failures: 0) }

    private mutating func open(at now: MonotonicInstant) {
        state = .open(until: now + rest)
        openings += 1
    }
}
