// SPDX-License-Identifier: Apache-2.0

/// What was wrong with a reading, or with a line that should have given some.
package enum RejectionReason: Int, CaseIterable, Sendable {
    /// The line could not be read.
    case parse
    /// The line was longer than lines may be.
    case tooLong
    /// The value is one that the sensor cannot give.
    case range
    /// The value changed faster than the sensor can.
    case rate
    case notANumber
    /// No settings name the sensor, and they say that they name all.
    case unknownSensor
    /// The reading comes from the future.
    case time
    /// The source brought more than its share.
    case quota
}

/// What one source brought that was wrong.
///
/// Every reading looked at counts once, and once more for each thing that is wrong with it.
package struct RejectionCounts: Equatable, Sendable {
    /// A reading that was wrong, for whoever looks for the cause.
    package struct Sample: Equatable, Sendable {
        package var sensor: Int
        package var value: Double
        /// Nanoseconds since 1970.
        package var time: Int64
        package var reason: RejectionReason

        /// `value` of `sensor` at `time`.
        package init(sensor: Int, value: Double, time: Int64, reason: RejectionReason) {
            self.sensor = sensor
            self.value = value
            self.time = time
            self.reason = reason
        }
    }

    /// Readings, and lines that gave none.
    package private(set) var seen = 0
    /// The last reading that was wrong.
    package private(set) var lastSample: Sample?
    private var reasons = [Int](repeating: 0, count: RejectionReason.allCases.count)

    /// Nothing yet.
    package init() {}

    /// Rejected for `reason`.
    package subscript(reason: RejectionReason) -> Int { reasons[reason.rawValue] }

    /// All that was wrong.
    package var rejected: Int { reasons.reduce(0, +) }

    /// So many readings came.
    package mutating func see(_ count: Int) { seen += count }

    /// Lines were refused; they are seen only by this.
    package mutating func refuse(lines count: Int, _ reason: RejectionReason) {
        seen += count
        reasons[reason.rawValue] += count
    }

    /// A reading was wrong.
    package mutating func reject(_ sample: Sample) {
        reasons[sample.reason.rawValue] += 1
        lastSample = sample
    }

    /// So many readings, of which none is worth a sample, were wrong for the same reason.
    package mutating func reject(_ count: Int, _ reason: RejectionReason) {
        reasons[reason.rawValue] += count
    }

    /// Forgets everything, on an operator's word.
    package mutating func reset() { self = RejectionCounts() }

    /// Adds those of another source.
    package mutating func add(_ other: RejectionCounts) {
        seen += other.seen
        for i in reasons.indices { reasons[i] += other.reasons[i] }
        lastSample = other.lastSample ?? lastSample
    }
}
