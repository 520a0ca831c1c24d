// SPDX-License-Identifier: Apache-2.0

/// How long waits between tries are.
package struct RetryPolicy: Equatable, Sendable {
    /// How the ceiling of the wait grows with each failure in a row.
    package enum Growth: Equatable, Sendable {
        /// There is no second try.
        case none
        /// It stays at the first.
        case fixed
        /// By `first` each time.
        case linear
        /// By this factor each time.
        case exponential(factor: Int)
    }

    /// What chance does to a wait.
    package enum Jitter: CaseIterable, Sendable {
        /// It is the ceiling.
        case none
        /// Anything from nothing to the ceiling. When a broker comes back, all its nodes wait for
        /// it. Only a wait that is chance altogether spreads them.
        case full
        /// The upper half of the ceiling: for where trying early is no use.
        case half
        /// From `first` to three times the wait before; grows by itself, whatever `growth` says.
        case decorrelated
    }

    /// The first ceiling.
    package var first: Duration
    /// No ceiling is above it.
    package var cap: Duration
    /// How it grows.
    package var growth: Growth
    /// What chance does.
    package var jitter: Jitter
    /// Tries in all, the first one among them; nil for no end.
    package var attempts: Int?
    /// Only what held for so long lets the waits begin anew: a connection that dies after a second
    /// must not be dialed each second.
    package var stableAfter: Duration

    /// Waits from `first` up to `cap`.
    package init(
        first: Duration = .seconds(1), cap: Duration = .seconds(30),
        growth: Growth = .exponential(factor: 2), jitter: Jitter = .full, attempts: Int? = nil,
        stableAfter: Duration = .seconds(30)
    ) {
        self.first = first
        self.cap = cap
        self.growth = growth
        self.jitter = jitter
        self.attempts = attempts
        self.stableAfter = stableAfter
    }

    /// Dialing a broker: without end, 1 s to 30 s.
    package static let dialing = RetryPolicy()
    /// The same over a radio that takes its time: 5 s to 2 min.
    package static let cellular = RetryPolicy(first: .seconds(5), cap: .seconds(120))
    /// What will hardly heal by itself, and may once an operator acts: 1 min to 15 min.
    package static let operatorNeeded = RetryPolicy(
        first: .seconds(60), cap: .seconds(900), jitter: .half)
    /// 3 attempts, 1 s, doubled, at most 10 s.
    package static let threeAttempts = RetryPolicy(
        cap: .seconds(10), jitter: .none, attempts: 3)
    /// One try.
    package static let none = RetryPolicy(growth: .none)

    /// Whether a schedule can keep to it.
    var isSound: Bool {
        let factor = if case .exponential(let factor) = growth { factor } else { 1 }
        return first > .zero && first <= cap && factor > 0 && (attempts ?? 1) > 0
    }

    /// The ceiling after `failures` in a row, from 1.
    func ceiling(_ failures: Int) -> Duration {
        switch growth {
        case .none: return .zero
        case .fixed: return first
        case .linear:
            // Compared before it is multiplied, as the product may be larger than any span.
            let steps = cap / first
            return Double(failures) >= steps ? cap : first * failures
        case .exponential(let factor):
            var ceiling = first
            for _ in 1..<max(failures, 1) where ceiling < cap && factor > 1 {
                ceiling = min(ceiling * factor, cap)
            }
            return ceiling
        }
    }
}

/// How long to wait before the next try.
///
/// A value that is told of failures and of successes, and never waits itself. There is one for a
/// connection, not one for each message: what is queued needs no schedule of its own.
package struct RetrySchedule: Sendable {
    /// The policy.
    package let policy: RetryPolicy
    /// Failures in a row.
    package private(set) var failures = 0
    /// Waits that were given out.
    package private(set) var waits: UInt64 = 0
    /// How often there was no further try.
    package private(set) var exhaustions: UInt64 = 0
    /// How often the waits began anew.
    package private(set) var resets: UInt64 = 0
    private var previous: Duration
    private var goodSince: MonotonicInstant?

    /// Nothing failed so far.
    package init(_ policy: RetryPolicy = .dialing) {
        precondition(policy.isSound, "waits rise from above zero")
        self.policy = policy
        previous = policy.first
    }

    /// A try succeeded. Whether that lasts is seen at the next failure.
    package mutating func succeeded(at now: MonotonicInstant) {
        if goodSince == nil { goodSince = now }
    }

    /// A try failed, or what had succeeded ended: the wait before the next, or nil if there is
    /// none.
    package mutating func failed(
        at now: MonotonicInstant, using generator: inout some RandomNumberGenerator
    ) -> Duration? {
        if let since = goodSince, now - since >= policy.stableAfter { reset() }
        goodSince = nil
        failures = min(failures + 1, Int(Int32.max))
        if policy.growth == .none || failures >= policy.attempts ?? .max {
            exhaustions += 1
            return nil
        }
        waits += 1
        let wait = wait(using: &generator)
        previous = wait
        return wait
    }

    /// Begins anew at once: what was in the way is known to be gone.
    package mutating func reset() {
        if failures > 0 { resets += 1 }
        failures = 0
        previous = policy.first
    }

    private func wait(using generator: inout some RandomNumberGenerator) -> Duration {
        let ceiling = policy.ceiling(failures)
        switch policy.jitter {
        case .none:
            return ceiling
        case .full:
            return .nanoseconds(Int64.random(in: 0...ceiling.nanoseconds, using: &generator))
        case .half:
            let top = ceiling.nanoseconds
            return .nanoseconds(Int64.random(in: (top / 2)...top, using: &generator))
        case .decorrelated:
            let low = policy.first.nanoseconds
            let high = max(low, min(previous * 3, policy.cap).nanoseconds)
            return .nanoseconds(Int64.random(in: low...high, using: &generator))
        }
    }
}
