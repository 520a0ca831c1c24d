// SPDX-License-Identifier: Apache-2.0

extension ChannelState {
    /// The largest exponent difference that is counted out; beyond, the exponent is sent as it is.
    private static let countedDifferences: Int32 = 11

    /// Codes values without a grid: sign, exponent, two mantissa bits by estimate, the rest raw.
    mutating func codeNoisyValues<Coder: SymbolCoder>(
        _ coder: inout Coder, _ column: ValueColumn, _ allValues: inout [Double],
        _ allInnovations: inout [Int64]
    ) {
        var values = allValues.mutableSpan
        var innovations = allInnovations.mutableSpan
        for i in column.start..<(column.start &+ column.count) {
            values[i] = codeNoisy(values[i], &coder)
            innovations[i] = 0
        }
    }

    private mutating func codeNoisy<Coder: SymbolCoder>(
        _ value: Double, _ coder: inout Coder
    ) -> Double {
        let bits = value.bitPattern
        let sign = coder.code(
            bits &>> 63 != 0, &model.noisySign[noisySign ? 1 : 0], limit: LearningLimit.model)
        let exponent = codeExponent(Int32(truncatingIfNeeded: bits &>> 52 & 2047), &coder)
        let row = Int(noisyExponent < -3 ? 0 : noisyExponent > 2 ? 5 : noisyExponent + 3)
        let first = coder.code(
            bits &>> 51 & 1 != 0, &model.mantissa[row][1], limit: LearningLimit.model)
        let second = coder.code(
            bits &>> 50 & 1 != 0, &model.mantissa[row][first ? 3 : 2],
            limit: LearningLimit.model)
        let low: UInt64 = 1 &<< 50 &- 1
        let rest = coder.codeRaw(bits & low, bits: 50)
        noisySign = sign
        let top = (sign ? 1 : 0) &<< 63 | UInt64(truncatingIfNeeded: exponent) &<< 52
        return Double(
            bitPattern: top | (first ? 1 : 0) &<< 51 | (second ? 1 : 0) &<< 50 | rest)
    }

    /// Codes an exponent by its difference from the reference; remembers the difference.
    private mutating func codeExponent<Coder: SymbolCoder>(
        _ exponent: Int32, _ coder: inout Coder
    ) -> Int32 {
        let reference = Int32(parameters.exponentReference)
        let wanted = exponent &- reference
        let row = noisyExponent < 0 ? 0 : noisyExponent == 0 ? 1 : 2
        var result: Int32 = 0
        if !coder.code(wanted == 0, &model.exponents[row][0], limit: LearningLimit.model) {
            let isUp = coder.code(
                wanted > 0, &model.exponents[row][1], limit: LearningLimit.model)
            var size: Int32 = 1
            while size <= Self.countedDifferences,
                !coder.code(
                    wanted == (isUp ? size : -size),
                    &model.exponents[row][Int(size) + (isUp ? 13 : 1)],
                    limit: LearningLimit.model)
            {
                size += 1
            }
            if size <= Self.countedDifferences {
                result = isUp ? size : -size
            } else {
                let raw = coder.codeRaw(UInt64(truncatingIfNeeded: exponent), bits: 11)
                result = Int32(truncatingIfNeeded: raw) &- reference
            }
        }
        if result &+ reference < 0 || result &+ reference > 2047 {
            coder.fail(.exponent)
            result = 0
        }
        noisyExponent = result
        return result &+ reference
    }
}
