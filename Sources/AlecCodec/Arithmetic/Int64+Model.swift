// SPDX-License-Identifier: Apache-2.0

// The integer arithmetic that both ends share. Everything wraps, every shift of a signed number
// is a floor; there is no rounding that a processor could do differently.

extension UInt64 {
    /// Number of significant bits: 0 for 0, 64 for the largest.
    @inline(__always)
    var bitLength: Int { 64 &- leadingZeroBitCount }

    /// About four times the base-2 logarithm; the unit in which spreads are compared.
    @inline(__always)
    var quarterLog: Int {
        let v = self | (self == 0 ? 1 : 0)
        let leading = UInt64(truncatingIfNeeded: v.leadingZeroBitCount)
        let b = 63 &- Int(truncatingIfNeeded: leading)
        // The five leading bits, 16 to 31, choose the quarter of the octave.
        let top = (v &<< leading) &>> 59
        return 4 &* b &+ Int(truncatingIfNeeded: (Self.quarters &>> (2 &* (top &- 16))) & 3)
    }

    /// 0,0,0,1,1,1,1,2,2,2,2,3,3,3,3,3 as pairs of bits.
    private static var quarters: UInt64 { 0xFFEA_9540 }
}

extension Int64 {
    /// The distance from zero; that of the smallest number fits because it is unsigned.
    @inline(__always)
    var size: UInt64 { self < 0 ? 0 &- UInt64(bitPattern: self) : UInt64(bitPattern: self) }

    /// This number limited to -limit ... limit.
    @inline(__always)
    func clamped(_ limit: Int64) -> Int64 {
        self > limit ? limit : self < 0 &- limit ? 0 &- limit : self
    }
}

extension Int {
    /// Base-2 logarithm rounded down, for numbers above 0.
    @inline(__always)
    var floorLog: Int { 63 &- UInt64(truncatingIfNeeded: self).leadingZeroBitCount }
}
