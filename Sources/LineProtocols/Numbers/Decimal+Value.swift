// SPDX-License-Identifier: Apache-2.0

extension Decimal {
    /// The nearest double to the number in `start..<end`, which is what was scanned.
    ///
    /// Refuses what is too large, and a whole number, written without point and exponent, that no
    /// double equals: it is a counter or a name, and rounding would make another one of it.
    @inline(__always)
    func value(
        _ text: Span<UInt8>, _ start: Int, _ end: Int, column: Int
    ) throws(LineError) -> Double {
        let value = rounded(text, start, end)
        guard value.isFinite else { throw .value(.outOfRange, at: start, column: column) }
        if mantissa > 1 << 53, Self.isRoundedInteger(text, start, end) {
            throw .value(.integerNotExact, at: start, column: column)
        }
        return value
    }

    /// Whether the text is a whole number that has more than the 53 bits of a double, counted from
    /// its first bit that is set to its last. It has at most 309 digits.
    @inline(never)
    private static func isRoundedInteger(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        // The lowest 32 bits first.
        var words: [UInt32] = []
        for i in start..<end {
            let digit = text[i] &- ASCII.zero
            if i == start, text[i] == ASCII.minus { continue }
            guard digit < 10 else { return false }
            var carry = UInt64(digit)
            for k in words.indices {
                carry += 10 * UInt64(words[k])
                words[k] = UInt32(truncatingIfNeeded: carry)
                carry >>= 32
            }
            if carry > 0 { words.append(UInt32(truncatingIfNeeded: carry)) }
        }
        guard let last = words.last, let low = words.firstIndex(where: { $0 != 0 }) else {
            return false
        }
        let bits = 32 * words.count - last.leadingZeroBitCount
        return bits - 32 * low - words[low].trailingZeroBitCount > 53
    }
}
