// SPDX-License-Identifier: Apache-2.0

/// The formats of lines that hold readings.
package enum LineFormat: UInt8, CaseIterable, Sendable {
    case csv
    case jsonLines
    case influx
}

/// Tells the format of a stream from its first line that holds anything.
package enum FormatDetector {
    /// What a line says about the format.
    package enum Finding: Equatable, Sendable {
        case format(LineFormat)
        /// Empty, or an Influx comment: the next line may say more.
        case nothing
        /// It can be none of ours.
        case fault(FormatFault)
    }

    /// Looks at one line without its newline.
    package static func examine(_ line: Span<UInt8>) -> Finding {
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
        if CSVReader.isHeader(line) { return .format(.csv) }
        if let delimiter = otherDelimiter(line, end) { return .fault(.otherDelimiter(delimiter)) }
        if isInflux(line) { return .format(.influx) }
        let hasComma = line.firstOffset(of: ASCII.comma, from: 0, to: end) != nil
        return .fault(hasComma ? .noTimeColumn : .unknown)
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

    /// The semicolon or tab behind a time column.
    private static func otherDelimiter(_ line: Span<UInt8>, _ end: Int) -> UInt8? {
        for delimiter in [UInt8(ascii: ";"), ASCII.tab] {
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
            case .name, .csv, .json, .influx, .format: return false
            }
        }
    }
}
