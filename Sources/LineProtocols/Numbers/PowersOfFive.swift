// SPDX-License-Identifier: Apache-2.0

/// The upper 128 bits of every power of five that a double can need, computed when first used.
///
/// `Decimal` multiplies by them. For 5^q with q >= 0 the bits below are cut off. A negative
/// power is a reciprocal; the exact ones do not exist, so it is rounded up while all its bits
/// matter (q >= -27) and cut off below that, as the proof of the algorithm wants it.
///
/// A table in the source would be 650 lines that nobody can check by reading; these lines take
/// 0.1 ms once.
struct PowersOfFive: Sendable {
    static let lowest = -342
    static let highest = 308
    static let shared = PowersOfFive()

    /// Upper and lower 64 bits in turn, from 5^lowest to 5^highest.
    private let words: [UInt64]

    @inline(__always)
    func high(_ power: Int) -> UInt64 { words[2 &* (power &- Self.lowest)] }

    @inline(__always)
    func low(_ power: Int) -> UInt64 { words[2 &* (power &- Self.lowest) &+ 1] }

    private init() {
        var words = [UInt64](repeating: 0, count: 2 * (Self.highest - Self.lowest + 1))
        var power = WideNumber(bit: 0)
        for q in 0...Self.highest {
            Self.store(power.top128, power: q, into: &words)
            power.multiplyByFive()
        }
        // Dividing a floor by 5 gives the floor of the whole quotient, so the division can go
        // on step by step without an error ever adding up.
        var reciprocal = WideNumber(bit: WideNumber.bits - 1)
        for q in 1...(-Self.lowest) {
            reciprocal.divideByFive()
            let top = reciprocal.top128
            Self.store(q <= 27 ? top + 1 : top, power: -q, into: &words)
        }
        self.words = words
    }

    private static func store(_ value: UInt128, power: Int, into words: inout [UInt64]) {
        words[2 * (power - lowest)] = UInt64(truncatingIfNeeded: value >> 64)
        words[2 * (power - lowest) + 1] = UInt64(truncatingIfNeeded: value)
    }
}

/// A natural number of up to 1024 bits: 5^308 has 716, and 2^1023 / 5^342 keeps 228.
private struct WideNumber {
    static let bits = 1024
    /// Lowest word first.
    private var words = InlineArray<16, UInt64>(repeating: 0)

    /// 2^bit.
    init(bit: Int) {
        words[bit / 64] = 1 << UInt64(bit % 64)
    }

    mutating func multiplyByFive() {
        var carry: UInt64 = 0
        for i in words.indices {
            let product = words[i].multipliedFullWidth(by: 5)
            let (sum, overflow) = product.low.addingReportingOverflow(carry)
            words[i] = sum
            carry = product.high &+ (overflow ? 1 : 0)
        }
    }

    mutating func divideByFive() {
        var remainder: UInt64 = 0
        for i in words.indices.reversed() {
            let (quotient, rest) = UInt64(5).dividingFullWidth((remainder, words[i]))
            words[i] = quotient
            remainder = rest
        }
    }

    /// The 128 bits from the highest one that is set; zeros follow where the number is shorter.
    var top128: UInt128 {
        var highest = words.count - 1
        while highest > 0, words[highest] == 0 { highest -= 1 }
        let shift = UInt64(words[highest].leadingZeroBitCount)
        func word(_ back: Int) -> UInt64 { highest >= back ? words[highest - back] : 0 }
        let upper = UInt128(word(0)) << 64 | UInt128(word(1))
        guard shift > 0 else { return upper }
        return upper << UInt128(shift) | UInt128(word(2) >> (64 - shift))
    }
}
