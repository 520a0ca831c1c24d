// SPDX-License-Identifier: Apache-2.0

/// So much at once and so much in the long run, counted in messages and in bytes.
///
/// Each of the two is a bucket that fills evenly and never above its rim, however long nothing was
/// taken: after a pause there is a burst and no flood. One that is not limited is left out.
package struct RateLimiter: Sendable {
    /// How fast a bucket fills, and how much it holds.
    package struct Rate: Equatable, Sendable {
        /// Units a second.
        package var perSecond: Int
        /// Units at once.
        package var burst: Int

        /// `perSecond` in the long run, `burst` at once.
        package init(perSecond: Int, burst: Int) {
            precondition(perSecond > 0 && burst > 0, "a limit that lets nothing through")
            self.perSecond = perSecond
            self.burst = burst
        }
    }

    /// Whether something may go.
    package enum Admission: Equatable, Sendable {
        /// It was taken from the buckets.
        case proceed
        /// Nothing was taken; there is enough then, if nobody else takes it.
        case wait(until: MonotonicInstant)
    }

    /// How full the buckets are.
    package struct Levels: Equatable, Sendable {
        /// Messages that fit now; nil without a limit.
        package var messages: Int?
        /// Bytes that fit now; nil without a limit.
        package var bytes: Int?

        /// What fits now.
        package init(messages: Int? = nil, bytes: Int? = nil) {
            self.messages = messages
            self.bytes = bytes
        }
    }

    /// Requests that were told to wait or turned away.
    package private(set) var refusals: UInt64 = 0
    /// Requests that were taken.
    package private(set) var grants: UInt64 = 0
    private var messages: TokenBucket?
    private var bytes: TokenBucket?

    /// Full buckets.
    package init(messages: Rate? = nil, bytes: Rate? = nil) {
        self.messages = messages.map(TokenBucket.init)
        self.bytes = bytes.map(TokenBucket.init)
    }

    /// Takes a message of so many bytes, or tells when there is room for it. A message larger than
    /// a bucket goes when that is full, and is paid for afterwards.
    package mutating func acquire(bytes count: Int = 0, at now: MonotonicInstant) -> Admission {
        let ready = readyAt(bytes: count, now)
        guard ready <= now else {
            refusals += 1
            return .wait(until: ready)
        }
        take(count, at: now)
        return .proceed
    }

    /// Takes a message if there is room for it now.
    package mutating func tryAcquire(bytes count: Int = 0, at now: MonotonicInstant) -> Bool {
        acquire(bytes: count, at: now) == .proceed
    }

    /// Takes a message in advance: it may go after the span that is returned. Nil, and nothing is
    /// taken, if that is longer than `limit`.
    package mutating func reserve(
        bytes count: Int = 0, within limit: Duration, at now: MonotonicInstant
    ) -> Duration? {
        let wait = max(readyAt(bytes: count, now) - now, .zero)
        guard wait <= limit else {
            refusals += 1
            return nil
        }
        take(count, at: now)
        return wait
    }

    /// What would go now.
    package func levels(at now: MonotonicInstant) -> Levels {
        Levels(messages: messages?.level(at: now), bytes: bytes?.level(at: now))
    }

    private func readyAt(bytes count: Int, _ now: MonotonicInstant) -> MonotonicInstant {
        max(messages?.readyAt(1, now) ?? now, bytes?.readyAt(count, now) ?? now)
    }

    private mutating func take(_ count: Int, at now: MonotonicInstant) {
        grants += 1
        messages?.take(1, at: now)
        bytes?.take(count, at: now)
    }
}

/// One bucket, by the moment at which it will be full again: no timer has to fill it.
struct TokenBucket: Sendable {
    private let rate: RateLimiter.Rate
    /// In the past it is full.
    private var fullAt: MonotonicInstant?

    init(_ rate: RateLimiter.Rate) { self.rate = rate }

    /// When `units` fit.
    func readyAt(_ units: Int, _ now: MonotonicInstant) -> MonotonicInstant {
        // What is larger than the bucket waits for a full one.
        let spare = time(rate.burst) - time(min(units, rate.burst))
        let debt = max(fullAt ?? now, now) - now
        return debt <= spare ? now : now + (debt - spare)
    }

    mutating func take(_ units: Int, at now: MonotonicInstant) {
        fullAt = max(fullAt ?? now, now) + time(units)
    }

    func level(at now: MonotonicInstant) -> Int {
        let spare = time(rate.burst) - (max(fullAt ?? now, now) - now)
        guard spare > .zero else { return 0 }
        return Int(scale(spare.nanoseconds, Int64(rate.perSecond), 1_000_000_000))
    }

    /// How long so many units take to flow in.
    private func time(_ units: Int) -> Duration {
        .nanoseconds(scale(Int64(units), 1_000_000_000, Int64(rate.perSecond)))
    }

    /// `value * factor / divisor`; at most what can be counted.
    private func scale(_ value: Int64, _ factor: Int64, _ divisor: Int64) -> Int64 {
        let divisor = UInt64(divisor)
        let product = UInt64(max(value, 0)).multipliedFullWidth(by: UInt64(factor))
        guard product.high < divisor else { return .max }
        return Int64(clamping: divisor.dividingFullWidth(product).quotient)
    }
}
