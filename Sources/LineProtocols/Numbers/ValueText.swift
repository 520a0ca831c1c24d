// SPDX-License-Identifier: Apache-2.0

/// Text to the nearest double: JSON numbers everywhere, and the words that stand for values in CSV.
package enum ValueText {
    /// Reads all of `start..<end` as a JSON number, correctly rounded.
    ///
    /// Nothing around it, no `+`, no `.5`, no leading zeros. A number beyond the largest double
    /// is refused and not made infinite. Whole numbers are rounded like others: Influx lines write
    /// those that are to stay whole in a way of their own.
    package static func number(
        _ text: Span<UInt8>,
        from start: Int,
        to end: Int,
        column: Int = 0
    ) throws(LineError) -> Double {
        let value = try decimal(text, start, end, column).rounded(text, start, end)
        guard value.isFinite else { throw .value(.outOfRange, at: start, column: column) }
        return value
    }

    private static func decimal(
        _ text: Span<UInt8>, _ start: Int, _ end: Int, _ column: Int
    ) throws(LineError) -> Decimal {
        var next = start
        guard let decimal = Decimal.scan(text, from: start, to: end, next: &next), next == end
        else {
            throw .value(.malformed, at: next, column: column)
        }
        return decimal
    }

    /// Reads all of `start..<end` as CSV writes a value: a number, or in letters of any case
    /// `nan`, `inf`, `-inf`, `true`, `false`, or `nan(0x7ff8000000000001)` with the sixteen
    /// digits of the bits of a NaN.
    package static func csvValue(
        _ text: Span<UInt8>,
        from start: Int,
        to end: Int,
        column: Int = 0
    ) throws(LineError) -> Double {
        guard start < end else { throw .value(.malformed, at: start, column: column) }
        switch text[start] | 0x20 {
        case UInt8(ascii: "n"):
            return try nan(text, start, end, column)
        case UInt8(ascii: "i") where text.equalsIgnoringCase("inf", from: start, to: end):
            return .infinity
        case ASCII.minus where text.equalsIgnoringCase("-inf", from: start, to: end):
            return -.infinity
        case UInt8(ascii: "t") where text.equalsIgnoringCase("true", from: start, to: end):
            return 1
        case UInt8(ascii: "f") where text.equalsIgnoringCase("false", from: start, to: end):
            return 0
        default:
            return try decimal(text, start, end, column).value(text, start, end, column: column)
        }
    }

    private static func nan(
        _ text: Span<UInt8>,
        _ start: Int,
        _ end: Int,
        _ column: Int
    ) throws(LineError) -> Double {
        if text.equalsIgnoringCase("nan", from: start, to: end) { return .nan }
        let digits = start + 6
        guard end - start == 23, text.equalsIgnoringCase("nan(0x", from: start, to: digits),
            text[end - 1] == UInt8(ascii: ")")
        else { throw .value(.malformed, at: start, column: column) }
        var bits: UInt64 = 0
        for i in digits..<(end - 1) {
            guard let digit = ASCII.hexValue(text[i]) else {
                throw .value(.malformed, at: i, column: column)
            }
            bits = bits << 4 | digit
        }
        let value = Double(bitPattern: bits)
        guard value.isNaN else { throw .value(.notNaNBits, at: digits, column: column) }
        return value
    }
}
