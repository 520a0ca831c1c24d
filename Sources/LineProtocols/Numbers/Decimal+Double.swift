// SPDX-License-Identifier: Apache-2.0

extension Decimal {
    /// 10^0 to 10^22: all the powers of ten that are doubles themselves.
    private static let exactPowers: InlineArray<23, Double> = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
        1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// The nearest double, ties to even. `start..<end` is the text that was scanned, which is
    /// read again in the one case in a very long number that 19 digits cannot decide.
    ///
    /// Infinite if the number is too large.
    @inline(__always)
    func rounded(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Double {
        // Both factors are exact, so the one operation on them rounds once (Clinger 1990).
        if !isTruncated, mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
            let digits = Double(mantissa)
            let power = Self.exactPowers[abs(exponent)]
            let magnitude = exponent < 0 ? digits / power : digits * power
            return isNegative ? -magnitude : magnitude
        }
        return roundedByTable(text, start, end)
    }

    @inline(never)
    private func roundedByTable(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Double {
        let magnitude = Self.nearest(mantissa, exponent)
        if isTruncated, Self.nearest(mantissa + 1, exponent).bitPattern != magnitude.bitPattern {
            return Self.roundedByLibrary(text, start, end)
        }
        return isNegative ? -magnitude : magnitude
    }

    /// The nearest double to `digits * 10^power` (Eisel and Lemire; proved without a fallback
    /// by Mushtak and Lemire 2022): 64 bits of digits times 128 bits of a power of five decide
    /// every rounding.
    private static func nearest(_ digits: UInt64, _ power: Int) -> Double {
        guard digits != 0, power >= PowersOfFive.lowest else { return 0 }
        guard power <= PowersOfFive.highest else { return .infinity }
        let zeros = digits.leadingZeroBitCount
        let product = multiplied(digits << UInt64(zeros), power)
        let upper = Int(product.high >> 63)
        // 52 bits of the fraction, the hidden bit and one more for the rounding stay.
        let shift = UInt64(upper + 64 - 52 - 3)
        var fraction = product.high >> shift
        // 217706 / 65536 is log2(10) closely enough for every power in the table.
        var exponent = ((217_706 * power) >> 16) + 63 + upper - zeros + 1023
        if exponent <= 0 {
            // Subnormal: the bits move down, then round as below.
            guard exponent > -63 else { return 0 }
            fraction >>= UInt64(1 - exponent)
            fraction = (fraction + (fraction & 1)) >> 1
            return Double(bitPattern: fraction)
        }
        // Exactly half way between two doubles, which only small powers can be: to even.
        if product.low <= 1, power >= -4, power <= 23, fraction & 3 == 1,
            fraction << shift == product.high
        {
            fraction &= ~1
        }
        fraction = (fraction + (fraction & 1)) >> 1
        if fraction >= 1 << 53 {
            fraction = 1 << 52
            exponent += 1
        }
        guard exponent < 0x7FF else { return .infinity }
        return Double(bitPattern: UInt64(exponent) << 52 | (fraction & ~(1 << 52)))
    }

    private static func multiplied(
        _ digits: UInt64,
        _ power: Int
    ) -> (high: UInt64, low: UInt64) {
        let table = PowersOfFive.shared
        var (high, low) = digits.multipliedFullWidth(by: table.high(power))
        // The lower half of the power can only matter if a carry could reach the bits we keep.
        if high & 0x1FF == 0x1FF {
            let carry = digits.multipliedFullWidth(by: table.low(power)).high
            low = low &+ carry
            if low < carry { high = high &+ 1 }
        }
        return (high, low)
    }

    /// The standard library rounds any number of digits correctly, and allocates.
    private static func roundedByLibrary(
        _ text: Span<UInt8>,
        _ start: Int,
        _ end: Int
    ) -> Double {
        var copy: [UInt8] = []
        copy.reserveCapacity(end - start)
        for i in start..<end { copy.append(text[i]) }
        // The grammar was checked, so there always is a number; zero would be the wrong one.
        return Double(String(decoding: copy, as: UTF8.self)) ?? .infinity
    }
}
