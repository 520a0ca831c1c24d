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
    static func scan(_ text: Span<UInt8>, from start: Int, to end: Int, next: inout Int) -> Decimal? {
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

    /// Adds digits to `mantissa`; beyond 19 of them it wraps, and `long` reads them again.
    @inline(__always)
    private static func digits(
        _ text: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ mantissa: inout UInt64
    ) {
        while i < end {
            let digit = text[i] &- ASCII.zero
            guard digit < 10 else { return }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            i &+= 1
        }
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
