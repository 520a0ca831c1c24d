// SPDX-License-Identifier: Apache-2.0

extension CircuitBreaker {
    /// What whoever wants to send is told.
    package enum Admission: Equatable, Sendable {
        /// Go, and report what came of it.
        case proceed(Permit)
        /// Ask again then.
        case wait(until: MonotonicInstant)
    }

    /// One attempt.
    package struct Permit: Equatable, Sendable {
        let generation: UInt64
        /// When it was given.
        package let since: MonotonicInstant
        /// Without an outcome by then, `timedOut` is to be reported.
        package let deadline: MonotonicInstant
    }

    /// What became of an attempt.
    package enum Outcome: CaseIterable, Sendable {
        case succeeded
        case failed
        /// Nothing was heard of it in time.
        case timedOut
    }

    /// What a breaker does, for people.
    package enum Mode: String, CaseIterable, Sendable {
        case closed
        case open
        case halfOpen = "half-open"
        case forcedOpen = "forced-open"
        case forcedClosed = "forced-closed"
        case metricsOnly = "metrics-only"
    }

    /// What an operator can wish.
    package enum ForcedMode: CaseIterable, Sendable {
        case open
        case closed
        case metricsOnly
    }
}

/// What a breaker saw since it was made.
package struct BreakerCounters: Equatable, Sendable {
    /// Outcomes of the state they were permitted in.
    package internal(set) var successes: UInt64 = 0
    /// The same; time-outs are not among them.
    package internal(set) var failures: UInt64 = 0
    /// Attempts without an outcome in time.
    package internal(set) var timeouts: UInt64 = 0
    /// Outcomes, of either kind, that took long.
    package internal(set) var slow: UInt64 = 0
    /// Attempts that were not made.
    package internal(set) var withdrawn: UInt64 = 0
    /// Outcomes of an old state.
    package internal(set) var ignored: UInt64 = 0
    /// Requests that were told to wait: no failures of the transport.
    package internal(set) var notPermitted: UInt64 = 0
    /// Attempts while half open.
    package internal(set) var probes: UInt64 = 0
    /// How often it opened, and closed after that.
    package internal(set) var openings: UInt64 = 0
    /// How often enough probes succeeded.
    package internal(set) var closings: UInt64 = 0
    /// How often it would have opened while it only measured.
    package internal(set) var wouldHaveOpened: UInt64 = 0

    /// Nothing so far.
    package init() {}

    mutating func note(_ outcome: CircuitBreaker.Outcome, isLate: Bool, isSlow: Bool) {
        if isSlow { slow += 1 }
        switch outcome {
        case .succeeded: if isLate { timeouts += 1 } else { successes += 1 }
        case .failed: failures += 1
        case .timedOut: timeouts += 1
        }
    }
}
