// SPDX-License-Identifier: Apache-2.0

/// A time of day, for data and for people. It may jump, so nothing waits for it.
package struct WallTime: Comparable, Hashable, Sendable {
    /// Nanoseconds since 1970, UTC.
    package var nanoseconds: Int64

    /// The time `nanoseconds` after 1970 began.
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Whole milliseconds since 1970.
    package var milliseconds: Int64 {
        let quotient = nanoseconds / 1_000_000
        return nanoseconds % 1_000_000 < 0 ? quotient - 1 : quotient
    }

    package static func < (a: WallTime, b: WallTime) -> Bool { a.nanoseconds < b.nanoseconds }
}
