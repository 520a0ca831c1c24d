// SPDX-License-Identifier: Apache-2.0

extension AgentConfiguration {
    static let ruleKeys: [Key<RangeRule>] = [
        Key(
            "sensor", \.sensor, .text(maximumBytes: 64), isRequired: true, example: "\"temp1\"",
            "The sensor's name as in its lines."),
        Key("low", \.low, .number, example: "-10.0", "Lower is critical."),
        Key("high", \.high, .number, example: "30.0", "Higher is critical."),
    ]

    static func checkSensors(_ settings: AgentSettings, _ reading: inout TableReading) {
        for (i, rule) in settings.rules.enumerated() {
            if settings.rules[..<i].contains(where: { $0.sensor == rule.sensor }) {
                reading.add(
                    about: "rule.sensor", .repeated(key: "rule.sensor", value: rule.sensor))
            }
            if rule.low == -.infinity && rule.high == .infinity {
                reading.add(about: "rule.sensor", .missingKey("rule.low or rule.high"))
            }
            if rule.low > rule.high {
                reading.add(about: "rule.low", .exceeds(key: "rule.low", other: "rule.high"))
            }
        }
    }
}
