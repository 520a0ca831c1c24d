// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import Testing

/// SplitMix64, and sums of twelve of its numbers for noise with tails on both sides.
private struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func uniform() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ z >> 31) >> 11) * 0x1p-53
    }

    /// About normal, standard deviation 1.
    mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + uniform() } }
}

private let second: Int64 = 1_000_000_000

private func classifier(_ change: (inout SurpriseSettings) -> Void = { _ in }) -> Classifier {
    var settings = SurpriseSettings()
    change(&settings)
    return Classifier(rules: [SensorRule()], surprise: settings)
}

extension Classifier {
    /// Feeds values a second apart; the places of the surprises.
    fileprivate mutating func surprises(_ values: [Double], from start: Int64 = 0) -> [Int] {
        values.indices.filter { i in
            let time = start + Int64(i) * second
            return classify(Reading(sensor: 0, time: time, value: values[i])).priority == .important
        }
    }
}

@Suite struct ClassifySurpriseTests {
    static let seeds: [UInt64] = [1, 2, 3, 42, 0xFEED]

    @Test(arguments: seeds)
    func stepInNoiseIsFoundOnce(seed: UInt64) {
        var noise = Noise(seed: seed)
        var values = (0..<600).map { _ in 20 + 0.1 * noise.normal() }
        for i in 300..<600 { values[i] += 3 }
        var subject = classifier()
        #expect(subject.surprises(values) == [300], "seed \(seed)")
    }

    @Test(arguments: seeds)
    func spikeIsFoundAndItsReturnIsNot(seed: UInt64) {
        var noise = Noise(seed: seed)
        var values = (0..<400).map { _ in 20 + 0.1 * noise.normal() }
        values[200] += 5
        var subject = classifier()
        #expect(subject.surprises(values) == [200], "seed \(seed)")
    }

    @Test func surpriseSaysHowFarFromWhat() throws {
        var subject = classifier()
        // 20 and 21 in turn: it moves by 1, which is its resolution too. The straight line
        // through the last two, 22, comes nearest to what follows.
        for i in 0..<100 {
            let reading = Reading(sensor: 0, time: Int64(i) * second, value: 20 + Double(i % 2))
            #expect(subject.classify(reading).reason == .base)
        }
        let result = subject.classify(Reading(sensor: 0, time: 100 * second, value: 62))
        #expect(result.priority == .important)
        guard case .surprise(let ratio, let expected) = result.reason else {
            Issue.record("not a surprise: \(result)")
            return
        }
        #expect(expected == 22)
        #expect(ratio == 40)
    }

    @Test(arguments: seeds)
    func noiseDoesNotStorm(seed: UInt64) {
        var noise = Noise(seed: seed)
        var walk = 0.0
        let shapes: [(String, (Int, inout Noise) -> Double)] = [
            ("white", { _, noise in 1000 + noise.normal() }),
            ("uniform", { _, noise in noise.uniform() }),
            ("coarse", { _, noise in (3 * noise.normal()).rounded() }),
            ("rarely moving", { _, noise in (0.3 * noise.normal()).rounded() }),
            ("ramp", { i, noise in Double(i) + 0.01 * noise.normal() }),
            ("tooth", { i, noise in Double(i % 50) + noise.normal() }),
            ("growing", { i, noise in Double(i) * noise.normal() }),
            ("door", { _, noise in noise.uniform() < 0.01 ? 1 : 0 }),
            (
                "walk",
                { _, noise in
                    walk += noise.normal()
                    return walk
                }
            ),
        ]
        for (name, shape) in shapes {
            let values = (0..<20_000).map { shape($0, &noise) }
            var subject = classifier()
            let count = subject.surprises(values).count
            // One in ten thousand is no storm. The tooth jumps 400 times: one jump in seven is
            // the most that the raised bar lets through.
            let most = name == "tooth" ? 400 / 7 : 2
            #expect(count <= most, "\(name), seed \(seed): \(count)")
        }
    }

