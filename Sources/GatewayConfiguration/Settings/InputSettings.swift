// SPDX-License-Identifier: Apache-2.0

/// One place where readings come from.
package struct InputSettings: Equatable, Sendable {
    /// What kind of place.
    package enum Place: Equatable, Sendable {
        case standardInput
        /// A serial device and its speed.
        case serial(path: String, baud: Int)
    }

    /// How readings are written.
    package enum Format: String, CaseIterable, Sendable {
        case auto
        case csv
        case jsonl
        case influx
    }

    /// Where.
    package var place = Place.standardInput
    /// How.
    package var format = Format.auto
    /// The readings that it may bring each second; 0 for any number.
    package var quota = 0

    /// stdin, in whatever format its first line has.
    package init() {}
}
