// SPDX-License-Identifier: Apache-2.0

/// One cell of a CSV line (RFC 4180), found and not yet understood.
///
/// Spaces and tabs around a cell do not belong to it, unless they stand between quotes. Where they
/// part the cells, a tab does so each time, and any number of spaces is one.
struct CSVCell {
    /// Where the content is: in the line, or in the reader's scratch bytes.
    var start: Int
    var end: Int
    /// Where the cell begins in the line.
    var offset: Int
    /// The content had doubled quotes; it lies, with single ones, in the scratch bytes.
    var isUnescaped: Bool
    /// The delimiter behind the cell, or the end of the line.
    var next: Int

    var isEmpty: Bool { start == end }

    /// The cell that begins at `start`. `column` is for the error only.
    static func find(
        _ line: Span<UInt8>,
        from start: Int,
        to end: Int,
        column: Int,
        delimiter: UInt8 = ASCII.comma,
        scratch: inout [UInt8]
    ) throws(LineError) -> CSVCell {
        let first = skipBlanks(line, start, end, delimiter)
        if first < end, line[first] == ASCII.quote {
            return try quoted(line, first, end, column, delimiter, &scratch)
        }
        let next = line.firstOffset(of: delimiter, from: first, to: end) ?? end
        if let quote = line.firstOffset(of: ASCII.quote, from: first, to: next) {
            throw .csv(.misplacedQuote, at: quote, column: column)
        }
        var last = next
        while last > first, isBlank(line[last - 1], delimiter) { last -= 1 }
        return CSVCell(
            start: first, end: last, offset: first, isUnescaped: false,
            next: lastDelimiter(line, next, end, delimiter))
    }

    private static func quoted(
        _ line: Span<UInt8>,
        _ quote: Int,
        _ end: Int,
        _ column: Int,
        _ delimiter: UInt8,
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
            let next =
                delimiter == ASCII.space
                ? found + 1 : skipBlanks(line, found + 1, end, delimiter)
            guard next == end || line[next] == delimiter else {
                throw .csv(.misplacedQuote, at: next, column: column)
            }
            return CSVCell(
                start: isUnescaped ? 0 : quote + 1,
                end: isUnescaped ? scratch.count : found,
                offset: quote,
                isUnescaped: isUnescaped,
                next: lastDelimiter(line, next, end, delimiter)
            )
        }
    }

    /// Of spaces in a row the last one parts the cells; at the end of the line none does.
    @inline(__always)
    private static func lastDelimiter(
        _ line: Span<UInt8>, _ start: Int, _ end: Int, _ delimiter: UInt8
    ) -> Int {
        guard delimiter == ASCII.space, start < end else { return start }
        var i = start
        while i < end, line[i] == ASCII.space { i += 1 }
        return i == end ? end : i - 1
    }

    /// Spaces do not belong to a cell even where they part cells.
    @inline(__always)
    private static func isBlank(_ byte: UInt8, _ delimiter: UInt8) -> Bool {
        byte == ASCII.space || byte == ASCII.tab && delimiter != ASCII.tab
    }

    @inline(__always)
    private static func skipBlanks(
        _ line: Span<UInt8>, _ start: Int, _ end: Int, _ delimiter: UInt8
    ) -> Int {
        var i = start
        while i < end, isBlank(line[i], delimiter) { i += 1 }
        return i
    }
}
