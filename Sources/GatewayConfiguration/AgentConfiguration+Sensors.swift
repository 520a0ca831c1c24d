// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

extension AgentConfiguration {
    private typealias SensorKey = Key<SensorSettings>

    /// The longest span that a sensor can have.
    private static let spans: ClosedRange<Duration> = .zero...(.seconds(86_400))

    static let sensorKeys: [Key<SensorSettings>] =
        nameKeys + classKeys + validityKeys + thinningKeys + timeKeys

    private static let nameKeys: [SensorKey] = [
        Key(
            "name", \.name, .text(maximumBytes: 64), isRequired: true, example: "\"temp1\"",
            "The name as in its lines; with a * at the end all that begin so. The name itself "
                + "goes before a beginning, a longer beginning before a shorter one."),
        Key("unit", \.unit, .remark(maximumBytes: 32), "The unit, for whoever reads the values."),
        Key(
            "kind", \.kind, .word,
            "measurement, counter (only rises) or state (few distinct values)."),
        Key(
            "max_error", \.maximumError, .amount,
            "How far a restored value may be off, which makes frames smaller; 0: to the bit."),
        Key(
            "texts", \.texts, .list(of: .mapping),
            "Texts that stand for numbers, as in [\"open=1\", \"closed=0\"]."),
    ]

    private static let classKeys: [SensorKey] = [
        Key(
            "priority", \.rule.base, .priority(.normal...(.disposable)),
            "What a reading is that nothing lifts: 3 sent, 4 kept and sent on request or when "
                + "nothing else is to be sent, 5 only as aggregates."),
        Key("low", \.rule.low, .number, "Lower is lifted to limit_priority."),
        Key("high", \.rule.high, .number, "Higher is lifted to limit_priority."),
        Key(
            "hysteresis", \.rule.hysteresis, .amount,
            "How far a value must come back inside a broken limit before that is over."),
        Key(
            "limit_priority", \.rule.limitPriority, .priority(.critical...(.important)),
            "Beyond a limit: 1 critical, sent at once on frame/alert; 2 important, within 250 ms."),
        Key(
            "step", \.rule.maximumStep, .amount,
            "A larger difference from one reading to the next is lifted to step_priority."),
        Key(
            "step_priority", \.rule.stepPriority, .priority(.critical...(.important)),
            "1 or 2, as limit_priority."),
        Key(
            "rate", \.rule.maximumRate, .amount,
            "A faster change, each second, is lifted to rate_priority."),
        Key(
            "rate_priority", \.rule.ratePriority, .priority(.critical...(.important)),
            "1 or 2, as limit_priority."),
        Key(
            "change", \.change, .word,
            "What a value is that differs from the one before: none, important, critical."),
        Key(
            "hold", \.hold, .duration(spans),
            "Readings keep what a rule lifted them to for so long after the last that broke it."),
        Key(
            "surprise", \.rule.watchesSurprise, .boolean,
            "A reading far from what was to be expected is important, once a second at most."),
    ]

    private static let validityKeys: [SensorKey] = [
        Key("valid_low", \.validity.low, .number, "The sensor cannot give a lower value."),
        Key("valid_high", \.validity.high, .number, "The sensor cannot give a higher value."),
        Key(
            "valid_rate", \.validity.rate, .amount,
            "The sensor cannot change faster, each second."),
        Key(
            "invalid", \.validity.invalid, .word,
            "What becomes of such a reading: flag (sent as it is, its quality is bad) or drop."),
        Key(
            "nan", \.validity.notANumber, .word,
            "What becomes of a NaN: keep (a value like any other), flag or drop."),
    ]

    private static let thinningKeys: [SensorKey] = [
        Key(
            "deadband", \.deadband, .amount,
            "A value that differs by no more from the last one sent is left out; 0: none is."),
        Key(
            "deadband_percent", \.deadbandPercent, .percent,
            "The same in percent of the span from low to high."),
        Key(
            "min_interval", \.minimumInterval, .duration(spans),
            "Readings that come sooner after the last one sent are left out."),
        Key(
            "max_interval", \.maximumInterval, .duration(spans),
            "After so long a reading is sent whatever it says; 0s: never."),
        Key(
            "aggregate", \.aggregate, .duration(.seconds(1)...(.seconds(86_400))),
            "With priority 5: the span of which mean, min, max and count are sent."),
    ]

    private static let timeKeys: [SensorKey] = [
        Key(
            "period", \.period, .duration(spans),
            "The time between readings as it should be; 0s: it is learned."),
        Key(
            "stale_after", \.staleAfter, .duration(spans),
            "Silence that is told as an event; 0s: three periods, at least 10 s."),
    ]

    static func checkSensors(_ settings: AgentSettings, _ reading: inout TableReading) {
        for (i, sensor) in settings.sensors.enumerated() {
            if settings.sensors[..<i].contains(where: { $0.name == sensor.name }) {
                reading.add(
                    about: "sensor.name", .repeated(key: "sensor.name", value: sensor.name))
            }
            let bounds: [(Bool, key: String, other: String)] = [
                (sensor.rule.low > sensor.rule.high, "sensor.low", "sensor.high"),
                (
                    sensor.validity.low > sensor.validity.high, "sensor.valid_low",
                    "sensor.valid_high"
                ),
                (
                    sensor.maximumInterval > .zero
                        && sensor.minimumInterval > sensor.maximumInterval,
                    "sensor.min_interval", "sensor.max_interval"
                ),
            ]
            for bound in bounds where bound.0 {
                reading.add(about: bound.key, .exceeds(key: bound.key, other: bound.other))
            }
            let hasSpan = sensor.rule.low > -.infinity && sensor.rule.high < .infinity
            if sensor.deadbandPercent > 0, !hasSpan {
                reading.add(
                    about: "sensor.deadband_percent", .missingKey("sensor.low and sensor.high"))
            }
        }
    }
}

extension ValueType<Priority> {
    /// A priority as its number.
    static func priority(_ range: ClosedRange<Priority>) -> Self {
        let numbers = Int(range.lowerBound.rawValue)...Int(range.upperBound.rawValue)
        return Self(expectation: .integer(numbers)) { value in
            guard case .integer(let number) = value, numbers.contains(Int(number)) else {
                return nil
            }
            return Priority(rawValue: UInt8(number))
        } write: {
            String($0.rawValue)
        }
    }
}

extension ValueType<Double> {
    /// From zero on; infinity too.
    static var amount: Self {
        Self(expectation: .amount) { value in
            number.read(value).flatMap { $0 >= 0 ? $0 : nil }
        } write: {
            number.write($0)
        }
    }

    /// From 0 to 100.
    static var percent: Self {
        Self(expectation: .percent) { value in
            number.read(value).flatMap { (0...100).contains($0) ? $0 : nil }
        } write: {
            number.write($0)
        }
    }
}

extension ValueType<String> {
    /// A text that may be empty.
    static func remark(maximumBytes: Int) -> Self {
        Self(expectation: .remark(maximumBytes: maximumBytes)) { value in
            guard case .string(let text) = value, text.utf8.count <= maximumBytes,
                !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
            else { return nil }
            return text
        } write: {
            TomlValue.quoted($0)
        }
    }
}
