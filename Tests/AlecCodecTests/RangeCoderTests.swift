// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import AlecCodec

@Suite struct AdaptiveBitTests {
    @Test func theRatesAreTheirFormula() {
        for n in 0..<256 { #expect(Int(AdaptiveBit.rates[n]) == 65_536 / (2 * n + 3)) }
    }

    /// The formula of the format page in plain integers.
    private struct PlainBit {
        var p: Int
        var n: Int

        mutating func learn(_ answer: Bool, _ limit: Int) {
            let change = ((answer ? 65_535 : 0) - p) * (65_536 / (2 * n + 3))
            p += change >> 15
            if n < limit { n += 1 }
        }
    }

    @Test(arguments: Seeds.from(1, count: 12)) func learningIsItsFormula(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let limit = random.pick([30, 60, 250])
        let start = UInt8(random.below(256))
        let rarity = random.pick(1...40)
        var bit = AdaptiveBit(start: start, seen: 3)
        var plain = PlainBit(p: 256 * Int(start) + 128, n: 3)
        for _ in 0..<1_000 {
            let answer = random.once(in: rarity)
            bit.learn(answer, limit: UInt32(limit))
            plain.learn(answer, limit)
            #expect(Int(bit.chance) == plain.p && Int(bit.seen) == plain.n, "seed \(seed)")
        }
        #expect(bit.codedChance == UInt64(min(max(plain.p, 24), 65_512)))
    }

    @Test func aChanceIsNeverCodedAsCertain() {
        var bit = AdaptiveBit(start: 128, seen: 0)
        for _ in 0..<3_000 { bit.learn(false, limit: 250) }
        #expect(bit.codedChance >= 24)
        for _ in 0..<6_000 { bit.learn(true, limit: 250) }
        #expect(bit.codedChance <= 65_512)
    }
}

@Suite struct RangeCoderTests {
    /// A question with its answer, or raw bits.
    private enum Symbol {
        case bit(model: Int, answer: Bool)
        case raw(UInt64, bits: Int)
    }

    private static func symbols(_ random: inout SeededGenerator) -> [Symbol] {
        let rarity = random.pick([1, 2, 50, 1_000])
        return (0..<random.below(400)).map { _ in
            guard random.once(in: 8) else {
                return .bit(model: random.below(4), answer: !random.once(in: rarity))
            }
            let bits = random.pick(0...64)
            let value = random.pick([0, .max, random.next()])
            return .raw(bits == 64 ? value : value & (1 << UInt64(bits) - 1), bits: bits)
        }
    }

    private static func encode(_ symbols: [Symbol], with coder: inout RangeEncoder) -> [UInt8] {
        var models = Array(repeating: AdaptiveBit(start: 128, seen: 0), count: 4)
        coder.restart()
        for symbol in symbols {
            switch symbol {
            case .bit(let model, let answer):
                _ = coder.code(answer, &models[model], limit: 250)
            case .raw(let value, let bits): _ = coder.codeRaw(value, bits: bits)
            }
        }
        coder.finish()
        return Array(coder.bytes)
    }

    @Test(arguments: Seeds.from(1, count: 200)) func whatIsWrittenIsRead(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var encoder = RangeEncoder()
        // A second use of the same coder must not remember the first.
        _ = Self.encode(Self.symbols(&random), with: &encoder)
        let symbols = Self.symbols(&random)
        let bytes = Self.encode(symbols, with: &encoder)
        var decoder = RangeDecoder()
        let padded = [1, 2, 3] + bytes
        decoder.start(padded.span, 3..<padded.count)
        var models = Array(repeating: AdaptiveBit(start: 128, seen: 0), count: 4)
        for symbol in symbols {
            switch symbol {
            case .bit(let model, let answer):
                #expect(decoder.code(false, &models[model], limit: 250) == answer, "\(seed)")
            case .raw(let value, let bits):
                #expect(decoder.codeRaw(0, bits: bits) == value, "\(seed)")
            }
        }
        #expect(decoder.failure == nil)
        #expect(bytes.last != 0)
    }

    @Test func nothingTakesNoBytes() {
        var encoder = RangeEncoder()
        encoder.finish()
        #expect(encoder.bytes.isEmpty)
    }

    /// The upper end of the interval: the code is all ones until a late bit carries through it.
    @Test func aCarryRunsThroughAllBytesBefore() {
        var bit = AdaptiveBit(start: 0, seen: 200)
        var encoder = RangeEncoder()
        for _ in 0..<20 { _ = encoder.codeRaw(0xFFFF, bits: 16) }
        for _ in 0..<40 { _ = encoder.code(false, &bit, limit: 250) }
        encoder.finish()
        let bytes = Array(encoder.bytes)
        var decoder = RangeDecoder()
        decoder.start(bytes.span, 0..<bytes.count)
        var copy = AdaptiveBit(start: 0, seen: 200)
        for _ in 0..<20 { #expect(decoder.codeRaw(0, bits: 16) == 0xFFFF) }
        for _ in 0..<40 { #expect(!decoder.code(true, &copy, limit: 250)) }
    }

    @Test func readingFarBehindTheEndFails() {
        var decoder = RangeDecoder()
        let nothing: [UInt8] = []
        decoder.start(nothing.span, 0..<0)
        for _ in 0..<6 { #expect(decoder.codeRaw(0, bits: 16) == 0) }
        #expect(decoder.failure == nil)
        for _ in 0..<20 { _ = decoder.codeRaw(0, bits: 16) }
        #expect(decoder.failure == .codeExhausted)
        #expect(decoder.position == 0)
    }

    @Test func theFirstReasonStays() {
        var decoder = RangeDecoder()
        decoder.fail(.rank)
        decoder.fail(.lattice)
        #expect(decoder.failure == .rank)
        var encoder = RangeEncoder()
        encoder.fail(.rank)
        #expect(encoder.failure == nil)
    }

    @Test(arguments: [0, 1, -1, 2, 63, 64, -1_000, Int64.max, Int64.min])
    func signedNumbersSurvive(value: Int64) {
        var encoder = RangeEncoder()
        var model = NumberModel()
        #expect(encoder.codeSigned(value, &model) == value)
        encoder.finish()
        let bytes = Array(encoder.bytes)
        var decoder = RangeDecoder()
        decoder.start(bytes.span, 0..<bytes.count)
        var copy = NumberModel()
        #expect(decoder.codeSigned(0, &copy) == value)
    }

    @Test(arguments: Seeds.from(1, count: 30)) func residualsSurvive(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var encoder = RangeEncoder()
        var row = ResidualRow(repeating: AdaptiveBit(start: 128, seen: 6))
        var coded: [(residual: Int64, form: ResidualForm)] = []
        for _ in 0..<300 {
            let isNonzero = random.once(in: 4)
            var residual =
                Int64(bitPattern: random.next())
                >> Int64(random.below(65) == 0 ? 0 : random.below(64))
            if random.once(in: 50) { residual = .min }
            if isNonzero && residual == 0 { residual = 1 }
            let form = ResidualForm(
                level: random.below(256), lean: Int32(random.pick(-128...127)),
                isNonzero: isNonzero)
            #expect(encoder.codeResidual(residual, &row, form) == residual)
            coded.append((residual, form))
        }
        encoder.finish()
        let bytes = Array(encoder.bytes)
        var decoder = RangeDecoder()
        decoder.start(bytes.span, 0..<bytes.count)
        var copy = ResidualRow(repeating: AdaptiveBit(start: 128, seen: 6))
        for (residual, form) in coded {
            #expect(decoder.codeResidual(0, &copy, form) == residual, "seed \(seed)")
        }
    }
}
