// SPDX-License-Identifier: Apache-2.0

/// Rows of readings of sensors that do not exist, as text.
struct Simulation {
    private let format: Options.Simulate.Format
    /// Milliseconds since 1970 of the first row.
    private let start: Int64
    private let period: Int64
    /// nil for no end.
    private let rows: Int64?
    private var sensors: [SimulatedSensor]
    private var row: Int64 = 0

    init(_ options: Options.Simulate, start: Int64, seconds: Int?) {
        format = options.format
        self.start = start
        period = options.periodNanoseconds
        rows = seconds.map { (Int64($0) * 1_000_000_000 + options.periodNanoseconds - 1) }
            .map { max(1, $0 / options.periodNanoseconds) }
        sensors = (0..<options.sensors).map {
            SimulatedSensor(index: $0, seed: UInt64(options.seed))
        }
    }

    /// When the next row is due, in nanoseconds since the first; nil at the end.
    var due: Int64? {
        if let rows, row >= rows { return nil }
        return row * period
    }

    /// What stands above the first row.
    func appendHead(to text: inout [UInt8]) {
        guard format == .csv else { return }
        text += Array("time_ms".utf8)
        for sensor in sensors {
            text.append(UInt8(ascii: ","))
            text += sensor.name
        }
        text.append(UInt8(ascii: "\n"))
    }

    /// The next row: a line of CSV, or a line of JSON for each sensor.
    mutating func appendRow(to text: inout [UInt8]) {
        let elapsed = row * period
        row += 1
        let time = Array(String(start + (elapsed + 500_000) / 1_000_000).utf8)
        switch format {
        case .csv:
            text += time
            for i in sensors.indices {
                text.append(UInt8(ascii: ","))
                Self.append(sensors[i].value(at: elapsed / 1000), sensors[i].kind, to: &text)
            }
            text.append(UInt8(ascii: "\n"))
        case .jsonLines:
            for i in sensors.indices {
                text += Array("{\"ts\":".utf8)
                text += time
                text += Array(",\"sensor\":\"".utf8)
                text += sensors[i].name
                text += Array("\",\"v\":".utf8)
                Self.append(sensors[i].value(at: elapsed / 1000), sensors[i].kind, to: &text)
                text += Array("}\n".utf8)
            }
        }
    }

    /// With as many digits behind the point as the kind has.
    private static func append(_ value: Int64, _ kind: SensorKind, to text: inout [UInt8]) {
        var digits = Array(String(value.magnitude).utf8)
        while digits.count <= kind.decimals { digits.insert(UInt8(ascii: "0"), at: 0) }
        if value < 0 { text.append(UInt8(ascii: "-")) }
        let point = digits.count - kind.decimals
        text += digits[..<point]
        guard kind.decimals > 0 else { return }
        text.append(UInt8(ascii: "."))
        text += digits[point...]
    }
}
