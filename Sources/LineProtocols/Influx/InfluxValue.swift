// SPDX-License-Identifier: Apache-2.0

/// The value of an Influx field that is no string.
enum InfluxValue {
    /// Reads all of `start..<end`: `1.5`, `3i`, `3u`, `t`, `T`, `true`, `True`, `TRUE` and so on.
    @inline(__always)
    static func read(
        _ line: Span<UInt8>,
        from start: Int,
        to end: Int
    ) throws(LineError) -> Double {
        guard start < end else { throw .value(.malformed, at: start, column: 0) }
        let last = line[end &- 1]
        if last &- ASCII.zero < 10 { return try ValueText.number(line, from: start, to: end) }
        if last == UInt8(ascii: "i") || last == UInt8(ascii: "u") {
            return try integer(line, start, end &- 1, isSigned: last == UInt8(ascii: "i"))
        }
        guard let value = boolean(line, start, end) else {
            throw .value(.malformed, at: start, column: 0)
        }
        return value ? 1 : 0
    }

    private static func boolean(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> Bool? {
        func isWord(_ word: StaticString) -> Bool { line.equals(word, from: start, to: end) }
        if isWord("t") || isWord("T") || isWord("true") || isWord("True") || isWord("TRUE") {
            return true
        }
        if isWord("f") || isWord("F") || isWord("false") || isWord("False") || isWord("FALSE") {
            return false
        }
        return nil
    }

    private static func integer(
        _ line: Span<UInt8>,
        _ start: Int,
        _ end: Int,
        isSigned: Bool
    ) throws(LineError) -> Double {
        let isNegative = isSigned && start < end && line[start] == ASCII.minus
        let first = isNegative ? start + 1 : start
        guard first < end else { throw .value(.malformed, at: first, column: 0) }
        var magnitude: UInt64 = 0
        var isTooLarge = false
        for i in first..<end {
            let digit = line[i] &- ASCII.zero
            guard digit < 10 else { throw .value(.malformed, at: i, column: 0) }
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            isTooLarge = isTooLarge || overflow || carry
            magnitude = sum
        }
        let limit = isSigned ? UInt64(Int64.max) + (isNegative ? 1 : 0) : UInt64.max
        guard !isTooLarge, magnitude <= limit else {
            throw .value(.outOfRange, at: start, column: 0)
        }
        let value = Double(magnitude)
        guard UInt64(exactly: value) == magnitude else {
            throw .value(.integerNotExact, at: start, column: 0)
        }
        return isNegative && magnitude != 0 ? -value : value
    }
}
