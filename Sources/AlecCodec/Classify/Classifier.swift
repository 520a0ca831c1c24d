// SPDX-License-Identifier: Apache-2.0

/// Gives each reading its priority, with a reason.
///
/// Pure and deterministic: time is that of the readings, and equal readings in equal order get
/// equal answers. It changes no value and drops nothing. Storage is taken for each sensor when
/// the sensor is added, never for a reading.
///
/// Rules come first and alone give P1; a surprise lifts to P2 at most. All that apply are
/// looked at, the most urgent decides, and among equals limit, step, rate, change, hold, surprise
/// in this order.
public struct Classifier: Sendable {
    private struct Sensor {
        var rule: SensorRule
        /// The limit that is broken, and stays so until the hysteresis is overcome.
        var broken = Side.none
        /// The last finite reading, if `hasLast`.
        var lastValue = 0.0
        var lastTime: Int64 = 0
        var hasLast = false
        var meter = SurpriseMeter()
        /// When the last surprise was let through, if `wasSurprised`.
        var surprisedAt: Int64 = 0
        var wasSurprised = false
        /// When a rule last lifted a reading, and to what; nil before the first time.
        var liftedAt: Int64 = 0
        var lifted: Priority?
    }

    private enum Side: Sendable { case none, low, high }

    private let surprise: SurpriseSettings
    private var sensors: [Sensor] = []

    /// A classifier for as many sensors as there are rules; a reading's sensor is the index.
    public init(rules: [SensorRule] = [], surprise: SurpriseSettings = SurpriseSettings()) {
        self.surprise = surprise
        sensors.reserveCapacity(rules.count)
        for rule in rules { add(rule) }
    }

    /// The number of sensors.
    public var count: Int { sensors.count }

    /// Adds a sensor; its index is the count before.
    public mutating func add(_ rule: SensorRule) {
        precondition(rule.isConsistent, "the bounds of a rule must not contradict each other")
        sensors.append(Sensor(rule: rule))
    }

    /// Replaces the rule of a sensor; what was learned of its values stays.
    public mutating func setRule(_ rule: SensorRule, of sensor: Int) {
        precondition(rule.isConsistent, "the bounds of a rule must not contradict each other")
        sensors[sensor].rule = rule
        // Their limits and their time may be gone.
        sensors[sensor].broken = .none
        sensors[sensor].lifted = nil
    }

    /// The priority of `reading`, and why. Learns from it.
    public mutating func classify(_ reading: Reading) -> Classification {
        precondition(sensors.indices.contains(reading.sensor), "a sensor is added before it reads")
        return Self.classify(reading, &sensors[reading.sensor], surprise)
    }

    private static func classify(
        _ reading: Reading, _ sensor: inout Sensor, _ settings: SurpriseSettings
    ) -> Classification {
        var result = Classification(priority: sensor.rule.base, reason: .base)
        checkLimits(reading.value, &sensor, &result)
        guard reading.value.isFinite else {
            checkNotFinite(reading.value, sensor.rule, &result)
            hold(reading.time, &sensor, &result)
            return result
        }
        checkChange(reading, sensor, &result)
        if let priority = sensor.rule.changePriority, sensor.hasLast,
            reading.value != sensor.lastValue
        {
            result.raise(to: priority, because: .change(from: sensor.lastValue))
        }
        hold(reading.time, &sensor, &result)
        if sensor.rule.watchesSurprise {
            checkSurprise(reading, &sensor, settings, &result)
        }
        sensor.lastValue = reading.value
        sensor.lastTime = reading.time
        sensor.hasLast = true
        return result
    }

    /// A NaN neither breaks a limit nor shows that it is kept: what is broken stays broken.
    private static func checkLimits(
        _ value: Double, _ sensor: inout Sensor, _ result: inout Classification
    ) {
        guard !value.isNaN else { return }
        let rule = sensor.rule
        if value > rule.high {
            sensor.broken = .high
            result.raise(to: rule.limitPriority, because: .tooHigh(value: value, limit: rule.high))
            return
        }
        if value < rule.low {
            sensor.broken = .low
            result.raise(to: rule.limitPriority, because: .tooLow(value: value, limit: rule.low))
            return
        }
        switch sensor.broken {
        case .none:
            return
        case .high where value > rule.high - rule.hysteresis:
            result.raise(
                to: rule.limitPriority,
                because: .stillHigh(value: value, clearsAt: rule.high - rule.hysteresis))
        case .low where value < rule.low + rule.hysteresis:
            result.raise(
                to: rule.limitPriority,
                because: .stillLow(value: value, clearsAt: rule.low + rule.hysteresis))
        case .low, .high:
            sensor.broken = .none
        }
    }

    private static func checkNotFinite(
        _ value: Double, _ rule: SensorRule, _ result: inout Classification
    ) {
        let reason: Classification.Reason = value.isNaN ? .notANumber : .infinite(value: value)
        result.raise(to: rule.notFinitePriority ?? rule.base, because: reason)
    }

    private static func checkChange(
        _ reading: Reading, _ sensor: Sensor, _ result: inout Classification
    ) {
        guard sensor.hasLast else { return }
        let rule = sensor.rule
        let size = (reading.value - sensor.lastValue).magnitude
        if size > rule.maximumStep {
            result.raise(
                to: rule.stepPriority, because: .step(size: size, maximum: rule.maximumStep))
        }
        // Without time between the readings there is no rate; back in time there is none either.
        guard rule.maximumRate < .infinity, reading.time > sensor.lastTime else { return }
        // Later than the reading before, so the distance fits without a sign.
        let elapsed = Double(UInt64(bitPattern: reading.time &- sensor.lastTime))
        // Compared without a division, so that exactly the maximum is never above it.
        if size * 1e9 > rule.maximumRate * elapsed {
            result.raise(
                to: rule.ratePriority,
                because: .rate(perSecond: size * 1e9 / elapsed, maximum: rule.maximumRate))
        }
    }

    /// What a rule lifted stays lifted for a while, so that an alarm comes with what follows it.
    private static func hold(
        _ time: Int64, _ sensor: inout Sensor, _ result: inout Classification
    ) {
        guard sensor.rule.holdNanoseconds > 0 else { return }
        if result.priority < sensor.rule.base {
            sensor.lifted = result.priority
            sensor.liftedAt = time
            return
        }
        guard let lifted = sensor.lifted else { return }
        // In either direction: a clock that was set back must not hold for ever.
        let apart = time.subtractingReportingOverflow(sensor.liftedAt)
        if !apart.overflow, apart.partialValue.magnitude < sensor.rule.holdNanoseconds.magnitude {
            result.raise(to: lifted, because: .held(nanoseconds: apart.partialValue))
        } else {
            sensor.lifted = nil
        }
    }

    private static func checkSurprise(
        _ reading: Reading, _ sensor: inout Sensor, _ settings: SurpriseSettings,
        _ result: inout Classification
    ) {
        guard let measure = sensor.meter.surprise(of: reading.value, settings) else { return }
        if sensor.wasSurprised {
            // In either direction: a clock that was set back must not silence the sensor.
            let apart = reading.time.subtractingReportingOverflow(sensor.surprisedAt)
            let isNear = apart.partialValue.magnitude < settings.restNanoseconds.magnitude
            guard apart.overflow || !isNear else { return }
        }
        sensor.wasSurprised = true
        sensor.surprisedAt = reading.time
        result.raise(
            to: .important, because: .surprise(ratio: measure.ratio, expected: measure.expected))
    }
}
