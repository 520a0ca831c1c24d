// SPDX-License-Identifier: Apache-2.0

/// The units in which the times of a list may count. The index is what is sent.
enum TimeUnits {
    static let count = 8
    /// 1 ns, 1 us, 1 ms, 10 ms, 100 ms, 1 s, 1 min, 1 h.
    static let nanoseconds: InlineArray<8, Int64> = [
        1, 1_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 60_000_000_000,
        3_600_000_000_000,
    ]

    /// The largest unit that divides `difference`.
    static func largest(dividing difference: Int64) -> Int {
        var unit = count - 1
        while unit > 0, difference % nanoseconds[unit] != 0 { unit -= 1 }
        return unit
    }
}

/// What both ends know about the times of one channel.
struct TimeState {
    typealias Guesses = InlineArray<8, Int64>

    /// Where counting began, and in which unit.
    var base: Int64 = 0
    var unit: UInt8 = 0
    /// Times seen since counting began, up to a limit.
    private(set) var age: Int32 = 0
    /// Signs of the last two residuals, as a number below nine.
    private var signs: UInt8 = 0
    /// The last time that this channel coded itself, and the one before its last list.
    private(set) var last: Int64?
    private(set) var before: Int64?

    private var place: Int64 = 0
    private var difference: Int64 = 0
    private var fastTrend = TrendFilter()
    private var slowTrend = TrendFilter()
    private var slowestTrend = TrendFilter()
    private var meanDifference = MeanDifference()
    /// How far this channel's steps lie from those of its reference, in 1/256.
    private var referenceOffset: Int64 = 0
    private var errors = InlineArray<8, UInt64>(repeating: 0)
    private var spread = Spread()

    private static let ageLimit: Int32 = 1 << 16
    private static let epoch2020: Int64 = 1_577_836_800_000_000_000

    @inline(__always)
    var isNew: Bool { age == 0 }

    /// Counting begins anew; what the last times were stays known.
    mutating func reset() {
        var fresh = TimeState()
        fresh.last = last
        fresh.before = before
        self = fresh
    }

    /// Codes a list of own times in place.
    mutating func codeList<Coder: SymbolCoder>(
        _ list: TimeList, _ coder: inout Coder, _ shared: inout SharedModel,
        _ allTimes: inout [Int64]
    ) {
        var times = allTimes.mutableSpan
        before = last
        var previous = list.referenceBefore
        for i in 0..<list.count {
            var step: Int64?
            if let reference = list.reference {
                let time = times[reference &+ i]
                step = previous.map { time &- $0 }
                previous = time
            }
            let place = list.start &+ i
            times[place] =
                isNew
                ? codeFirst(times[place], &coder, &shared, list)
                : codeNext(times[place], &coder, &shared, referenceStep: step)
        }
        last = times[list.start &+ list.count &- 1]
    }

    /// Codes the time at which counting begins: from the channel's own last time, else from the
    /// start of the last list of another channel, else from 2020. Then the unit to count in.
    private mutating func codeFirst<Coder: SymbolCoder>(
        _ time: Int64, _ coder: inout Coder, _ shared: inout SharedModel, _ list: TimeList
    ) -> Int64 {
        let known = last ?? list.otherStart
        let from = known ?? Self.epoch2020
        let table = known == nil ? 0 : 1
        let distance = time &- from
        let step = coder.codeTree(
            Coder.isEncoder ? TimeUnits.largest(dividing: distance) : 0, &shared.units[table],
            depth: 3)
        let length = TimeUnits.nanoseconds[step]
        let count =
            known == nil
            ? coder.codeSigned(distance / length, &shared.firstTime)
            : coder.codeSigned(distance / length, &shared.timeDelta)
        base = from &+ count &* length
        unit = UInt8(truncatingIfNeeded: step)
        let isSame = coder.code(
            list.unit == step, &shared.flags.sameUnit, limit: LearningLimit.tree)
        if !isSame {
            unit = UInt8(
                truncatingIfNeeded: coder.codeTree(list.unit, &shared.units[1], depth: 3))
        }
        place = 0
        age = 1
        return base
    }

    /// Codes a later time. `referenceStep` is how far the reference moved, if there is one.
    @inline(__always)
    private mutating func codeNext<Coder: SymbolCoder>(
        _ time: Int64, _ coder: inout Coder, _ shared: inout SharedModel, referenceStep: Int64?
    ) -> Int64 {
        let length = TimeUnits.nanoseconds[Int(unit & 7)]
        let place = Coder.isEncoder ? (time &- base) / length : 0
        let step = referenceStep.map { length == 1 ? $0 : $0 / length }
        guard age > 1 else {
            return base &+ codeSecond(place, &coder, &shared, step ?? 0) &* length
        }
        var guesses = Guesses(repeating: 0)
        let guess = best(into: &guesses, referenceStep: step)
        let whole = (guess &+ 128) &>> 8
        let centre = self.place &+ whole
        let level = spread.level
        let form = ResidualForm(
            level: level, lean: Int32(truncatingIfNeeded: guess &- whole &* 256), isNonzero: false)
        let row = Int(signs) &* 4 &+ ResidualForm.row(level: level) &>> 3
        let residual = coder.codeResidual(place &- centre, &shared.times[row], form)
        learn(centre &+ residual, residual, guesses, referenceStep: step)
        return base &+ self.place &* length
    }

