// SPDX-License-Identifier: Apache-2.0

/// A double to the shortest text that reads back as the same 64 bits.
///
/// Whole numbers up to 2^53 have no point (`40`), negative zero is `-0.0`, small and large ones
/// have an exponent (`1e-07`, `1.5e+300`). Every finite one is a JSON number and what Python's
/// `float()` reads.
package enum NumberText {
    /// Writes a finite value. Answers false, and writes nothing, for NaN and infinities.
    package static func append(_ value: Double, to text: inout TextBuffer) -> Bool {
        guard value.isFinite else { return false }
        var magnitude = value
        if value.sign == .minus {
            text.append(ASCII.minus)
            magnitude = -value
        }
        if magnitude <= 9_007_199_254_740_992 {
            let whole = UInt64(magnitude)
            if Double(whole) == magnitude {
                text.append(decimal: whole)
                if whole == 0, value.sign == .minus { text.append(".0") }
                return true
            }
            if appendShortDecimal(magnitude, to: &text) { return true }
        }
        // The standard library's text is the shortest that reads back, and a JSON number.
        let description = magnitude.description
        for byte in description.utf8 { text.append(byte) }
        return true
    }

    /// Writes any value, as CSV has it: `nan`, `inf`, `-inf`, and `nan(0x…)` for a NaN with
    /// other bits than 7ff8000000000000.
    package static func appendForCSV(_ value: Double, to text: inout TextBuffer) {
        if append(value, to: &text) { return }
        if value.isInfinite {
            if value < 0 { text.append(ASCII.minus) }
            text.append("inf")
            return
        }
        text.append("nan")
        let bits = value.bitPattern
        guard bits != Double.nan.bitPattern else { return }
        text.append("(0x")
        for nibble in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: bits >> UInt64(60 - 4 * nibble)) & 15
            text.append(digit < 10 ? ASCII.zero + digit : UInt8(ascii: "a") + digit - 10)
        }
        text.append(")")
    }

    /// 10^1 to 10^9.
    private static let powers: InlineArray<9, Double> = [
        1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
    ]

    /// Sensors mostly give a few decimals: digits that divide back to the same double.
    ///
    /// No two decimals of at most 15 digits round to the same double, so the first one found,
    /// with the fewest places, is the shortest text there is.
    private static func appendShortDecimal(
        _ magnitude: Double,
        to text: inout TextBuffer
    ) -> Bool {
        // Below this the usual spelling has an exponent.
        guard magnitude >= 1e-4 else { return false }
        for places in 1...9 {
            let power = powers[places - 1]
            let scaled = magnitude * power
            guard scaled < 1e15 else { return false }
            let digits = UInt64(scaled + 0.5)
            let whole = Double(digits)
            // A cheap look first: a division costs as much as all the rest.
            guard abs(scaled - whole) <= scaled * 0x1p-51, whole / power == magnitude else {
                continue
            }
            let (head, tail) = digits.quotientAndRemainder(dividingBy: UInt64(power))
            text.append(decimal: head)
            text.append(ASCII.dot)
            text.append(decimal: tail, width: places)
            return true
        }
        return false
    }
}
