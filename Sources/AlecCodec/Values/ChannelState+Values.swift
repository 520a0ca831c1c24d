// SPDX-License-Identifier: Apache-2.0

extension ChannelState {
    /// Codes the values of one channel in one frame.
    ///
    /// The encoder has put integers and corrections beside the values; the decoder fills in the
    /// values.
    @inline(never)
    mutating func codeValues<Coder: SymbolCoder>(
        _ coder: inout Coder, _ shared: inout SharedModel, _ allSets: inout [RecentSet],
        _ body: inout FrameBody, slot: Int, _ sources: InnovationSources
    ) {
        var sets = allSets.mutableSpan
        let range = body.slots[slot].start..<(body.slots[slot].start + body.slots[slot].count)
        let first = range.lowerBound
        let isWatched = body.slots[slot].isWatched
        let hasEscape = parameters.kind.hasEscape
        let hasCorrections = hasEscape && !parameters.isExact
        for i in range {
            if hasEscape && codeEscape(&coder, &body, i) {
                body.innovations[i] = 0
                continue
            }
            var innovations = ReferenceInnovations()
            if let source = sources.first {
                innovations = scaled(body, source, sources.second, i &- first)
            }
            let outcome = codeNumber(
                Coder.isEncoder ? body.numbers[i] : 0, &coder, &shared, &sets, innovations)
            if isWatched {
                body.innovations[i] =
                    (outcome.residual.clamped(1 &<< 40) &* 4096)
                    &>> Int64(truncatingIfNeeded: (spread.mean | 1).bitLength &- 1)
            }
            var correction: Int64 = 0
            if hasCorrections {
                correction = codeCorrection(
                    Coder.isEncoder ? Int64(body.corrections[i]) : 0, &coder, &shared, &sets,
                    at: outcome.slot)
            }
            if !Coder.isEncoder {
                body.values[i] = parameters.value(outcome.number, correction: correction)
            }
        }
    }

    /// Codes whether the value is sent as its 64 bits, and those.
    @inline(__always)
    private mutating func codeEscape<Coder: SymbolCoder>(
        _ coder: inout Coder, _ body: inout FrameBody, _ i: Int
    ) -> Bool {
        let isEscape = coder.code(
            Coder.isEncoder && body.isEscape[i], &model.escape, limit: LearningLimit.model)
        guard isEscape else { return false }
        let bits = body.values[i].bitPattern
        let isSame = coder.code(
            bits == lastEscape, &model.sameEscape, limit: LearningLimit.tree)
        if !isSame { lastEscape = coder.codeRaw(bits, bits: 64) }
        body.values[i] = Double(bitPattern: lastEscape)
        return true
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

    /// The references' innovations on the scale of this channel's own residuals.
    @inline(__always)
    private func scaled(
        _ body: borrowing FrameBody, _ first: Int, _ second: Int?, _ offset: Int
    ) -> ReferenceInnovations {
        let length = spread.mean.bitLength
        return ReferenceInnovations(
            first: Self.scaled(body.innovations[first &+ offset], length),
            second: second.map { Self.scaled(body.innovations[$0 &+ offset], length) } ?? 0)
    }

    @inline(__always)
    private static func scaled(_ innovation: Int64, _ length: Int) -> Int64 {
        let scaled =
            length >= 4
            ? innovation &<< Int64(truncatingIfNeeded: min(length &- 4, 20))
            : innovation &>> Int64(truncatingIfNeeded: 4 &- length)
        return (scaled &>> 4).clamped(1 &<< 40)
    }
}