    /// Codes the second place, from which the first difference is known.
    @inline(never)
    private mutating func codeSecond<Coder: SymbolCoder>(
        _ place: Int64, _ coder: inout Coder, _ shared: inout SharedModel, _ referenceStep: Int64
    ) -> Int64 {
        let step =
            coder.codeSigned(place &- self.place &- referenceStep, &shared.secondTime)
            &+ referenceStep
        let length = step.size.bitLength
        spread.restart(mean: 16 &<< UInt64(length > 6 ? (length &- 6) / 2 : 0))
        difference = step.clamped(1 &<< 53)
        errors = .init(repeating: 0)
        fastTrend.start(difference &* 256)
        slowTrend.start(difference &* 256)
        slowestTrend.start(difference &* 256)
        meanDifference.learn(difference &* 256, age: 1)
        referenceOffset = 0
        self.place = self.place &+ step
        age = 2
        return self.place
    }

    @inline(__always)
    private func best(into guesses: inout Guesses, referenceStep: Int64?) -> Int64 {
        guesses[1] = difference &* 256
        guesses[2] = fastTrend.guess
        guesses[3] = slowTrend.guess
        guesses[4] = slowestTrend.guess
        guesses[5] = meanDifference.guess
        var best: Int64 = 0
        var least = errors[0]
        for i in 1..<6 {
            let isLess = errors[i] < least
            least = isLess ? errors[i] : least
            best = isLess ? guesses[i] : best
        }
        guard let referenceStep else { return best }
        guesses[6] = referenceStep.clamped(1 &<< 53) &* 256
        guesses[7] = guesses[6] &+ referenceOffset
        for i in 6..<8 {
            let isLess = errors[i] < least
            least = isLess ? errors[i] : least
            best = isLess ? guesses[i] : best
        }
        return best
    }

    @inline(__always)
    private mutating func learn(
        _ place: Int64, _ residual: Int64, _ guesses: Guesses, referenceStep: Int64?
    ) {
        let sign: UInt8 = residual > 0 ? 1 : residual < 0 ? 2 : 0
        signs = (3 &* signs &+ sign) % 9
        spread.learn(residual)
        let step = (place &- self.place).clamped(1 &<< 53)
        let scaled = step &* 256
        let pace = Int64(truncatingIfNeeded: min(4, Int(age).floorLog))
        for i in 0..<6 { learnError(i, scaled &- guesses[i], pace) }
        if referenceStep != nil {
            learnError(6, scaled &- guesses[6], pace)
            learnError(7, scaled &- guesses[7], pace)
            let miss = (referenceOffset &- (scaled &- guesses[6])).clamped(1 &<< 61)
            referenceOffset = miss &- (miss &>> 3)
        }
        let trendPace = TrendPace(age: Int(age))
        trendPace.learn(scaled, fast: &fastTrend)
        trendPace.learn(scaled, slow: &slowTrend)
        trendPace.learn(scaled, slowest: &slowestTrend)
        meanDifference.learn(scaled, age: Int(age))
        difference = step
        self.place = place
        if age < Self.ageLimit { age &+= 1 }
    }

    @inline(__always)
    private mutating func learnError(_ guess: Int, _ miss: Int64, _ pace: Int64) {
        let error = errors[guess]
        errors[guess] =
            error &+ UInt64(bitPattern: Int64(bitPattern: miss.size &>> 2 &- error) &>> pace)
    }
}

/// A list of times within a frame, and what its first time and its steps are compared with.
struct TimeList {
    var start: Int
    var count: Int
    /// The unit that the encoder chose.
    var unit: Int
    /// The start of the last list that was not shared.
    var otherStart: Int64?
    /// Where the reference's times lie, and its last time before them.
    var reference: Int?
    var referenceBefore: Int64?
}

extension TimeState {
    func mix(into fingerprint: inout Fingerprint) {
        fingerprint.mix(base)
        fingerprint.mix(unit)
        fingerprint.mix(age)
        fingerprint.mix(signs)
        fingerprint.mix(last)
        fingerprint.mix(before)
        fingerprint.mix(place)
        fingerprint.mix(difference)
        fastTrend.mix(into: &fingerprint)
        slowTrend.mix(into: &fingerprint)
        slowestTrend.mix(into: &fingerprint)
        fingerprint.mix(meanDifference.guess)
        fingerprint.mix(referenceOffset)
        for i in errors.indices { fingerprint.mix(errors[i]) }
        spread.mix(into: &fingerprint)
    }
}
