// SPDX-License-Identifier: Apache-2.0

/// The share of one source: so many readings each second, with what two seconds bring at once.
///
/// A bucket whose tokens are billionths of a reading, so that no fraction is lost.
package struct SourceQuota: Equatable, Sendable {
    private static let burstSeconds: Int64 = 2

    /// Readings each second; 0 for no bound.
    package let perSecond: Int
    private var tokens: Int64
    private var filledAt: MonotonicInstant?

    /// A share of `perSecond`, at most a million; 0 for no bound.
    package init(perSecond: Int) {
        self.perSecond = min(perSecond, 1_000_000)
        tokens = Int64(self.perSecond) * Self.burstSeconds * 1_000_000_000
    }

    /// Whether a reading has its place; asked once for each.
    @inline(__always)
    package mutating func take(at now: MonotonicInstant) -> Bool {
        guard perSecond > 0 else { return true }
        return takeToken(at: now)
    }

    private mutating func takeToken(at now: MonotonicInstant) -> Bool {
        let full = Int64(perSecond) * Self.burstSeconds * 1_000_000_000
        if let filledAt, now > filledAt {
            // More than a full bucket is none the fuller.
            let elapsed = min((now - filledAt).nanoseconds, Self.burstSeconds * 1_000_000_000)
            tokens = min(tokens + elapsed * Int64(perSecond), full)
        }
        filledAt = max(filledAt ?? now, now)
        guard tokens >= 1_000_000_000 else { return false }
        tokens -= 1_000_000_000
        return true
    }
}
