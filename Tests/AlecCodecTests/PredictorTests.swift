// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import AlecCodec

@Suite struct AdaptiveFilterTests {
    /// The filter as the format page writes it: all energies summed anew, every step limited.
    private struct PlainFilter {
        var weights = [Int64](repeating: 0, count: 20)
        var features = [Int64](repeating: 0, count: 20)
        var mag: UInt64 = 0
        var sh = 0

        private static func clamp(_ value: Int64, _ limit: Int64) -> Int64 {
            min(max(value, -limit), limit)
        }

        mutating func guess(_ mean1: Int64, _ mean2: Int64, _ a: Int64, _ b: Int64) -> Int64 {
            let s = max(0, mag.bitLength - 18)
            if s != sh {
                for i in 0..<16 {
                    let value = features[i]
                    features[i] = Self.clamp(
                        s > sh ? value >> min(31, s - sh) : value << min(31, sh - s), 1 << 24)
                }
                sh = s
            }
            features[16] = Self.clamp(mean1 >> (4 + sh), 1 << 24)
            features[17] = Self.clamp(mean2 >> (4 + sh), 1 << 24)
            features[18] = Self.clamp(a >> sh, 1 << 24)
            features[19] = Self.clamp(b >> sh, 1 << 24)
            var sum: Int64 = 0
            for i in 0..<20 { sum += weights[i] * features[i] }
            return Self.clamp(Self.clamp((sum >> 16) * 16, 1 << 50) << min(sh, 12), 1 << 60)
        }

        mutating func learn(_ dx: Int64, q: Int64, guess: Int64, isFirst: Bool) {
            let error = Self.clamp(((q &- guess) >> 4) >> sh, 1 << 24)
            if !isFirst {
                var norm: Int64 = 1
                for feature in features { norm += (feature * feature) >> 8 }
                let n = UInt64(norm).bitLength
                let top = n > 5 ? norm >> (n - 5) : norm << (5 - n)
                let g = (error * (131_072 / top)) >> (n - 1)
                for i in 0..<20 {
                    let step = Self.clamp((g * features[i]) >> 8, 1 << 20)
                    weights[i] = Int64(Int32(truncatingIfNeeded: weights[i] + step))
                }
            }
            let m = 16 * min(dx.size, 0x0FFF_FFFF)
            mag = m > mag ? m : mag - (mag >> 7)
            features.insert(Self.clamp((16 * Self.clamp(dx, 1 << 46)) >> sh, 1 << 24), at: 0)
            features.remove(at: 16)
        }
    }

    /// So the energy that is kept up is that summed anew, and unlimited steps are taken only
    /// where no limit would have been met.
    @Test(arguments: Seeds.from(1, count: 16)) func theFilterIsThePlainOne(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var filter = AdaptiveFilter()
        var plain = PlainFilter()
        var size = random.pick([4, 12, 20, 30, 45])
        for step in 0..<400 {
            if random.once(in: 60) { size = random.pick([0, 4, 12, 20, 30, 52]) }
            let scale = Double(UInt64(1) << UInt64(size))
            let dx = Int64(random.bell() * scale)
            let means = (Int64(random.bell() * scale * 256), Int64(random.bell() * scale * 256))
            let crosses = (Int64(random.bell() * scale * 16), Int64(random.bell() * scale * 16))
            let guess = filter.guess(
                means.0, means.1, ReferenceInnovations(first: crosses.0, second: crosses.1))
            let expected = plain.guess(means.0, means.1, crosses.0, crosses.1)
            #expect(guess == expected, "seed \(seed), step \(step)")
            filter.learn(dx, scaled: dx &* 256, guess: guess, isFirst: step == 0)
            plain.learn(dx, q: dx &* 256, guess: expected, isFirst: step == 0)
        }
    }
}

@Suite struct PredictorTests {
    /// How far the last of the guesses lie from what came, in whole numbers.
    private static func lastMisses(_ numbers: [Int64], usesFilter: Bool) -> [Int64] {
        var predictor = Predictor()
        var misses: [Int64] = []
        for number in numbers {
            var guesses = Predictor.Guesses(repeating: 0)
            let guess = predictor.guess(
                into: &guesses, usesFilter: usesFilter, ReferenceInnovations())
            misses.append((number - predictor.last) - ((guess + 128) >> 8))
            predictor.learn(number, guesses, usesFilter: usesFilter)
        }
        return misses.suffix(10)
    }

    @Test func aConstantIsExpected() {
        #expect(
            Self.lastMisses(Array(repeating: 77, count: 40), usesFilter: false).allSatisfy {
                $0 == 0
            })
    }

    @Test func aStraightLineIsExpected() {
        let misses = Self.lastMisses((0..<40).map { 1_000 + 37 * $0 }, usesFilter: true)
        #expect(misses.allSatisfy { $0 == 0 })
    }

    @Test func aParabolaIsAlmostExpected() {
        let misses = Self.lastMisses((0..<60).map { $0 * $0 * 50 }, usesFilter: false)
        #expect(misses.allSatisfy { $0.size <= 200 })
    }

    @Test func theFilterLearnsAnOscillation() {
        var (a, b) = (0.0, 1_000.0)
        let numbers = (0..<400).map { _ -> Int64 in
            (a, b) = (b, 1.5 * b - a)
            return Int64(b)
        }
        func mean(_ misses: [Int64]) -> Double {
            misses.reduce(0) { $0 + Double($1.size) } / Double(misses.count)
        }
        let without = mean(Self.lastMisses(numbers, usesFilter: false))
        let with = mean(Self.lastMisses(numbers, usesFilter: true))
        #expect(with * 2 < without)
    }

    @Test(arguments: Seeds.from(1, count: 10)) func numbersOfAnySizeDoNotTrap(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var predictor = Predictor()
        for _ in 0..<300 {
            var guesses = Predictor.Guesses(repeating: 0)
            _ = predictor.guess(
                into: &guesses, usesFilter: true,
                ReferenceInnovations(
                    first: Int64(bitPattern: random.next()),
                    second: Int64(bitPattern: random.next())))
            predictor.learn(
                random.pick([.min, .max, 0, Int64(bitPattern: random.next())]), guesses,
                usesFilter: true)
        }
        #expect(predictor.age == 300)
    }
}

@Suite struct SpreadTests {
    @Test func theSpreadIsQuickAtFirstThenSteady() {
        var spread = Spread()
        #expect(spread.isNew)
        spread.learn(10)
        #expect(spread.mean == 160 && !spread.isNew)
        spread.learn(0)
        #expect(spread.mean == 80)
        spread.learn(0)
        #expect(spread.mean == 60)
        for _ in 0..<3 { spread.learn(0) }
        #expect(spread.mean == 24)
        spread.learn(10)
        #expect(spread.mean == 24 + 3 * (160 - 24) / 32)
    }

    @Test func theLargestResidualIsLimited() {
        var spread = Spread()
        spread.learn(.min)
        #expect(spread.mean == 1 << 62)
        for _ in 0..<200 { spread.learn(.max) }
        #expect(spread.count == 100)
    }
}
