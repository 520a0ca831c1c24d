// SPDX-License-Identifier: Apache-2.0

@testable import AlecCodec

/// Writes the payload of a key frame piece by piece, sense or nonsense.
struct ForgedPayload: ~Copyable {
    private var coder = RangeEncoder()
    private var shared = SharedModel()
    private var channel = ChannelModel()

    /// The payload of a group with `channels` channels.
    init(channels: UInt64) {
        shared.reset()
        channel.reset()
        _ = coder.codeUnsigned(channels, &shared.sampleCount)
    }

    consuming func bytes() -> [UInt8] {
        coder.finish()
        return Array(coder.bytes)
    }

    // MARK: Layout

    mutating func present(_ isPresent: Bool = true, afterNeighbour: Bool = false) {
        flag(isPresent, \.present[afterNeighbour ? 9 : 8], LearningLimit.layout)
    }

    mutating func block(_ isAny: Bool) { flag(isAny, \.block[2], LearningLimit.layout) }

    mutating func count(_ count: UInt64) { _ = coder.codeUnsigned(count, &shared.sampleCount) }

    mutating func sameCount(_ isSame: Bool) { flag(isSame, \.sameCount, LearningLimit.layout) }

    /// `channels` channels with `count` samples each, all in one frame.
    mutating func layout(channels: Int, count: UInt64) {
        for c in 0..<channels {
            if channels > 16 && c % 16 == 0 { block(true) }
            present(afterNeighbour: c > 0)
            if c == 0 { self.count(count) } else { sameCount(true) }
        }
    }

    // MARK: Parameters

    mutating func kind(_ kind: Int) { _ = coder.codeTree(kind, &shared.kind, depth: 3) }

    mutating func digits(_ digits: Int) {
        _ = coder.codeTree(digits, &shared.digits[0], depth: 4)
    }

    mutating func divisor(_ divisor: UInt64, remainder: Int64 = 0) {
        flag(true, \.divisor)
        _ = coder.codeUnsigned(divisor, &shared.parameter)
        _ = coder.codeSigned(remainder, &shared.parameter)
    }

    mutating func noDivisor() { flag(false, \.divisor) }

    mutating func lattice(step: UInt64, origin: UInt64? = nil) {
        flag(true, \.lattice)
        _ = coder.codeRaw(step >> 8, bits: 56)
        flag(origin != nil, \.origin)
        if let origin { _ = coder.codeRaw(origin >> 24, bits: 40) }
    }

    mutating func noLattice() { flag(false, \.lattice) }

    mutating func exponentReference(_ exponent: UInt64) { _ = coder.codeRaw(exponent, bits: 11) }

    mutating func exact(_ isExact: Bool) { flag(isExact, \.exact) }

    mutating func setAndFilter(_ set: Bool, _ filter: Bool) {
        flag(set, \.set)
        flag(filter, \.filter)
    }

    mutating func sameParameters(_ isSame: Bool) { flag(isSame, \.sameParameters) }

    mutating func reference(distance: UInt64) {
        flag(false, \.reference)
        _ = coder.codeUnsigned(distance, &shared.parameter)
    }

    /// Decimals without digits, divisor, lattice, set or filter.
    mutating func plainDecimals(isExact: Bool) {
        kind(0)
        digits(0)
        noDivisor()
        noLattice()
        exact(isExact)
        setAndFilter(false, false)
    }

    // MARK: Times and values

    /// One time, `seconds` after the beginning of 2020.
    mutating func time(seconds: Int64) {
        _ = coder.codeTree(5, &shared.units[0], depth: 3)
        _ = coder.codeSigned(seconds, &shared.firstTime)
        flag(true, \.sameUnit)
    }

    mutating func firstNumber(_ number: Int64) {
        _ = coder.code(false, &channel.escape, limit: LearningLimit.model)
        _ = coder.codeSigned(number, &shared.firstValue)
    }

    mutating func correction(_ correction: Int64) {
        _ = coder.code(true, &channel.correction[0], limit: LearningLimit.model)
        _ = coder.codeSigned(correction, &shared.correction)
    }

    /// A noisy double whose exponent lies `steps` above the reference.
    mutating func noisyExponent(up steps: Int) {
        _ = coder.code(false, &channel.noisySign[0], limit: LearningLimit.model)
        _ = coder.code(false, &channel.exponents[1][0], limit: LearningLimit.model)
        _ = coder.code(true, &channel.exponents[1][1], limit: LearningLimit.model)
        for step in 1...steps {
            _ = coder.code(
                step == steps, &channel.exponents[1][13 + step], limit: LearningLimit.model)
        }
    }

    // MARK: Annotations

    mutating func length(_ length: Int, isGap: Bool) {
        if isGap {
            _ = coder.codeLength(length, &shared.annotations.gap)
        } else {
            _ = coder.codeLength(length, &shared.annotations.run)
        }
    }

    /// The bit length alone, also one that no length has.
    mutating func gapBits(_ bits: Int) {
        _ = coder.codeTree(bits, &shared.annotations.gap, depth: 5)
    }

    mutating func remark(quality: Int, priority: Int) {
        _ = coder.codeTree(quality, &shared.annotations.quality, depth: 3)
        _ = coder.codeTree(priority, &shared.annotations.priority, depth: 3)
    }

    /// The bit length of a number of samples alone.
    mutating func countBits(_ bits: Int) {
        _ = coder.codeTree(bits, &shared.sampleCount.lengths, depth: 7)
    }

    private mutating func flag(
        _ answer: Bool, _ bit: WritableKeyPath<FlagModel, AdaptiveBit>,
        _ limit: UInt32 = LearningLimit.tree
    ) {
        _ = coder.code(answer, &shared.flags[keyPath: bit], limit: limit)
    }
}
