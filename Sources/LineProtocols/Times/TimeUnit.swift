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

    /// The unit that a whole number which nobody declared must be counted in, by its digits: 11 or
    /// fewer are seconds, 12 to 14 milliseconds, 15 to 17 microseconds, more nanoseconds.
    ///
    /// From March 1973 on that is right for all four, until the year 2262, when the nanoseconds
    /// of 64 bits end.
    package static func of(count: UInt64) -> Self {
        switch count {
        case ..<100_000_000_000: .seconds
        case ..<100_000_000_000_000: .milliseconds
        case ..<100_000_000_000_000_000: .microseconds
        default: .nanoseconds
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
    /// RFC 3339, or a number of this unit; nil: of the unit that its digits tell.
    case anything(TimeUnit?)
}
