// SPDX-License-Identifier: Apache-2.0

/// Writes CSV that `CSVReader` reads back to the bit: times exact in their unit, NaN with its
/// bits.
package enum CSVWriter {
    /// The header of the long layout.
    package static func appendLongHeader(unit: TimeUnit, to text: inout TextBuffer) {
        text.append(unit.columnName)
        text.append(",sensor,value\n")
    }

    /// One reading of the long layout. `name` is the sensor's.
    package static func appendLong(
        _ reading: LineReading,
        name: Span<UInt8>,
        unit: TimeUnit,
        to text: inout TextBuffer
    ) {
        TimeText.append(reading.time, in: unit, to: &text)
        text.append(ASCII.comma)
        appendName(name, to: &text)
        text.append(ASCII.comma)
        NumberText.appendForCSV(reading.value, to: &text)
        text.append(ASCII.newline)
    }

    /// A cell with a name, in quotes where RFC 4180, or a blank at an end, needs them.
    package static func appendName(_ name: Span<UInt8>, to text: inout TextBuffer) {
        guard needsQuotes(name) else {
            text.append(name)
            return
        }
        text.append(ASCII.quote)
        for i in name.indices {
            if name[i] == ASCII.quote { text.append(ASCII.quote) }
            text.append(name[i])
        }
        text.append(ASCII.quote)
    }

    private static func needsQuotes(_ name: Span<UInt8>) -> Bool {
        guard name.count > 0 else { return true }
        let last = name[name.count - 1]
        if name[0] == ASCII.space || last == ASCII.space { return true }
        for i in name.indices
        where name[i] == ASCII.comma || name[i] == ASCII.quote || name[i] < 0x20 {
            return true
        }
        return false
    }
}

/// Writes wide CSV: readings of one time, one behind the other, become one line.
///
/// The header names the sensors once and for all. The caller brings the readings in the order
/// of their times; a reading that goes back in time, or a second one of a sensor at the same
/// time, only begins another line, so nothing is lost.
package struct CSVWideWriter: Sendable {
    /// What became of a reading.
    package enum Outcome: Equatable, Sendable {
        case written
        /// The sensor is not in the header; nothing was written.
        case unknownSensor
    }

    private let unit: TimeUnit
    /// The values of the line that is being gathered, and whether each is there.
    private var values: [Double]
    private var isPresent: [Bool]
    private var time: Int64 = 0
    private var isOpen = false

    /// A writer for sensors 0 to `sensorCount` - 1.
    package init(sensorCount: Int, unit: TimeUnit) {
        self.unit = unit
        values = [Double](repeating: 0, count: sensorCount)
        isPresent = [Bool](repeating: false, count: sensorCount)
    }

    /// The header. False, and nothing written, where it could not be read back as a wide one:
    /// for no sensors, and for exactly the two called `sensor` and `value`.
    package func appendHeader(_ names: SensorNames, to text: inout TextBuffer) -> Bool {
        guard values.count > 0, values.count <= names.count, !looksLong(names) else { return false }
        text.append(unit.columnName)
        for sensor in values.indices {
            text.append(ASCII.comma)
            CSVWriter.appendName(names.text.span.extracting(names.range(of: sensor)), to: &text)
        }
        text.append(ASCII.newline)
        return true
    }

    /// Takes a reading; a line is written when the next one begins.
    package mutating func append(_ reading: LineReading, to text: inout TextBuffer) -> Outcome {
        guard values.indices.contains(reading.sensor) else { return .unknownSensor }
        if isOpen, time != reading.time || isPresent[reading.sensor] { finish(to: &text) }
        isOpen = true
        time = reading.time
        values[reading.sensor] = reading.value
        isPresent[reading.sensor] = true
        return .written
    }

    /// Writes the line that is being gathered, if there is one.
    package mutating func finish(to text: inout TextBuffer) {
        guard isOpen else { return }
        isOpen = false
        TimeText.append(time, in: unit, to: &text)
        for sensor in values.indices {
            text.append(ASCII.comma)
            if isPresent[sensor] { NumberText.appendForCSV(values[sensor], to: &text) }
            isPresent[sensor] = false
        }
        text.append(ASCII.newline)
    }

    private func looksLong(_ names: SensorNames) -> Bool {
        guard values.count == 2 else { return false }
        let first = names.range(of: 0)
        let second = names.range(of: 1)
        let text = names.text.span
        return text.equalsIgnoringCase("sensor", from: first.lowerBound, to: first.upperBound)
            && text.equalsIgnoringCase("value", from: second.lowerBound, to: second.upperBound)
    }
}
