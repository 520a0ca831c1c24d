// SPDX-License-Identifier: Apache-2.0

/// A number that stands for a state: two states that differ anywhere almost surely have different
/// ones. The same on every platform, since it takes in numbers and not memory.
struct Fingerprint {
    private(set) var value: UInt64 = 0x243F_6A88_85A3_08D3

    @inline(__always)
    mutating func mix(_ word: UInt64) {
        value = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
        value ^= value &>> 29
    }

    @inline(__always)
    mutating func mix<Word: BinaryInteger>(_ word: Word) { mix(UInt64(truncatingIfNeeded: word)) }

    mutating func mix(_ word: Int64?) {
        mix(UInt64(word == nil ? 0 : 1))
        mix(UInt64(bitPattern: word ?? 0))
    }

    mutating func mix(_ flag: Bool) { mix(UInt64(flag ? 1 : 0)) }

    mutating func mix(_ value: Double) { mix(value.bitPattern) }

    mutating func mix(_ bit: AdaptiveBit) { mix(UInt64(bit.chance) &<< 8 | UInt64(bit.seen)) }

    mutating func mix<let count: Int>(_ bits: borrowing InlineArray<count, AdaptiveBit>) {
        for i in 0..<count { mix(bits[i]) }
    }

    mutating func mix(_ model: borrowing NumberModel) {
        mix(model.lengths)
        mix(model.sign)
    }
}

extension Context {
    /// Covers everything that both ends of a stream must agree on; equal on both after each frame.
    ///
    /// What a decoder that joined later cannot know is left out: how sets are numbered, and what
    /// channels that the group has not described yet hold from groups before.
    public var fingerprint: UInt64 {
        var fingerprint = Fingerprint()
        fingerprint.mix(link.check)
        fingerprint.mix(link.digest)
        fingerprint.mix(frames)
        fingerprint.mix(readings)
        fingerprint.mix(lastListStart)
        shared.mix(into: &fingerprint)
        fingerprint.mix(channelCount)
        for c in 0..<channelCount {
            fingerprint.mix(presence[c].history)
            fingerprint.mix(presence[c].isDescribed)
            fingerprint.mix(presence[c].sampleCount)
            guard presence[c].isDescribed else { continue }
            channels[c].mix(into: &fingerprint)
            if channels[c].setIsOn { sets[channels[c].setIndex].mix(into: &fingerprint) }
        }
        return fingerprint.value
    }
}

extension SharedModel {
    func mix(into fingerprint: inout Fingerprint) {
        for i in values.indices { fingerprint.mix(values[i]) }
        for i in ranks.indices { fingerprint.mix(ranks[i]) }
        for i in times.indices { fingerprint.mix(times[i]) }
        fingerprint.mix(firstValue)
        fingerprint.mix(firstTime)
        fingerprint.mix(timeDelta)
        fingerprint.mix(secondTime)
        fingerprint.mix(correction)
        fingerprint.mix(parameter)
        fingerprint.mix(sampleCount)
        flags.mix(into: &fingerprint)
        fingerprint.mix(kind)
        for i in digits.indices { fingerprint.mix(digits[i]) }
        for i in units.indices { fingerprint.mix(units[i]) }
        fingerprint.mix(annotations.gap)
        fingerprint.mix(annotations.run)
        fingerprint.mix(annotations.quality)
        fingerprint.mix(annotations.priority)
    }
}

extension FlagModel {
    func mix(into fingerprint: inout Fingerprint) {
        fingerprint.mix(sameLayout)
        fingerprint.mix(changes)
        fingerprint.mix(valueChange)
        fingerprint.mix(timeChange)
        fingerprint.mix(sameCount)
        fingerprint.mix(ownCount)
        fingerprint.mix(sameParameters)
        fingerprint.mix(divisor)
        fingerprint.mix(lattice)
        fingerprint.mix(origin)
        fingerprint.mix(exact)
        fingerprint.mix(set)
        fingerprint.mix(filter)
        fingerprint.mix(reference)
        fingerprint.mix(sameUnit)
        fingerprint.mix(block)
        fingerprint.mix(present)
    }
}

extension ChannelState {
    func mix(into fingerprint: inout Fingerprint) {
        model.mix(into: &fingerprint)
        parameters.mix(into: &fingerprint)
        predictor.mix(into: &fingerprint)
        spread.mix(into: &fingerprint)
        times.mix(into: &fingerprint)
        fingerprint.mix(lastEscape)
        fingerprint.mix(sameRate)
        fingerprint.mix(sameHistory)
        fingerprint.mix(hadCorrection)
        fingerprint.mix(noisySign)
        fingerprint.mix(noisyExponent)
        fingerprint.mix(setIsOn)
    }
}

extension ChannelModel {
    func mix(into fingerprint: inout Fingerprint) {
        for i in same.indices { fingerprint.mix(same[i]) }
        fingerprint.mix(hit)
        fingerprint.mix(escape)
        fingerprint.mix(sameEscape)
        fingerprint.mix(correction)
        fingerprint.mix(sharedTimes)
        for i in exponents.indices { fingerprint.mix(exponents[i]) }
        fingerprint.mix(noisySign)
        for i in mantissa.indices { fingerprint.mix(mantissa[i]) }
    }
}

extension ValueParameters {
    func mix(into fingerprint: inout Fingerprint) {
        fingerprint.mix(kind.rawValue)
        fingerprint.mix(digits)
        fingerprint.mix(isLattice)
        fingerprint.mix(isExact)
        fingerprint.mix(usesSet)
        fingerprint.mix(usesFilter)
        fingerprint.mix(exponentReference)
        fingerprint.mix(reference)
        fingerprint.mix(divisor)
        fingerprint.mix(remainder)
        fingerprint.mix(step)
        fingerprint.mix(origin)
    }
}
