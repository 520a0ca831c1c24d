// SPDX-License-Identifier: Apache-2.0

/// Estimates how many bits a sample of values would take with given parameters.
enum ParameterCost {
    private static let escapeBits = 70.0

    /// Bits for all of `values`; `share` scales them to the readings that the parameters will
    /// serve, so that the parameters' own size is weighed rightly.
    static func estimate(
        _ parameters: ValueParameters, _ values: [Double], share: Double
    ) -> Double {
        var fixed = 4.0
        if parameters.isLattice { fixed += parameters.origin != 0 ? 96 : 56 }
        if parameters.divisor > 1 { fixed += 16 }
        if parameters.kind == .noisy {
            return noisyBits(values, reference: parameters.exponentReference) * share + fixed + 11
        }
        return numberBits(parameters, values) * share + fixed
    }

    private static func numberBits(_ parameters: ValueParameters, _ values: [Double]) -> Double {
        var bits = 0.0
        var last: Int64?
        for value in values where value == value {
            guard let coded = parameters.integer(of: value) else {
                bits += escapeBits
                continue
            }
            if let last {
                let step = (coded.x &- last).size
                bits += Logarithm.binary(1 + Double(step))
                if step != 0 { bits += parameters.kind == .double ? 1 : 0.5 }
            } else {
                bits += Double(coded.x.size.bitLength) * 0.6 + 2
            }
            last = coded.x
            if coded.correction != 0 {
                bits += 1.7 * Double(coded.correction.size.bitLength) + 2
            }
        }
        return bits
    }

    /// The entropy of the exponents and 53 bits for the rest.
    private static func noisyBits(_ values: [Double], reference: UInt16) -> Double {
        var counts = InlineArray<64, Int32>(repeating: 0)
        for value in values {
            let exponent = Int(value.bitPattern >> 52 & 2047) - Int(reference) + 32
            counts[min(max(exponent, 0), 63)] += 1
        }
        var bits = Double(counts[0]) * 20 + 53 * Double(values.count)
        for i in 0..<64 where counts[i] > 0 {
            let count = Double(counts[i])
            bits -= count * Logarithm.binary(count / Double(values.count))
        }
        return bits
    }
}
