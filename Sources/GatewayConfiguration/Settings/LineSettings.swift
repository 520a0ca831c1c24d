// SPDX-License-Identifier: Apache-2.0

/// What the lines of one input are made of, where the format leaves that open.
package struct LineSettings: Equatable, Sendable {
    /// What parts the cells of CSV.
    package enum Delimiter: String, CaseIterable, Sendable {
        case comma, semicolon, tab, space
    }

    /// Where times come from.
    package enum TimeSource: String, CaseIterable, Sendable {
        case line, arrival
    }

    /// What times count.
    package enum TimeUnit: String, CaseIterable, Sendable {
        case auto
        case seconds = "s"
        case milliseconds = "ms"
        case microseconds = "us"
        case nanoseconds = "ns"
    }

    /// The cells of lines that have no header; empty where a header or the lines say it.
    package var columns: [String] = []
    /// The sensor of lines that are a number alone.
    package var sensor: String?
    /// What is put before the names of all sensors.
    package var prefix: String?
    /// What parts the cells of CSV.
    package var delimiter = Delimiter.comma
    /// Where times come from.
    package var time = TimeSource.line
    /// What times count that do not say so in their name.
    package var timeUnit = TimeUnit.auto
    /// The place of the time in JSON.
    package var timePath: String?
    /// Lines end in `*` and a checksum.
    package var checksum = false

    /// Lines say all of this themselves.
    package init() {}
}
