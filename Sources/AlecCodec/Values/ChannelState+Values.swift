// SPDX-License-Identifier: Apache-2.0

extension ChannelState {
    /// Codes the values of one channel in one frame.
    ///
    /// The encoder has put integers and corrections beside the values; the decoder fills in the
    /// values. The arrays of `body` are taken as spans once, not looked up for each value.
    @inline(never)
    mutating func codeValues<Coder: SymbolCoder>(
        _ coder: inout Coder, _ shared: inout SharedModel, _ allSets: inout [RecentSet],
        _ column: ValueColumn, _ allValues: inout [Double], _ allInnovations: inout [Int64],
        _ integers: borrowing CodedIntegers
    ) {
        var sets = allSets.mutableSpan
        var values = allValues.mutableSpan
        var innovations = allInnovations.mutableSpan
        let numbers = integers.numbers.span
        let corrections = integers.corrections.span
        let isEscape = integers.isEscape.span
        let hasEscape = parameters.kind.hasEscape
        let hasCorrections = hasEscape && !parameters.isExact
        for i in column.start..<(column.start &+ column.count) {
            if hasEscape,
                coder.code(
                    Coder.isEncoder && isEscape[i], &model.escape, limit: LearningLimit.model)
            {
                values[i] = codeEscape(values[i], &coder)
                innovations[i] = 0
                continue
            }
            var references = ReferenceInnovations()
            if let first = column.firstSource {
                let length = spread.mean.bitLength
                let offset = i &- column.start
                references.first = Self.scaled(innovations[first &+ offset], length)
                if let second = column.secondSource {
                    references.second = Self.scaled(innovations[second &+ offset], length)
                }
            }
            let outcome = codeNumber(
                Coder.isEncoder ? numbers[i] : 0, &coder, &shared, &sets, references)
            if column.isWatched {
                innovations[i] =
                    (outcome.residual.clamped(1 &<< 40) &* 4096)
                    &>> Int64(truncatingIfNeeded: (spread.mean | 1).bitLength &- 1)
            }
            var correction: Int64 = 0
            if hasCorrections {
                correction = codeCorrection(
                    Coder.isEncoder ? Int64(corrections[i]) : 0, &coder, &shared, &sets,
                    at: outcome.slot)
            }
            if !Coder.isEncoder {
                values[i] = parameters.value(outcome.number, correction: correction)
            }
        }
    }

    /// Codes a value as its 64 bits, or that they are those of the last such value.
    @inline(never)
    private mutating func codeEscape<Coder: SymbolCoder>(
        _ value: Double, _ coder: inout Coder
    ) -> Double {
        let isSame = coder.code(
            value.bitPattern == lastEscape, &model.sameEscape, limit: LearningLimit.tree)
        if !isSame { lastEscape = coder.codeRaw(value.bitPattern, bits: 64) }
        return Double(bitPattern: lastEscape)
    }

    /// Codes a correction: the one remembered with the number, or another.
    @inline(__always)
    private mutating func codeCorrection<Coder: SymbolCoder>(
        _ correction: Int64, _ coder: inout Coder, _ shared: inout SharedModel,
        _ sets: inout MutableSpan<RecentSet>, at slot: Int?
    ) -> Int64 {
        let remembered = slot.map { Int64(sets[setIndex].corrections[$0]) } ?? 0
        let column = (remembered != 0 ? 1 : 0) + (slot != nil && hadCorrection ? 2 : 0)
        var result = remembered
        if coder.code(
            correction != remembered, &model.correction[column], limit: LearningLimit.model)
        {
            result = coder.codeSigned(correction, &shared.correction)
            if result != Int64(Int32(truncatingIfNeeded: result)) {
                coder.fail(.correction)
                result = 0
            }
        }
        if let slot { sets[setIndex].corrections[slot] = Int32(truncatingIfNeeded: result) }
        hadCorrection = result != 0
        return result
    }

    /// A reference's innovation on the scale of this channel's own residuals.
    @inline(__always)
    private static func scaled(_ innovation: Int64, _ length: Int) -> Int64 {
        let scaled =
            length >= 4
            ? innovation &<< Int64(truncatingIfNeeded: min(length &- 4, 20))
            : innovation &>> Int64(truncatingIfNeeded: 4 &- length)
        return (scaled &>> 4).clamped(1 &<< 40)
    }
}
