// SPDX-License-Identifier: Apache-2.0

/// How fast old frames may follow: in the gaps that live ones leave, and no faster than the broker
/// and its other clients can bear.
///
/// Four times the live rate, at least ten frames a second, at most fifty; half of it, and half of
/// that, while PUBACKs take more than twice their shortest, but never less than twice the live
/// rate. It begins a little after the connection, by chance, as all nodes have something to tell
/// after an outage.
package struct BackfillPace: Sendable {
    /// What it keeps to.
    package struct Policy: Equatable, Sendable {
        /// So many times the live rate.
        package var timesLive = 4
        /// Frames a second at least, before it is halved.
        package var least = 10
        /// Frames a second at most.
        package var ceiling = 50
        /// Bytes a second at most.
        package var byteCeiling = 256 << 10
        /// The longest wait before the first.
        package var startSpread = Duration.seconds(10)
        /// The rate is halved or doubled at most so often.
        package var step = Duration.seconds(5)
        /// It is halved at most so many times.
        package var halvings = 4

        /// The defaults.
        package init() {}
    }

    /// The policy.
    package let policy: Policy
    /// How many times the rate is halved at present.
    package private(set) var halvings = 0
    /// Frames that it let go.
    package private(set) var frames: UInt64 = 0
    /// Requests that were told to wait.
    package private(set) var waits: UInt64 = 0
    private var live = BucketWindow(count: 10)
    private var nextAt = MonotonicInstant(nanoseconds: .min)
    private var nextStep = MonotonicInstant(nanoseconds: .min)

    /// Nothing is known of the live rate.
    package init(_ policy: Policy = Policy()) {
        precondition(
            policy.least > 0 && policy.ceiling >= policy.least && policy.byteCeiling > 0,
            "a pace that lets nothing through")
        self.policy = policy
    }

    /// The way is open again: begins within `startSpread`, by `chance`.
    package mutating func begin(at now: MonotonicInstant, chance: UInt64) {
        let spread = UInt64(max(policy.startSpread.nanoseconds, 0)) + 1
        nextAt = now + .nanoseconds(Int64(chance % spread))
        halvings = 0
        nextStep = now + policy.step
    }

    /// A live frame was sent.
    package mutating func noteLive(at now: MonotonicInstant) { live.add([1, 0, 0, 0], at: now) }

    /// Frames a second at present, as of the latest call.
    package var rate: Double {
        let liveRate = Double(live.total[0]) / 10
        let wanted = max(liveRate * Double(policy.timesLive), Double(policy.least))
        let halved = min(wanted, Double(policy.ceiling)) / Double(1 << halvings)
        // Slower than that the backlog would hardly shrink.
        return max(halved, min(liveRate * 2, Double(policy.ceiling)))
    }

    /// Whether an old frame may go now.
    package mutating func admit(at now: MonotonicInstant) -> RateLimiter.Admission {
        guard now < nextAt else { return .proceed }
        waits += 1
        return .wait(until: nextAt)
    }

    /// It went.
    package mutating func sent(bytes: Int, at now: MonotonicInstant) {
        live.advance(to: now)
        frames += 1
        let byRate = Int64((1e9 / rate).rounded(.up))
        let byBytes = Int64(Double(bytes) / Double(policy.byteCeiling) * 1e9)
        // Time that was not used is not made up for.
        nextAt = max(nextAt, now) + .nanoseconds(max(byRate, byBytes))
    }

    /// How PUBACKs are of late: slower when they are slow, faster again when they are not.
    package mutating func judge(isStrained: Bool, at now: MonotonicInstant) {
        guard now >= nextStep else { return }
        nextStep = now + policy.step
        if isStrained {
            halvings = min(halvings + 1, policy.halvings)
        } else if halvings > 0 {
            halvings -= 1
        }
    }

    /// How long so many frames still take at the present rate; for people.
    package func timeLeft(frames count: Int) -> Duration {
        .nanoseconds(Int64(min(Double(count) / rate, 1e9) * 1e9))
    }
}
