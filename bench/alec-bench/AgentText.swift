// SPDX-License-Identifier: Apache-2.0

import LineProtocols

/// What twenty sensors of a gateway say, in the ways in which lines come.
enum AgentText: String, CaseIterable {
    case csvWide = "CSV, all sensors a line"
    case csvLong = "CSV, a reading a line"
    case jsonWide = "JSON, all sensors a line"
    case jsonLong = "JSON, a reading a line"

    static let sensors = 20
    /// Milliseconds since 1970 of the first line.
    private static let start = 1_790_000_000_000

    /// As the settings call it.
    var format: String {
        switch self {
        case .csvWide, .csvLong: "csv"
        case .jsonWide, .jsonLong: "jsonl"
        }
    }

    var lineFormat: LineFormat { format == "csv" ? .csv : .jsonLines }

    /// `rows` moments, a second apart.
    func bytes(rows: Int) -> [UInt8] {
        let names = (0..<Self.sensors).map { $0 < 10 ? "s0\($0)" : "s\($0)" }
        var state = (0..<Self.sensors).map { SensorWalk(number: $0) }
        var text: [UInt8] = []
        text.reserveCapacity(rows * Self.sensors * 32)
        switch self {
        case .csvWide: text += "time_ms,\(names.joined(separator: ","))\n".utf8
        case .csvLong: text += "time_ms,sensor,value\n".utf8
        case .jsonWide, .jsonLong: break
        }
        for row in 0..<rows {
            let time = Self.start + row * 1000
            switch self {
            case .csvWide: text += "\(time)".utf8
            case .jsonWide: text += "{\"ts\":\(time)".utf8
            case .csvLong, .jsonLong: break
            }
            for sensor in 0..<Self.sensors {
                let value = state[sensor].next()
                switch self {
                case .csvWide: text += ",\(value)".utf8
                case .csvLong: text += "\(time),\(names[sensor]),\(value)\n".utf8
                case .jsonWide: text += ",\"\(names[sensor])\":\(value)".utf8
                case .jsonLong:
                    text += "{\"ts\":\(time),\"sensor\":\"\(names[sensor])\",\"v\":\(value)}\n".utf8
                }
            }
            switch self {
            case .csvWide: text += "\n".utf8
            case .jsonWide: text += "}\n".utf8
            case .csvLong, .jsonLong: break
            }
        }
        return text
    }
}

/// Values as cheap sensors give them: temperatures with two decimals, humidity in halves, counters,
/// switches, voltages with three decimals.
private struct SensorWalk {
    private let number: Int
    private var chance: UInt64
    private var level: Int
    private var step = 0

    init(number: Int) {
        self.number = number
        chance = UInt64(number + 1)
        level = 2000 + 37 * number
    }

    mutating func next() -> String {
        chance = chance &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let noise = Int(chance >> 61) - 3
        step += 1
        switch number % 5 {
        case 0:
            level += noise
            return Self.decimal(level, 2)
        case 1:
            level += noise / 3
            return Self.decimal(level * 5, 1)
        case 2:
            return String(1000 * number + step * (number + 1))
        case 3:
            return chance >> 58 == 0 ? "1" : "0"
        default:
            level += noise * 2
            return Self.decimal(level, 3)
        }
    }

    private static func decimal(_ value: Int, _ places: Int) -> String {
        let scale = places == 1 ? 10 : places == 2 ? 100 : 1000
        let digits = String(value.magnitude % UInt(scale))
        let zeros = String(repeating: "0", count: places - digits.count)
        return "\(value < 0 ? "-" : "")\(value.magnitude / UInt(scale)).\(zeros)\(digits)"
    }
}
