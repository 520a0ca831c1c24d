// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// The lines that the agent reads, and what they say.
struct Feed {
    struct Reading: Hashable {
        var sensor: String
        /// Nanoseconds since 1970.
        var time: Int64
        var bits: UInt64
    }

    /// Which reading of all.
    struct Key: Hashable {
        var sensor: String
        var time: Int64
    }

    /// Above it a reading of sensor `a` is an alert.
    static let limit = 90.0

    private(set) var lines: [(text: String, readings: [Reading])] = []
    private(set) var bits: [Key: UInt64] = [:]

    init(count: Int, hasAlerts: Bool, _ generator: inout SeededGenerator) {
        for i in 0..<count {
            let milliseconds = 1_790_000_000_000 + Int64(i) * 1000
            var names = ["a", "b"]
            if i >= count / 2 { names.append("c") }
            if i >= count * 3 / 4 { names.append("d") }
            var text = "{\"ts\":\(milliseconds)"
            var readings: [Reading] = []
            for name in names where name == "a" || !generator.once(in: 3) {
                var value = Double(generator.below(800)) / 10
                if name == "a", hasAlerts, generator.once(in: 9) { value = 91 }
                if name == "b" { value = generator.unit() }
                text += ",\"\(name)\":\(value)"
                let reading = Reading(
                    sensor: name, time: milliseconds * 1_000_000, bits: value.bitPattern)
                readings.append(reading)
                bits[Key(sensor: name, time: reading.time)] = reading.bits
            }
            lines.append((text + "}\n", readings))
        }
    }
}
