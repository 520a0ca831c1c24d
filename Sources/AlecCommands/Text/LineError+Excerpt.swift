// SPDX-License-Identifier: Apache-2.0

internal import LineProtocols

extension LineError {
    /// Characters of a bad line that a message shows.
    private static let excerptLength = 24

    /// The byte of the line that is at fault.
    func offset(in line: Span<UInt8>) -> Int { min(offset, line.count) }

    /// What stands at the place that is at fault; short.
    func excerpt(of line: Span<UInt8>) -> String {
        let at = offset(in: line)
        // From the beginning of the cell, where the line has cells.
        var start = at
        if isInCell { while start > 0, line[start - 1] != UInt8(ascii: ",") { start -= 1 } }
        // From the number's first digit, of which there may be one too many.
        if case .json(.badNumber, _) = self {
            while start > 0, Self.isOfNumber(line[start - 1]) { start -= 1 }
        }
        var excerpt: [UInt8] = []
        for i in start..<min(line.count, start + Self.excerptLength) {
            if i > at, Self.endsExcerpt(line[i]) { break }
            if line[i] < 0x20 { break }
            excerpt.append(line[i])
        }
        return String(decoding: excerpt, as: UTF8.self)
    }

    /// Whether a cell, member or field ends with this byte.
    private static func endsExcerpt(_ byte: UInt8) -> Bool {
        [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: " ")].contains(byte)
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || "+-.eE".utf8.contains(byte)
    }

    /// Whether the fault lies in a cell of CSV.
    private var isInCell: Bool {
        switch self {
        case .value(_, _, let column), .time(_, _, let column), .name(_, _, let column): column > 0
        case .csv, .json, .influx, .keyValue, .nmea, .checksum, .format: false
        }
    }

    private var offset: Int {
        switch self {
        case .value(_, let at, _), .time(_, let at, _), .name(_, let at, _), .csv(_, let at, _): at
        case .json(_, let at), .influx(_, let at), .keyValue(_, let at), .nmea(_, let at),
            .checksum(_, let at):
            at
        case .format: 0
        }
    }
}