    @Test(arguments: seeds)
    func restlessSensorIsSoonTakenForWhatItIs(seed: UInt64) {
        var noise = Noise(seed: seed)
        let values = (0..<2000).map { (Double($0) < 1000 ? 0.01 : 10) * noise.normal() }
        var subject = classifier()
        let found = subject.surprises(values)
        #expect(found.first.map { (1000...1002).contains($0) } == true, "seed \(seed): \(found)")
        #expect(found.allSatisfy { $0 < 1040 }, "seed \(seed): \(found)")
    }

    @Test func nothingSurprisesDuringWarmUp() {
        for warmUp in [1, 2, 32, 100] {
            var subject = classifier { $0.warmUp = warmUp }
            let values = (0..<warmUp).map { $0 % 7 == 3 ? 1e9 : Double($0 % 2) }
            #expect(subject.surprises(values).isEmpty, "warm-up \(warmUp)")
        }
        var subject = classifier { $0.warmUp = 32 }
        let values = (0..<33).map { $0 == 32 ? 1e6 : Double($0 % 2) }
        #expect(subject.surprises(values) == [32])
    }

    @Test(arguments: [
        (20.0, 20.5, false), (20.0, 35.0, true), (1000.0, 1001.0, false), (0.0, 1.0, true),
    ])
    func firstMoveOfARestingSensorIsJudgedByItsSize(rest: Double, move: Double, isFound: Bool) {
        var subject = classifier()
        let values = Array(repeating: rest, count: 100) + [move]
        #expect(subject.surprises(values) == (isFound ? [100] : []))
    }

    @Test func restBetweenSurprisesGoesByTheReadingsTimes() {
        var subject = classifier { $0.warmUp = 4 }
        for i in 0..<8 {
            _ = subject.classify(Reading(sensor: 0, time: 0, value: Double(i % 2)))
        }
        // Each value is a hundred times as far off as the one before.
        var value = 1e4
        let expected: [(time: Int64, isLifted: Bool)] = [
            (0, true), (0, false), (second - 1, false), (second, true), (2 * second - 1, false),
            (1, false), (0, true), (-second, true), (-second, false), (.max, true), (.min, true),
        ]
        for (time, isLifted) in expected {
            value *= -100
            let result = subject.classify(Reading(sensor: 0, time: time, value: value))
            #expect((result.priority == .important) == isLifted, "at \(time)")
        }
    }

    @Test func surpriseNeverGivesMoreThanImportant() {
        for priority in Priority.allCases {
            var rule = SensorRule()
            rule.base = priority
            var subject = Classifier(rules: [rule])
            for i in 0..<100 {
                let value = Double(i % 2)
                let result = subject.classify(Reading(sensor: 0, time: 0, value: value))
                #expect(result == Classification(priority: priority, reason: .base))
            }
            let result = subject.classify(Reading(sensor: 0, time: 0, value: 1e6))
            #expect(result.priority == min(priority, .important))
            #expect((result.reason == .base) == (priority < .important))
        }
    }

    @Test func unwatchedSensorIsNeverSurprised() {
        var rule = SensorRule()
        rule.watchesSurprise = false
        var subject = Classifier(rules: [rule])
        #expect(subject.surprises((0..<200).map { $0 == 150 ? 1e9 : Double($0 % 2) }).isEmpty)
    }

    @Test func hugeAndEmptyNumbersLeaveTheMeterUsable() {
        var subject = classifier()
        let huge = Double.greatestFiniteMagnitude
        let tiny = Double.leastNonzeroMagnitude
        let wild = [huge, -huge, huge, .nan, .infinity, -.infinity, tiny, 0, -0.0, -huge]
        for round in 0..<20 {
            for value in wild {
                let time = Int64(round) * second
                _ = subject.classify(Reading(sensor: 0, time: time, value: value))
            }
        }
        // After such noise it takes a while; then the usual step is found again.
        var noise = Noise(seed: 7)
        var values = (0..<20_000).map { _ in noise.normal() }
        values[19_000] += 100
        #expect(subject.surprises(values, from: 100 * second) == [19_000])
    }

    @Test func equalReadingsGetEqualAnswers() {
        var noise = Noise(seed: 11)
        let values = (0..<5000).map { _ in noise.uniform() < 0.01 ? 1e3 : noise.normal() }
        var first = classifier()
        var other = classifier()
        #expect(first.surprises(values) == other.surprises(values))
    }
}
