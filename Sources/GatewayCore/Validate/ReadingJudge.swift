// SPDX-License-Identifier: Apache-2.0

package import AlecCodec

/// What becomes of one reading.
package enum Judgement: Equatable, Sendable {
    /// It is sent with this priority and quality; `lift` says what lifted it.
    case send(Priority, Quality, lift: Classification.Reason?)
    /// It goes into the aggregates of its sensor.
    case sumUp
    case suppress(SuppressionRule)
    case drop
}

/// Decides of each reading whether it can be right, how much it matters, and whether it need be
/// sent.
///
/// In this order: what cannot be right is dropped or flagged; rules and surprise give the
/// priority; what is P3 or less and says nothing new is left out; P5 is summed up. A flagged
/// reading is neither left out nor summed up, as nobody could then see its flag.
///
/// Pure and deterministic. Storage is taken for a sensor when it is added, never for a reading.
package struct ReadingJudge: Sendable {
    /// What was wrong with the reading judged last; nil for nothing.
    package private(set) var finding: Validator.Finding?
    private var validator: Validator
    private var classifier = Classifier()
    private var thinning = Thinning()
    private var aggregates: [Bool] = []

    /// No sensors. If `isStrict`, only sensors that settings name may send.
    package init(isStrict: Bool = false) { validator = Validator(isStrict: isStrict) }

    /// The number of sensors.
    package var count: Int { aggregates.count }

    /// Adds a sensor. `isSummedUp` says that it has channels for its aggregates; without, what
    /// would be summed up is sent as P3.
    package mutating func add(_ policy: SensorPolicy, isSummedUp: Bool) {
        validator.add(policy)
        classifier.add(policy.rule)
        thinning.add(policy)
        aggregates.append(isSummedUp)
    }

    /// Replaces the settings of `sensor`; what was learned of it stays.
    package mutating func set(_ policy: SensorPolicy, of sensor: Int) {
        validator.set(policy, of: sensor)
        classifier.setRule(policy.rule, of: sensor)
        thinning.set(policy, of: sensor)
    }

    /// Whether only sensors that settings name may send.
    package var isStrict: Bool {
        get { validator.isStrict }
        set { validator.isStrict = newValue }
    }

    /// What becomes of the reading, which may get another time.
    @inline(__always)
    package mutating func judge(
        _ reading: inout Reading, _ present: Validator.Present
    ) -> Judgement {
        finding = validator.check(&reading, present)
        if let finding, finding.isDropped { return .drop }
        let result = classifier.classify(reading)
        // What nearly all readings are.
        if result.reason == .base, result.priority == .normal, finding == nil {
            if let rule = thinning.thin(reading) { return .suppress(rule) }
            return .send(.normal, .good, lift: nil)
        }
        return weigh(reading, result)
    }

    private mutating func weigh(_ reading: Reading, _ result: Classification) -> Judgement {
        let quality = finding?.quality ?? .good
        guard result.priority > .important else {
            thinning.sent(reading)
            return .send(result.priority, quality, lift: result.reason)
        }
        let isSummedUp = result.priority == .disposable && aggregates[reading.sensor]
        let priority = result.priority == .disposable ? Priority.normal : result.priority
        guard quality == .good, !reading.value.isNaN else {
            thinning.sent(reading)
            return .send(priority, quality, lift: nil)
        }
        if isSummedUp { return .sumUp }
        if let rule = thinning.thin(reading) { return .suppress(rule) }
        return .send(priority, quality, lift: nil)
    }
}
