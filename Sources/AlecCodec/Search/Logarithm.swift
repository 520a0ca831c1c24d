// SPDX-License-Identifier: Apache-2.0

/// The base-2 logarithm to seven digits, for estimates of cost.
///
/// Written here because the codec uses no C library and because encoders on different machines
/// should choose alike.
enum Logarithm {
    /// log2(x); a very small number for 0 and below.
    static func binary(_ x: Double) -> Double {
        guard x > 0 else { return -1100 }
        var exponent = Double(Int64(x.bitPattern >> 52) - 1023)
        var mantissa = Double(
            bitPattern: x.bitPattern & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
        if mantissa > 1.4142135623730951 {
            mantissa /= 2
            exponent += 1
        }
        // ln(m) = 2 atanh(f), and f is at most 0.172 in size.
        let f = (mantissa - 1) / (mantissa + 1)
        let g = f * f
        let series = 1 + g * (1.0 / 3 + g * (1.0 / 5 + g * (1.0 / 7 + g * (1.0 / 9))))
        return exponent + 2.8853900817779268 * f * series
    }
}
