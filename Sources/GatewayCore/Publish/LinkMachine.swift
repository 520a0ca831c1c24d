// SPDX-License-Identifier: Apache-2.0

/// When to dial a broker, and when to wait.
///
/// Agent and receiver both use it. It does not know what travels over the connection.
///
///     idle ──▶ dialing ──CONNACK──▶ connected
///               ▲  │                   │
///      wait over│  └─refused, timeout──┴─lost
///               └───────── backingOff ◀──┘
///
/// What fails for a reason that only an operator can remove has a schedule of its own, much
/// slower. The waits begin anew only after a connection that held for a while: a broker that
/// throws us out at once must not be dialed each second.
package struct LinkMachine: Sendable {
    private enum State: Sendable {
        /// Nothing was tried yet.
        case idle
        /// A connection is being made; without CONNACK by `deadline` it counts as failed.
        case dialing(deadline: MonotonicInstant)
        /// The broker took the connection.
        case connected(since: MonotonicInstant)
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
    /// A connection that ends sooner is a short one.
    package static let shortConnection = Duration.seconds(10)
    /// So many short ones in a row are no accident: most likely two clients with one id throw each
    /// other out in turn.
    package static let shortLimit = 3

    /// Connections that the broker took.
    package private(set) var connections: UInt32 = 0
    /// Attempts that ended without a connection, and connections that were lost.
    package private(set) var failures: UInt64 = 0
    /// Since when there has been no connection; nil while there is one.
    package private(set) var downSince: MonotonicInstant?
    /// What the latest failure was; nil before any.
    package private(set) var verdict: FailureVerdict?
    private var state = State.idle
    private var retry: RetrySchedule
    private var patience: RetrySchedule
    private var shortConnections = 0

    /// Not connected; the first attempt waits for nothing.
    package init(
        retry: RetryPolicy = .dialing, operatorNeeded: RetryPolicy = .operatorNeeded
    ) {
        self.retry = RetrySchedule(retry)
        patience = RetrySchedule(operatorNeeded)
    }

    /// Whether the broker took the connection.
    package var isConnected: Bool {
        switch state {
        case .connected: true
        case .idle, .dialing, .backingOff: false
        }
    }

    /// When it dials next, while it waits for that.
    package var dialsAt: MonotonicInstant? {
        switch state {
        case .backingOff(let until): until
        case .idle, .dialing, .connected: nil
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
            backOff(FailureVerdict(.backOff, .silent), at: now, using: &generator)
            return .hangUp
        case .connected:
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
            state = .connected(since: now)
            connections &+= 1  // Counts for people; after 2^32 it begins again.
            downSince = nil
            retry.succeeded(at: now)
            patience.succeeded(at: now)
        case .idle, .connected, .backingOff:
            // The answer to an attempt that was given up.
            break
        }
    }

    /// The attempt failed, or the connection ended.
    package mutating func failed(
        at now: MonotonicInstant, _ verdict: FailureVerdict = .unknown,
        using generator: inout some RandomNumberGenerator
    ) {
        switch state {
        case .dialing:
            // Who throws us out would have taken us.
            shortConnections = 0
            backOff(verdict, at: now, using: &generator)
        case .connected(let since):
            let isShort = now - since < Self.shortConnection
            shortConnections = isShort ? min(shortConnections + 1, Self.shortLimit) : 0
            let isCut = verdict.kind == .backOff && verdict.hint == .connectionLost
            let isDuel = isCut && shortConnections == Self.shortLimit
            backOff(
                isDuel ? FailureVerdict(.longBackOff, .clientIDTaken) : verdict,
                at: now, using: &generator)
        case .idle, .backingOff:
            // The end of an attempt that was given up; one wait is enough.
            break
        }
    }

    /// The settings are new ones: what failed with the old may work now.
    package mutating func settingsChanged(retry policy: RetryPolicy) {
        retry = RetrySchedule(policy)
        patience.reset()
        shortConnections = 0
        switch state {
        case .backingOff: state = .backingOff(until: MonotonicInstant(nanoseconds: .min))
        case .idle, .dialing, .connected: break
        }
    }

    private mutating func backOff(
        _ new: FailureVerdict, at now: MonotonicInstant,
        using generator: inout some RandomNumberGenerator
    ) {
        failures += 1
        if downSince == nil { downSince = now }
        // Once at once; whoever says it again is not believed.
        let isAtOnce = new.kind == .now && verdict?.kind != .now
        verdict = new
        // Both are told of each failure, so that each forgets what held long enough.
        let usual = retry.failed(at: now, using: &generator) ?? retry.policy.cap
        let wait: Duration =
            switch new.kind {
            case .now: isAtOnce ? .zero : usual
            case .backOff, .hold, .quarantine: usual
            case .longBackOff, .fatalConfiguration:
                patience.failed(at: now, using: &generator) ?? patience.policy.cap
            }
        state = .backingOff(until: now + wait)
    }
}
