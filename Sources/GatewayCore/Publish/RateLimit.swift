// SPDX-License-Identifier: Apache-2.0

/// So many at once and so many in the long run: a bucket that fills evenly.
package struct RateLimit: Sendable {
    /// One more fits after so long.
    package let interval: Duration
    /// So many fit at once.
    package let burst: Int
    /// How many were turned away.
    package private(set) var refusals: UInt64 = 0
    /// When the bucket will be full again; in the past it is full.
    private var fullAt: MonotonicInstant?

    /// `burst` at once, then one each `interval`.
    package init(interval: Duration, burst: Int) {
        precondition(interval > .zero && burst > 0, "a limit that lets nothing through")
        self.interval = interval
        self.burst = burst
    }

    /// Takes one, if there is one.
    package mutating func take(at now: MonotonicInstant) -> Bool {
        let start = max(fullAt ?? now, now)
        guard start - now <= interval * (burst - 1) else {
            refusals += 1
            return false
        }
        fullAt = start + interval
        return true
    }
}
