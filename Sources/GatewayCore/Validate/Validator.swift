// SPDX-License-Identifier: Apache-2.0

package import AlecCodec

/// Finds readings that cannot be right.
///
/// Pure: how late it can be at the most is told by the caller, who has the clocks.
package struct Validator: Sendable {
    /// What was found, and what becomes of the reading.
    package struct Finding: Equatable, Sendable {
        package var reason: RejectionReason
        /// The reading is not to be sent.
        package var isDropped: Bool
        /// What the reading carries if it is sent.
        package var quality: Quality

        /// `reason`, and what follows from it.
        package init(_ reason: RejectionReason, isDropped: Bool = false, _ quality: Quality) {
            self.reason = reason
            self.isDropped = isDropped
            self.quality = quality
        }
    }

    /// How late the times of readings can be.
    package struct Present: Equatable, Sendable {
        /// The time that a reading has that comes from the future; nil where the own clock is
        /// not known to be right, so that the reading keeps its own.
        package var replacement: Int64?
        /// Later is the future.
        package var latest: Int64

        /// The distance of the future.
        package static let tolerance: Int64 = 300_000_000_000

        /// It is `now`, by a clock that is right or not.
        package init(now: Int64, isSynchronised: Bool) {
            replacement = isSynchronised ? now : nil
            latest = now.addingReportingOverflow(Self.tolerance).partialValue
        }

        /// Nobody knows what time it is.
        package static var unknown: Present {
            var present = Present(now: 0, isSynchronised: false)
            present.latest = .max
            return present
        }
    }

    private struct Sensor: Sendable {
        var rule: ValidityRule
        var isDeclared: Bool
        /// Something can be wrong with a number.
        var isBounded: Bool
        var lastValue = 0.0
        var lastTime: Int64 = 0
        var hasLast = false
    }

    /// Readings of sensors that no settings name are dropped.
    package var isStrict: Bool
    private var sensors: [Sensor] = []

    /// No sensors.
    package init(isStrict: Bool = false) { self.isStrict = isStrict }

    /// Adds a sensor.
    package mutating func add(_ policy: SensorPolicy) { sensors.append(Self.sensor(policy)) }

    /// Replaces what is set of `sensor`; its last value stays.
    package mutating func set(_ policy: SensorPolicy, of sensor: Int) {
        var new = Self.sensor(policy)
        new.lastValue = sensors[sensor].lastValue
        new.lastTime = sensors[sensor].lastTime
        new.hasLast = sensors[sensor].hasLast
        sensors[sensor] = new
    }

    /// What is wrong with the reading; nil for nothing. One from the future may get another time.
    @inline(__always)
    package mutating func check(_ reading: inout Reading, _ present: Present) -> Finding? {
        // What nearly all readings are.
        if !sensors[reading.sensor].isBounded, !isStrict, reading.time <= present.latest,
            !reading.value.isNaN
        {
            return nil
        }
        return Self.examine(&reading, &sensors[reading.sensor], present, isStrict)
    }

    /// The worst of what is wrong decides.
    private static func examine(
        _ reading: inout Reading, _ sensor: inout Sensor, _ present: Present, _ isStrict: Bool
    ) -> Finding? {
        if isStrict, !sensor.isDeclared {
            return Finding(.unknownSensor, isDropped: true, .bad)
        }
        var future: Finding?
        if reading.time > present.latest {
            if let replacement = present.replacement { reading.time = replacement }
            future = Finding(.time, .time)
        }
        guard !reading.value.isNaN else {
            return switch sensor.rule.notANumber {
            case .keep: future ?? Finding(.notANumber, .good)
            case .flag: Finding(.notANumber, .bad)
            case .drop: Finding(.notANumber, isDropped: true, .bad)
            }
        }
        let isDropped = sensor.rule.invalid == .drop
        if reading.value < sensor.rule.low || reading.value > sensor.rule.high {
            return Finding(.range, isDropped: isDropped, .bad)
        }
        let isTooFast = isTooFast(reading, sensor)
        // Also after a leap, so that a sensor that stays where it went is believed again.
        sensor.lastValue = reading.value
        sensor.lastTime = reading.time
        sensor.hasLast = true
        return isTooFast ? Finding(.rate, isDropped: isDropped, .bad) : future
    }

    private static func isTooFast(_ reading: Reading, _ sensor: Sensor) -> Bool {
        guard sensor.rule.rate < .infinity, sensor.hasLast, reading.time > sensor.lastTime else {
            return false
        }
        // Later than the reading before, so the distance fits without a sign.
        let elapsed = Double(UInt64(bitPattern: reading.time &- sensor.lastTime))
        return (reading.value - sensor.lastValue).magnitude * 1e9 > sensor.rule.rate * elapsed
    }

    private static func sensor(_ policy: SensorPolicy) -> Sensor {
        let rule = policy.validity
        let isBounded =
            rule.low > -.infinity || rule.high < .infinity || rule.rate < .infinity
        return Sensor(rule: rule, isDeclared: policy.isDeclared, isBounded: isBounded)
    }
}
