// SPDX-License-Identifier: Apache-2.0

/// A number as JSON writes it, taken apart and not yet rounded:
/// `mantissa * 10^exponent`, with a sign.
///
/// Taking apart and rounding are two steps because a time is made from the exact digits and a
/// value from the nearest double.
struct Decimal {
    /// The first 19 significant digits at most: they always fit.
    var mantissa: UInt64
    /// The power of ten of the mantissa's last digit, held within ±`exponentLimit`.
    var exponent: Int
    var isNegative: Bool
    /// Digits other than zero were left out of the mantissa.
    var isTruncated: Bool

    /// Far outside what a double or a time can reach, and far inside what `Int` can count.
    static let exponentLimit = 1 << 30

    /// Reads a number from `start` as far as it goes; `next` is the byte behind it.
    ///
    /// Nil if no number begins there, and then `next` is the byte at which that shows.
    @inline(__always)
    static func scan(_ text: Span<UInt8>, from start: Int, to end: Int, next: inout Int) -> Decimal?
    {
        var i = start
        var isNegative = false
        if i < end, text[i] == ASCII.minus {
            isNegative = true
            i &+= 1
        }
        let digitsStart = i
        var mantissa: UInt64 = 0
        Self.digits(text, &i, end, &mantissa)
        let wholeDigits = i &- digitsStart
        guard wholeDigits > 0, wholeDigits == 1 || text[digitsStart] != ASCII.zero else {
            next = wholeDigits == 0 ? i : digitsStart &+ 1
            return nil
        }
        var fractionDigits = 0
        if i < end, text[i] == ASCII.dot {
            i &+= 1
            let fractionStart = i
            Self.digits(text, &i, end, &mantissa)
            fractionDigits = i &- fractionStart
            guard fractionDigits > 0 else {
                next = i
                return nil
            }
        }
        let digitsEnd = i
        var written = 0
        if i < end, text[i] | 0x20 == 0x65 {
            guard let value = Self.exponent(text, &i, end) else {
                next = i
                return nil
            }
            written = value
        }
        next = i
        if wholeDigits &+ fractionDigits > 19 {
            return long(text, digitsStart, digitsEnd, written, isNegative)
        }
        return Decimal(
            mantissa: mantissa,
            exponent: written &- fractionDigits,
            isNegative: isNegative,
            isTruncated: false
        )
    }

    /// 10^0 to 10^8.
    private static let powers: InlineArray<9, UInt64> = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
    ]

    /// Adds digits to `mantissa`; beyond 19 of them it wraps, and `long` reads them again.
    @inline(__always)
    private static func digits(
        _ text: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ mantissa: inout UInt64
    ) {
        // What sensors write has few digits on either side of the point; words pay for times.
        let few = min(i &+ 3, end)
        while i < few {
            let digit = text[i] &- ASCII.zero
            guard digit < 10 else { return }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            i &+= 1
        }
        while i &+ 8 <= text.count {
            // Digits become 0 to 9; any other byte gets its highest bit set in `others`. A carry
            // out of one spoils only bytes behind it.
            let word = text.word(at: i) ^ 0x3030_3030_3030_3030
            let others = (word | (word &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080
            let count = min(others.trailingZeroBitCount &>> 3, end &- i)
            guard count > 0 else { return }
            mantissa =
                mantissa &* powers[count] &+ eightDigits(word << UInt64(64 &- 8 &* count))
            i &+= count
            guard count == 8 else { return }
        }
        while i < end {
            let digit = text[i] &- ASCII.zero
            guard digit < 10 else { return }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            i &+= 1
        }
    }

    /// The number of eight digits 0 to 9, the first one in the lowest byte: ones to pairs, pairs
    /// to fours, fours to all of it.
    @inline(__always)
    private static func eightDigits(_ digits: UInt64) -> UInt64 {
        let pairs = digits &* 10 &+ digits >> 8
        let upper = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        let lower = (pairs >> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
        return (upper &+ lower) >> 32
    }

    /// The exponent behind the letter at `i`, nil if there are no digits.
    private static func exponent(_ text: Span<UInt8>, _ i: inout Int, _ end: Int) -> Int? {
        i += 1
        var isNegative = false
        if i < end, text[i] == ASCII.minus || text[i] == ASCII.plus {
            isNegative = text[i] == ASCII.minus
            i += 1
        }
        let start = i
        var value = 0
        while i < end {
            let digit = text[i] &- ASCII.zero
            guard digit < 10 else { break }
            value = min(value * 10 + Int(digit), exponentLimit / 2)
            i += 1
        }
        guard i > start else { return nil }
        return isNegative ? -value : value
    }

    /// More than 19 digits: keeps the first 19 that count and remembers whether any other did.
    private static func long(
        _ text: Span<UInt8>,
        _ start: Int,
        _ end: Int,
        _ written: Int,
        _ isNegative: Bool
    ) -> Decimal {
        var number = Decimal(
            mantissa: 0, exponent: written, isNegative: isNegative, isTruncated: false)
        var kept = 0
        var isFraction = false
        for i in start..<end {
            guard text[i] != ASCII.dot else {
                isFraction = true
                continue
            }
            let digit = UInt64(text[i] &- ASCII.zero)
            if kept < 19 {
                number.mantissa = number.mantissa &* 10 &+ digit
                if number.mantissa != 0 { kept += 1 }
                if isFraction { number.exponent -= 1 }
            } else {
                if digit != 0 { number.isTruncated = true }
                if !isFraction { number.exponent += 1 }
            }
        }
        return number
    }
}
