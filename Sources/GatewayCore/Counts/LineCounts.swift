// SPDX-License-Identifier: Apache-2.0

package import LineProtocols

/// Why a line was refused, as far as counting goes.
package enum RefusalReason: Int, CaseIterable, Sendable {
    /// More bytes than a line may have.
    case tooLong
    /// It fits none of the formats.
    case format
    /// A cell or member is no number.
    case value
    case time
    /// The sensor's name cannot be one.
    case name
    case csv
    case json
    case influx
    case keyValue
    case nmea
    /// Bytes were lost or changed on the way.
    case checksum

    /// The reason behind an error.
    package init(_ error: LineError) {
        switch error {
        case .value: self = .value
        case .time: self = .time
        case .name: self = .name
        case .csv: self = .csv
        case .json: self = .json
        case .influx: self = .influx
        case .keyValue: self = .keyValue
        case .nmea: self = .nmea
        case .checksum: self = .checksum
        case .format: self = .format
        }
    }
}

/// What became of the lines of an input.
package struct LineCounts: Equatable, Sendable {
    /// All lines, the refused ones too.
    package private(set) var lines = 0
    package private(set) var bytes = 0
    /// Texts and nested values, which are no readings.
    package private(set) var skipped = 0
    /// By reason.
    private var refusals = [Int](repeating: 0, count: RefusalReason.allCases.count)

    /// Nothing yet.
    package init() {}

    /// Lines that gave no reading though they should have.
    package var refused: Int { refusals.reduce(0, +) }

    /// Refused for `reason`.
    package func refused(_ reason: RefusalReason) -> Int { refusals[reason.rawValue] }

    /// A line was read.
    package mutating func accept(_ outcome: LineOutcome) {
        lines += 1
        skipped += outcome.skipped
    }

    /// A line was refused; true for the first one of the reason, which is worth a message.
    package mutating func refuse(_ reason: RefusalReason) -> Bool {
        lines += 1
        refusals[reason.rawValue] += 1
        return refusals[reason.rawValue] == 1
    }

    /// So many bytes came.
    package mutating func take(bytes count: Int) { bytes += count }

    /// Adds those of another input.
    package mutating func add(_ other: LineCounts) {
        lines += other.lines
        bytes += other.bytes
        skipped += other.skipped
        for i in refusals.indices { refusals[i] += other.refusals[i] }
    }
}
