// SPDX-License-Identifier: Apache-2.0

package import AlecCodec

/// Leaves out readings that say nothing new.
///
/// What was left out is between the last reading sent and the next: a reader knows that the value
/// did not leave the deadband, as far as the deadband goes.
package struct Thinning: Sendable {
    private struct Sensor: Sendable {
        var rule: ThinningRule
        var sentValue = 0.0
        var sentTime: Int64 = 0
        var hasSent = false
    }

    private var sensors: [Sensor] = []

    /// No sensors.
    package init() {}

    /// Adds a sensor.
    package mutating func add(_ policy: SensorPolicy) {
        sensors.append(Sensor(rule: policy.thinning))
    }

    /// Replaces what is set of `sensor`; the last value sent stays.
    package mutating func set(_ policy: SensorPolicy, of sensor: Int) {
        sensors[sensor].rule = policy.thinning
    }

    /// Why the reading need not be sent; nil sends it.
    @inline(__always)
    package mutating func thin(_ reading: Reading) -> SuppressionRule? {
        guard sensors[reading.sensor].rule.isActive else { return nil }
        return Self.thin(reading, &sensors[reading.sensor])
    }

    /// The reading is sent for another reason: the next are held against it.
    @inline(__always)
    package mutating func sent(_ reading: Reading) {
        guard sensors[reading.sensor].rule.isActive else { return }
        Self.note(reading, &sensors[reading.sensor])
    }

    private static func thin(_ reading: Reading, _ sensor: inout Sensor) -> SuppressionRule? {
        guard sensor.hasSent else {
            note(reading, &sensor)
            return nil
        }
        let rule = sensor.rule
        let apart = reading.time.subtractingReportingOverflow(sensor.sentTime)
        // A clock that was set back begins anew.
        let elapsed = apart.overflow || apart.partialValue < 0 ? Int64.max : apart.partialValue
        if elapsed < rule.minimumInterval { return .minimumInterval }
        let isDue = rule.maximumInterval > 0 && elapsed >= rule.maximumInterval
        if !isDue, rule.deadband > 0,
            (reading.value - sensor.sentValue).magnitude <= rule.deadband
        {
            return .deadband
        }
        note(reading, &sensor)
        return nil
    }

    private static func note(_ reading: Reading, _ sensor: inout Sensor) {
        // Nothing can be held against a NaN, so whatever follows it is sent.
        sensor.sentValue = reading.value
        sensor.sentTime = reading.time
        sensor.hasSent = true
    }
}
