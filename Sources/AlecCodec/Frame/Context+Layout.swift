// SPDX-License-Identifier: Apache-2.0

extension Context {
    /// Codes which channels are in the frame, and with how many samples each. False if malformed.
    mutating func codeLayout<Coder: SymbolCoder>(
        _ coder: inout Coder, _ body: inout FrameBody, isKey: Bool
    ) -> Bool {
        if isKey || !codeSameLayout(&coder, &body) {
            guard codePresence(&coder, &body, isKey: isKey) else { return false }
        }
        var total = 0
        for c in 0..<channelCount {
            let isPresent = body.slots[c].isPresent
            presence[c].history = presence[c].history &<< 1 | (isPresent ? 1 : 0)
            guard isPresent else { continue }
            presence[c].sampleCount = Int32(body.slots[c].count)
            body.slots[c].start = total
            total += body.slots[c].count
        }
        body.total = total
        if total == 0 { coder.fail(.noChannel) }
        if total > FrameBody.readingLimit { coder.fail(.tooManyReadings) }
        return total > 0 && total <= FrameBody.readingLimit
    }

    /// Codes whether the frame has the channels and counts of the last one.
    private mutating func codeSameLayout<Coder: SymbolCoder>(
        _ coder: inout Coder, _ body: inout FrameBody
    ) -> Bool {
        var isSame = Coder.isEncoder
        if Coder.isEncoder {
            for c in 0..<channelCount where isSame {
                let wasPresent = presence[c].history & 1 != 0
                isSame =
                    body.slots[c].isPresent == wasPresent
                    && (!wasPresent || body.slots[c].count == Int(presence[c].sampleCount))
            }
        }
        isSame = coder.code(isSame, &shared.flags.sameLayout, limit: LearningLimit.layout)
        if isSame && !Coder.isEncoder {
            for c in 0..<channelCount {
                body.slots[c].isPresent = presence[c].history & 1 != 0
                body.slots[c].count = Int(presence[c].sampleCount)
            }
        }
        return isSame
    }

    /// Codes presence channel by channel, in blocks of sixteen that may be absent as a whole.
    private mutating func codePresence<Coder: SymbolCoder>(
        _ coder: inout Coder, _ body: inout FrameBody, isKey: Bool
    ) -> Bool {
        var countBefore = 0
        for first in stride(from: 0, to: channelCount, by: 16) {
            let block = first..<min(channelCount, first + 16)
            guard channelCount <= 16 || codeBlock(block, &coder, &body, isKey: isKey) else {
                continue
            }
            for c in block {
                let neighbour = c > 0 && body.slots[c - 1].isPresent ? 1 : 0
                let column = isKey ? 8 : 2 * Int(presence[c].history & 3)
                body.slots[c].isPresent = coder.code(
                    body.slots[c].isPresent, &shared.flags.present[column + neighbour],
                    limit: LearningLimit.layout)
                guard body.slots[c].isPresent else { continue }
                guard codeCount(c, &coder, &body, before: countBefore) else { return false }
                countBefore = body.slots[c].count
            }
        }
        return true
    }

    /// Codes whether any channel of a block is present.
    private mutating func codeBlock<Coder: SymbolCoder>(
        _ block: Range<Int>, _ coder: inout Coder, _ body: inout FrameBody, isKey: Bool
    ) -> Bool {
        var was = false
        var isAny = false
        for c in block {
            was = was || presence[c].history & 1 != 0
            isAny = isAny || body.slots[c].isPresent
        }
        isAny = coder.code(
            isAny, &shared.flags.block[isKey ? 2 : was ? 1 : 0], limit: LearningLimit.layout)
        if !isAny { for c in block { body.slots[c].isPresent = false } }
        return isAny
    }

    /// Codes a channel's number of samples: that of the channel before, its own last, or anew.
    private mutating func codeCount<Coder: SymbolCoder>(
        _ c: Int, _ coder: inout Coder, _ body: inout FrameBody, before: Int
    ) -> Bool {
        let count = body.slots[c].count
        if before > 0,
            coder.code(count == before, &shared.flags.sameCount, limit: LearningLimit.layout)
        {
            body.slots[c].count = before
            return true
        }
        let own = Int(presence[c].sampleCount)
        if own > 0, coder.code(count == own, &shared.flags.ownCount, limit: LearningLimit.layout) {
            body.slots[c].count = own
            return true
        }
        let coded = coder.codeUnsigned(UInt64(count), &shared.sampleCount)
        guard coded >= 1, coded <= UInt64(FrameBody.sampleLimit) else {
            coder.fail(.sampleCount)
            return false
        }
        body.slots[c].count = Int(coded)
        return true
    }
}
