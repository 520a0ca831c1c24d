// SPDX-License-Identifier: Apache-2.0

/// Numbers all floats in rising order, so that neighbours differ by one.
///
/// Negative numbers have their magnitude bits inverted; the formula is its own inverse.
enum FloatOrder {
    /// The place of a double among all doubles.
    @inline(__always)
    static func number(of value: Double) -> Int64 { flip(Int64(bitPattern: value.bitPattern)) }

    /// The double at `number`.
    @inline(__always)
    static func double(at number: Int64) -> Double {
        Double(bitPattern: UInt64(bitPattern: flip(number)))
    }

    /// The place of a float among all floats.
    @inline(__always)
    static func number(of value: Float) -> Int32 { flip(Int32(bitPattern: value.bitPattern)) }

    /// The float at the low 32 bits of `number`.
    @inline(__always)
    static func float(at number: Int64) -> Float {
        Float(bitPattern: UInt32(bitPattern: flip(Int32(truncatingIfNeeded: number))))
    }

    @inline(__always)
    private static func flip(_ n: Int64) -> Int64 {
        n ^ Int64(bitPattern: UInt64(bitPattern: n &>> 63) &>> 1)
    }

    @inline(__always)
    private static func flip(_ n: Int32) -> Int32 {
        n ^ Int32(bitPattern: UInt32(bitPattern: n &>> 31) &>> 1)
    }
}
