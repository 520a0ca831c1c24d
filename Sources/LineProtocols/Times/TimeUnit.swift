// SPDX-License-Identifier: Apache-2.0

/// What a number that stands for a time counts, from 1970-01-01T00:00:00Z.
package enum TimeUnit: UInt8, CaseIterable, Sendable {
    case nanoseconds = 0
    case microseconds = 1
    case milliseconds = 2
    case seconds = 3

    /// How many decimal digits of the unit nanoseconds have.
    package var decimalPlaces: Int { Int(rawValue) * 3 }

    /// Nanoseconds of one unit.
    package var nanoseconds: UInt64 {
        switch self {
        case .nanoseconds: 1
        case .microseconds: 1_000
        case .milliseconds: 1_000_000
        case .seconds: 1_000_000_000
        }
    }

    /// The name of a CSV column of times in this unit.
    package var columnName: StaticString {
        switch self {
        case .nanoseconds: "time_ns"
        case .microseconds: "time_us"
        case .milliseconds: "time_ms"
        case .seconds: "time_s"
        }
    }
}

/// How a time may be written.
enum TimeNotation: Equatable {
    /// A number of this unit.
    case number(TimeUnit)
    /// RFC 3339, or a number of seconds: what stands under a plain `time`.
    case anything
}
