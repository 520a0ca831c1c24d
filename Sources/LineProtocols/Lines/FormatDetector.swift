// SPDX-License-Identifier: Apache-2.0

/// The formats of lines that hold readings.
package enum LineFormat: UInt8, CaseIterable, Sendable {
    case csv
    case jsonLines
    case influx
    /// `key=value` or `key:value`.
    case keyValue
    /// Numbers and nothing else.
    case number
    /// `$…*CS`.
    case nmea
}

/// Tells the format of a stream from its first line that holds anything.
///
/// Prose is none: each word of a list has its number or text, and numbers alone have no commas,
/// which rather are those of CSV without its header.
package enum FormatDetector {
    /// What a line says about the format.
    package enum Finding: Equatable, Sendable {
        case format(LineFormat)
        /// Empty, or an Influx comment: the next line may say more.
        case nothing
        /// It can be none of ours.
        case fault(FormatFault)
    }

    /// Looks at one line without its newline; `delimiter` parts the cells of CSV.
    package static func examine(
        _ line: Span<UInt8>, delimiter: UInt8 = UInt8(ascii: ",")
    ) -> Finding {
        let end = line.endWithoutReturn
        var i = 0
        while i < end, line[i] == ASCII.space || line[i] == ASCII.tab { i += 1 }
        guard i < end else { return .nothing }
        if let fault = binaryFault(line, end) { return .fault(fault) }
        switch line[i] {
        case ASCII.openBrace: return .format(.jsonLines)
        case ASCII.openBracket: return .fault(.jsonArray)
        case UInt8(ascii: "#"): return .nothing
        default: break
        }
        if CSVReader.isHeader(line, delimiter: delimiter) { return .format(.csv) }
        if let other = otherDelimiter(line, end, than: delimiter) {
            return .fault(.otherDelimiter(other))
        }
        if NMEAReader.isSentence(line) { return .format(.nmea) }
        var keyValue = KeyValueReader(LineReaderSettings())
        // Influx has measurements with an equals sign, and nobody has them.
        if hasValueFirst(line, i, end), keyValue.isCertain(line) { return .format(.keyValue) }
        if isInflux(line) { return .format(.influx) }
        if keyValue.isCertain(line) { return .format(.keyValue) }
        if isNumbers(line, i, end) { return .format(.number) }
        let hasComma = line.firstOffset(of: ASCII.comma, from: 0, to: end) != nil
        return .fault(hasComma ? .noTimeColumn : .unknown)
    }

    /// Whether there is an equals sign where an Influx line has its measurement.
    private static func hasValueFirst(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        let first = DeviceList.wordEnd(line, start, end)
        return line.firstOffset(of: ASCII.equals, from: start, to: first) != nil
    }

    /// Whether there are numbers, parted by blanks.
    private static func isNumbers(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var values = DeviceValue()
        var i = start
        while i < end {
            var next = i
            while next < end, !DeviceList.isBlank(line[next]) { next += 1 }
            let isWord = line[i] | 0x20 >= 0x61
            guard !isWord, (try? values.read(line, from: i, to: next)) ?? nil != nil else {
                return false
            }
            i = DeviceList.skipBlanks(line, next, end)
        }
        return true
    }

    private static func binaryFault(_ line: Span<UInt8>, _ end: Int) -> FormatFault? {
        func begins(_ bytes: [UInt8]) -> Bool {
            guard end >= bytes.count else { return false }
            for i in bytes.indices where line[i] != bytes[i] { return false }
            return true
        }
        // The file mark of `.alec` ends in a newline, so a line holds the bytes before it.
        if begins([0x89, 0x41, 0x4C, 0x45, 0x43]) { return .alecStream }
        if begins([0x1F, 0x8B]) || begins([0x28, 0xB5, 0x2F, 0xFD]) { return .compressed }
        if begins([0xFF, 0xFE]) || begins([0xFE, 0xFF]) { return .utf16 }
        for i in 0..<end where line[i] < 0x20 && line[i] != ASCII.tab {
            return .binary
        }
        return UTF8Check.firstFault(in: line, from: 0, to: end) == nil ? nil : .binary
    }

    /// The comma, semicolon or tab behind a time column.
    private static func otherDelimiter(
        _ line: Span<UInt8>, _ end: Int, than known: UInt8
    ) -> UInt8? {
        for delimiter in [ASCII.semicolon, ASCII.tab, ASCII.comma] where delimiter != known {
            guard let first = line.firstOffset(of: delimiter, from: 0, to: end) else { continue }
            if CSVReader.isHeader(line.extracting(0..<first)) { return delimiter }
        }
        return nil
    }

    /// Whether the line is built like an Influx point, whatever its values are.
    private static func isInflux(_ line: Span<UInt8>) -> Bool {
        var reader = InfluxReader()
        var names = SensorNames()
        var readings = LineReadings()
        do throws(LineError) {
            _ = try reader.read(line, arrival: 0, names: &names, into: &readings)
            return true
        } catch {
            switch error {
            // These are found only behind a measurement, a space and a field's name.
            case .value, .time: return true
            case .name, .csv, .json, .influx, .keyValue, .nmea, .checksum, .format: return false
            }
        }
    }
}
