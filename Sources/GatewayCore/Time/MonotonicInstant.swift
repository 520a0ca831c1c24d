// SPDX-License-Identifier: Apache-2.0

/// A moment on a clock that never jumps: for waiting and for measuring, never for data.
package struct MonotonicInstant: Comparable, Hashable, Sendable {
    /// Nanoseconds since some moment in the past.
    package var nanoseconds: Int64

    /// The moment `nanoseconds` after the clock's beginning.
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Later than everything.
    package static let distantFuture = MonotonicInstant(nanoseconds: .max)

    package static func < (a: MonotonicInstant, b: MonotonicInstant) -> Bool {
        a.nanoseconds < b.nanoseconds
    }

    /// The moment `span` later; what cannot be counted any more is the distant future.
    package static func + (instant: MonotonicInstant, span: Duration) -> MonotonicInstant {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(span.nanoseconds)
        return overflow ? .distantFuture : MonotonicInstant(nanoseconds: sum)
    }

    /// How long after `b` the moment `a` is.
    package static func - (a: MonotonicInstant, b: MonotonicInstant) -> Duration {
        let (difference, overflow) = a.nanoseconds.subtractingReportingOverflow(b.nanoseconds)
        return .nanoseconds(overflow ? .max : difference)
    }
}

extension Duration {
    /// The whole span in nanoseconds; beyond 292 years it stays there.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, tooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        return tooLarge || overflow ? (seconds < 0 ? .min : .max) : sum
    }
}
