// SPDX-License-Identifier: Apache-2.0

package import GatewayConfiguration
package import LineProtocols

extension LineReaderSettings {
    /// How the lines of `input` are to be read; `texts` stand for values.
    init(_ input: InputSettings, texts: TextValues = TextValues()) {
        let lines = input.lines
        self.init(format: input.format.lineFormat)
        columns = lines.columns
        sensor = lines.sensor
        prefix = lines.prefix ?? ""
        delimiter = lines.delimiter.byte
        timeSource = lines.time == .arrival ? .arrival : .line
        timeUnit = lines.timeUnit.unit
        timePath = lines.timePath
        hasChecksum = lines.checksum
        self.texts = texts
    }
}

extension TextValues {
    /// What texts stand for, as the settings of sensors have it.
    init(_ sensors: [SensorSettings]) {
        self.init()
        for sensor in sensors {
            for text in sensor.texts {
                // The settings have been checked.
                guard let (text, value) = SensorSettings.mapping(text) else { continue }
                _ = add(sensor: sensor.name, text: text, value: value)
            }
        }
    }
}

extension InputSettings.Format {
    /// nil: the first line decides.
    package var lineFormat: LineFormat? {
        switch self {
        case .auto: nil
        case .csv: .csv
        case .jsonl: .jsonLines
        case .influx: .influx
        case .keyvalue: .keyValue
        case .number: .number
        case .nmea: .nmea
        }
    }
}

extension LineSettings.Delimiter {
    fileprivate var byte: UInt8 {
        switch self {
        case .comma: UInt8(ascii: ",")
        case .semicolon: UInt8(ascii: ";")
        case .tab: UInt8(ascii: "\t")
        case .space: UInt8(ascii: " ")
        }
    }
}

extension LineSettings.TimeUnit {
    /// nil: as names and digits say.
    fileprivate var unit: LineProtocols.TimeUnit? {
        switch self {
        case .auto: nil
        case .seconds: .seconds
        case .milliseconds: .milliseconds
        case .microseconds: .microseconds
        case .nanoseconds: .nanoseconds
        }
    }
}
