// SPDX-License-Identifier: Apache-2.0

/// Ten guesses for the next number of a channel (eleven with the adaptive filter), and how far
/// off each has been lately. The best so far is believed.
///
/// All guesses are offsets from the last number in 1/256. Nothing here rounds differently on
/// different machines: shifts are floors, sums saturate where they could overflow.
struct Predictor {
    /// Guesses without the adaptive filter, whose own is the last.
    static let plainGuesses = 10
    private static let ageLimit = 1 << 16

    /// The offsets that were guessed for one number.
    typealias Guesses = InlineArray<11, Int64>

    /// The last number; means nothing while `age` is 0.
    private(set) var last: Int64 = 0
    /// Numbers seen, up to a limit.
    private(set) var age = 0
    private var difference: Int64 = 0
    private var differenceBefore: Int64 = 0
    /// Running means of the numbers at three speeds.
    private var means = InlineArray<3, Int64>(repeating: 0)
    private var fastTrend = TrendFilter()
    private var slowTrend = TrendFilter()
    private var meanDifference = MeanDifference()
    /// Mean error of each guess, in 1/64.
    private(set) var errors = InlineArray<11, UInt64>(repeating: 0)
    private var filter = AdaptiveFilter()

    /// Fills in all guesses and returns the one that has been best.
    @inline(__always)
    mutating func guess(
        into guesses: inout Guesses, usesFilter: Bool, _ innovations: ReferenceInnovations
    ) -> Int64 {
        guesses[0] = 0
        guesses[1] = difference &* 256
        guesses[2] = difference &* 128
        guesses[3] = means[0]
        guesses[4] = means[1]
        guesses[5] = means[2]
        guesses[6] = fastTrend.guess
        guesses[7] = slowTrend.guess
        guesses[8] = meanDifference.guess
        guesses[9] = (2 &* difference &- differenceBefore) &* 256
        if usesFilter {
            guesses[10] = filter.guess(means[1], means[2], innovations)
        }
        guard age > 1 else { return 0 }
        var best = guesses[0]
        var least = errors[0]
        for i in 1..<Self.plainGuesses {
            let isLess = errors[i] < least
            least = isLess ? errors[i] : least
            best = isLess ? guesses[i] : best
        }
        return usesFilter && errors[10] < least ? guesses[10] : best
    }

    /// Learns the number that came where `guesses` were made.
    @inline(__always)
    mutating func learn(_ number: Int64, _ guesses: Guesses, usesFilter: Bool) {
        guard age > 0 else {
            last = number
            age = 1
            return
        }
        let step = (number &- last).clamped(1 &<< 53)
        let scaled = step &* 256
        learnErrors(scaled, guesses, usesFilter: usesFilter)
        if usesFilter {
            filter.learn(step, scaled: scaled, guess: guesses[10], isFirst: age == 1)
        }
        let log = (age &+ 1).floorLog
        for i in 0..<3 {
            let mean = (means[i] &- scaled).clamped(1 &<< 61)
            means[i] = mean &- (mean &>> Int64(truncatingIfNeeded: min(2 &* i &+ 1, log)))
        }
        learnTrends(scaled)
        differenceBefore = difference
        difference = step
        last = number
        if age < Self.ageLimit { age &+= 1 }
    }

    @inline(__always)
    private mutating func learnErrors(_ scaled: Int64, _ guesses: Guesses, usesFilter: Bool) {
        let count = usesFilter ? 11 : 10
        guard age > 1 else {
            for i in 0..<count {
                let error = (scaled &- guesses[i]).size &>> 2
                // "As before" wins ties until the others have shown something.
                errors[i] = i == 0 ? error : error &+ error &>> 3 &+ 1
            }
            return
        }
        let pace = Int64(truncatingIfNeeded: min(4, (age &+ 1).floorLog))
        for i in 0..<Self.plainGuesses {
            errors[i] = Self.moved(errors[i], by: scaled &- guesses[i], pace)
        }
        if usesFilter { errors[10] = Self.moved(errors[10], by: scaled &- guesses[10], pace) }
    }

    @inline(__always)
    private static func moved(_ error: UInt64, by miss: Int64, _ pace: Int64) -> UInt64 {
        error &+ UInt64(bitPattern: Int64(bitPattern: miss.size &>> 2 &- error) &>> pace)
    }

    @inline(__always)
    private mutating func learnTrends(_ scaled: Int64) {
        if age == 1 {
            fastTrend.start(scaled)
            slowTrend.start(scaled)
        } else {
            let pace = TrendPace(age: age)
            pace.learn(scaled, fast: &fastTrend)
            pace.learn(scaled, slow: &slowTrend)
        }
        meanDifference.learn(scaled, age: age)
    }
}

extension Predictor {
    func mix(into fingerprint: inout Fingerprint) {
        fingerprint.mix(last)
        fingerprint.mix(age)
        fingerprint.mix(difference)
        fingerprint.mix(differenceBefore)
        for i in means.indices { fingerprint.mix(means[i]) }
        fastTrend.mix(into: &fingerprint)
        slowTrend.mix(into: &fingerprint)
        fingerprint.mix(meanDifference.guess)
        for i in errors.indices { fingerprint.mix(errors[i]) }
        filter.mix(into: &fingerprint)
    }
}
