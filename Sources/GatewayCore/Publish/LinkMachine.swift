// SPDX-License-Identifier: Apache-2.0

/// When to dial a broker, and when to wait.
///
/// Agent and receiver both use it. It does not know what travels over the connection.
///
///     idle ──▶ dialing ──CONNACK──▶ connected ──proof or time──▶ stable
///               ▲  │                   │                           │
///      wait over│  └─refused, timeout──┴──────────lost─────────────┤
///               └───────── backingOff ◀────────────────────────────┘
package struct LinkMachine: Sendable {
    private enum State: Sendable {
        /// Nothing was tried yet.
        case idle
        /// A connection is being made; without CONNACK by `deadline` it counts as failed.
        case dialing(deadline: MonotonicInstant)
        /// Connected, and not yet trusted: a broker that throws us out at once must not be
        /// dialed without a wait, again and again.
        case connected(stableAt: MonotonicInstant)
        /// Connected for long, or something was acknowledged.
        case stable
        /// No connection, and none is tried before `until`.
        case backingOff(until: MonotonicInstant)
    }

    /// What to do now.
    package enum Order: Equatable, Sendable {
        /// Begin a connection.
        case dial
        /// Give up the attempt that runs: the broker does not answer.
        case hangUp
        /// Nothing before then, unless something happens.
        case wait(until: MonotonicInstant)
    }

    /// How long a broker may take from the start of a connection to its CONNACK.
    package static let answerLimit = Duration.seconds(15)
    /// So long a connection must have held to be a good one.
    package static let stableAfter = Duration.seconds(10)

    /// Connections that the broker took.
    package private(set) var connections: UInt32 = 0
    /// Attempts that ended without a connection, and connections that were lost.
    package private(set) var failures: UInt64 = 0
    /// Since when there has been no connection; nil while there is one.
    package private(set) var downSince: MonotonicInstant?
    private var state = State.idle
    private var retry: RetrySchedule

    /// Not connected; the first attempt waits for nothing.
    package init(retry: RetrySchedule = RetrySchedule()) { self.retry = retry }

    /// Whether the broker took the connection.
    package var isConnected: Bool {
        switch state {
        case .connected, .stable: true
        case .idle, .dialing, .backingOff: false
        }
    }

    /// Asks what to do. Whoever is told to dial or to hang up must do it.
    package mutating func next(
        at now: MonotonicInstant, using generator: inout some RandomNumberGenerator
    ) -> Order {
        switch state {
        case .idle:
            downSince = now
            state = .dialing(deadline: now + Self.answerLimit)
            return .dial
        case .dialing(let deadline):
            guard now >= deadline else { return .wait(until: deadline) }
            backOff(at: now, using: &generator)
            return .hangUp
        case .connected(let stableAt):
            guard now >= stableAt else { return .wait(until: stableAt) }
            trust()
            return .wait(until: .distantFuture)
        case .stable:
            return .wait(until: .distantFuture)
        case .backingOff(let until):
            guard now >= until else { return .wait(until: until) }
            state = .dialing(deadline: now + Self.answerLimit)
            return .dial
        }
    }

    /// The broker took the connection.
    package mutating func connected(at now: MonotonicInstant) {
        switch state {
        case .dialing:
            state = .connected(stableAt: now + Self.stableAfter)
            connections &+= 1  // Counts for people; after 2^32 it begins again.
            downSince = nil
        case .idle, .connected, .stable, .backingOff:
            // The answer to an attempt that was given up.
            break
        }
    }

    /// The attempt failed, or the connection ended.
    package mutating func failed(
        at now: MonotonicInstant, using generator: inout some RandomNumberGenerator
    ) {
        switch state {
        case .dialing, .connected, .stable:
            backOff(at: now, using: &generator)
        case .idle, .backingOff:
            // The end of an attempt that was given up; one wait is enough.
            break
        }
    }

    /// The settings are new ones: what failed with the old may work now.
    package mutating func settingsChanged(retry: RetrySchedule) {
        self.retry = retry
        switch state {
        case .backingOff: state = .backingOff(until: MonotonicInstant(nanoseconds: .min))
        case .idle, .dialing, .connected, .stable: break
        }
    }

    /// Something was acknowledged: the connection does what it is for.
    package mutating func proved() {
        switch state {
        case .connected: trust()
        case .idle, .dialing, .stable, .backingOff: break
        }
    }

    private mutating func trust() {
        state = .stable
        retry.reset()
    }

    private mutating func backOff(
        at now: MonotonicInstant, using generator: inout some RandomNumberGenerator
    ) {
        failures += 1
        if downSince == nil { downSince = now }
        state = .backingOff(until: now + retry.next(using: &generator))
    }
}
