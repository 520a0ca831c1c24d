// SPDX-License-Identifier: Apache-2.0

/// One cell of a CSV line (RFC 4180), found and not yet understood.
///
/// Spaces and tabs around a cell do not belong to it, unless they stand between quotes.
struct CSVCell {
    /// Where the content is: in the line, or in the reader's scratch bytes.
    var start: Int
    var end: Int
    /// Where the cell begins in the line.
    var offset: Int
    /// The content had doubled quotes; it lies, with single ones, in the scratch bytes.
    var isUnescaped: Bool
    /// The comma behind the cell, or the end of the line.
    var next: Int

    var isEmpty: Bool { start == end }

    /// The cell that begins at `start`. `column` is for the error only.
    static func find(
        _ line: Span<UInt8>,
        from start: Int,
        to end: Int,
        column: Int,
        scratch: inout [UInt8]
    ) throws(LineError) -> CSVCell {
        let first = skipBlanks(line, start, end)
        if first < end, line[first] == ASCII.quote {
            return try quoted(line, first, end, column, &scratch)
        }
        let next = line.firstOffset(of: ASCII.comma, from: first, to: end) ?? end
        if let quote = line.firstOffset(of: ASCII.quote, from: first, to: next) {
            throw .csv(.misplacedQuote, at: quote, column: column)
        }
        var last = next
        while last > first, isBlank(line[last - 1]) { last -= 1 }
        return CSVCell(start: first, end: last, offset: first, isUnescaped: false, next: next)
    }

    private static func quoted(
        _ line: Span<UInt8>,
        _ quote: Int,
        _ end: Int,
        _ column: Int,
        _ scratch: inout [UInt8]
    ) throws(LineError) -> CSVCell {
        var i = quote + 1
        var copied = i
        var isUnescaped = false
        while true {
            guard let found = line.firstOffset(of: ASCII.quote, from: i, to: end) else {
                throw .csv(.unterminatedQuote, at: quote, column: column)
            }
            let isDoubled = found + 1 < end && line[found + 1] == ASCII.quote
            if isDoubled || isUnescaped {
                if !isUnescaped { scratch.removeAll(keepingCapacity: true) }
                isUnescaped = true
                // With the first of two quotes, without the closing one.
                for k in copied..<(isDoubled ? found + 1 : found) { scratch.append(line[k]) }
                copied = found + 2
            }
            i = found + 2
            if isDoubled { continue }
            let next = skipBlanks(line, found + 1, end)
            guard next == end || line[next] == ASCII.comma else {
                throw .csv(.misplacedQuote, at: next, column: column)
            }
            return CSVCell(
                start: isUnescaped ? 0 : quote + 1,
                end: isUnescaped ? scratch.count : found,
                offset: quote,
                isUnescaped: isUnescaped,
                next: next
            )
        }
    }

    @inline(__always)
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == ASCII.space || byte == ASCII.tab
    }

    @inline(__always)
    private static func skipBlanks(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var i = start
        while i < end, isBlank(line[i]) { i += 1 }
        return i
    }
}
