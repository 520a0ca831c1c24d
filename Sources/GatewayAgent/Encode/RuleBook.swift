// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayConfiguration
internal import LineProtocols

/// Which readings are critical, by the operator's rules.
struct RuleBook {
    private struct Bounds {
        var low: Double
        var high: Double
    }

    private let rules: [RangeRule]
    /// By sensor; nil where no rule names it. Empty as long as no rule names any sensor.
    private var bounds: [Bounds?] = []
    private var hasBounds = false

    init(_ rules: [RangeRule]) { self.rules = rules }

    /// Looks up the rules of the sensors from `start` on.
    mutating func meet(_ names: borrowing SensorNames, from start: Int) {
        guard !rules.isEmpty else { return }
        for sensor in start..<names.count {
            let name = String(decoding: names.text[names.range(of: sensor)], as: UTF8.self)
            // The last rule of a name counts, as with options.
            let rule = rules.last { $0.sensor == name }
            bounds.append(rule.map { Bounds(low: $0.low, high: $0.high) })
            if rule != nil { hasBounds = true }
        }
    }

    /// Whether the reading lies outside its sensor's range. A NaN lies nowhere.
    @inline(__always)
    func isCritical(_ reading: Reading) -> Bool {
        guard hasBounds, let bounds = bounds[reading.sensor] else { return false }
        return reading.value < bounds.low || reading.value > bounds.high
    }
}
