// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import Testing

/// One sensor under a rule, read at whole seconds unless said.
private struct Probe {
    private var classifier: Classifier
    private var time: Int64 = 0

    init(_ change: (inout SensorRule) -> Void) {
        var rule = SensorRule()
        rule.watchesSurprise = false
        change(&rule)
        classifier = Classifier(rules: [rule])
    }

    mutating func read(_ value: Double) -> Classification {
        time += 1_000_000_000
        return read(value, at: time)
    }

    mutating func read(_ value: Double, at time: Int64) -> Classification {
        classifier.classify(Reading(sensor: 0, time: time, value: value))
    }
}

private let base = Classification(priority: .normal, reason: .base)

private func critical(_ reason: Classification.Reason) -> Classification {
    Classification(priority: .critical, reason: reason)
}

@Suite struct ClassifyLimitTests {
    @Test(arguments: [
        (10.0, base), (30.0, base), (20.0, base), (-0.0 + 10, base),
        (30.0.nextUp, critical(.tooHigh(value: 30.0.nextUp, limit: 30))),
        (10.0.nextDown, critical(.tooLow(value: 10.0.nextDown, limit: 10))),
        (.infinity, critical(.tooHigh(value: .infinity, limit: 30))),
        (-.infinity, critical(.tooLow(value: -.infinity, limit: 10))),
        (.nan, Classification(priority: .normal, reason: .notANumber)),
    ])
    func valueOnTheLimitKeepsIt(value: Double, expected: Classification) {
        var probe = Probe { ($0.low, $0.high) = (10, 30) }
        #expect(probe.read(value) == expected)
    }

    @Test func brokenLimitHoldsUntilTheHysteresisIsOvercome() {
        var probe = Probe { ($0.low, $0.high, $0.hysteresis) = (10, 30, 2) }
        #expect(probe.read(29) == base)
        #expect(probe.read(31) == critical(.tooHigh(value: 31, limit: 30)))
        #expect(probe.read(30) == critical(.stillHigh(value: 30, clearsAt: 28)))
        #expect(probe.read(28.5) == critical(.stillHigh(value: 28.5, clearsAt: 28)))
        #expect(probe.read(28) == base)
        #expect(probe.read(29.5) == base)
        #expect(probe.read(9) == critical(.tooLow(value: 9, limit: 10)))
        #expect(probe.read(11.5) == critical(.stillLow(value: 11.5, clearsAt: 12)))
        #expect(probe.read(12) == base)
        #expect(probe.read(10) == base)
    }

    @Test func fallingThroughBothLimitsBreaksTheOther() {
        var probe = Probe { ($0.low, $0.high, $0.hysteresis) = (10, 30, 2) }
        #expect(probe.read(31).priority == .critical)
        #expect(probe.read(9) == critical(.tooLow(value: 9, limit: 10)))
        // Only the low limit is broken now: just below the high one all is well.
        #expect(probe.read(29) == base)
    }

    @Test func hysteresisWiderThanTheRangeStillEnds() {
        var probe = Probe { ($0.low, $0.high, $0.hysteresis) = (10, 30, 50) }
        #expect(probe.read(31).priority == .critical)
        #expect(probe.read(10) == critical(.stillHigh(value: 10, clearsAt: -20)))
        #expect(probe.read(5) == critical(.tooLow(value: 5, limit: 10)))
    }

    @Test func notANumberLeavesABrokenLimitBroken() {
        var probe = Probe { ($0.high, $0.hysteresis) = (30, 2) }
        #expect(probe.read(31).priority == .critical)
        #expect(probe.read(.nan).reason == .notANumber)
        #expect(probe.read(29) == critical(.stillHigh(value: 29, clearsAt: 28)))
    }

    @Test func eachRuleGivesItsOwnPriority() {
        var probe = Probe {
            ($0.base, $0.high, $0.limitPriority) = (.disposable, 30, .important)
            ($0.maximumStep, $0.stepPriority) = (5, .deferred)
        }
        #expect(probe.read(1).priority == .disposable)
        #expect(probe.read(7).priority == .deferred)
        #expect(probe.read(8).priority == .disposable)
        #expect(
            probe.read(31)
                == Classification(priority: .important, reason: .tooHigh(value: 31, limit: 30)))
    }

    @Test func ruleLessUrgentThanTheBaseDoesNotLowerIt() {
        var probe = Probe { ($0.base, $0.high, $0.limitPriority) = (.important, 30, .deferred) }
        #expect(probe.read(31) == Classification(priority: .important, reason: .base))
    }

    @Test func ruleAsUrgentAsTheBaseIsNamed() {
        var probe = Probe { ($0.base, $0.high) = (.critical, 30) }
        #expect(probe.read(30) == critical(.base))
        #expect(probe.read(31) == critical(.tooHigh(value: 31, limit: 30)))
    }
}

@Suite struct ClassifyChangeTests {
    @Test(arguments: [
        (5.0, base), (-5.0, base), (0.0, base),
        (5.0.nextUp, critical(.step(size: 5.0.nextUp, maximum: 5))),
        (-6.0, critical(.step(size: 6, maximum: 5))),
    ])
    func stepIsMeasuredFromTheReadingBefore(second: Double, expected: Classification) {
        var probe = Probe { $0.maximumStep = 5 }
        #expect(probe.read(0) == base)
        #expect(probe.read(second) == expected)
        #expect(probe.read(second) == base)
    }

    @Test func firstReadingHasNoStepAndNoRate() {
        var probe = Probe { ($0.maximumStep, $0.maximumRate) = (0, 0) }
        #expect(probe.read(1e9) == base)
    }

    @Test func notFiniteReadingsAreSteppedOver() {
        var probe = Probe { $0.maximumStep = 5 }
        #expect(probe.read(.nan).reason == .notANumber)
        #expect(probe.read(100) == base)
        #expect(probe.read(.infinity).reason == .infinite(value: .infinity))
        #expect(probe.read(.nan).reason == .notANumber)
        #expect(probe.read(104) == base)
        #expect(probe.read(110) == critical(.step(size: 6, maximum: 5)))
    }

    @Test func notFiniteReadingsHaveAPriorityOfTheirOwn() {
        var probe = Probe { $0.notFinitePriority = .important }
        #expect(probe.read(.nan) == Classification(priority: .important, reason: .notANumber))
        #expect(
            probe.read(-.infinity)
                == Classification(priority: .important, reason: .infinite(value: -.infinity)))
        #expect(probe.read(0) == base)
    }

    @Test(arguments: [
        // Ten units in: exactly a second, a nanosecond less, no time, time gone back.
        (1_000_000_000 as Int64, false), (999_999_999, true), (0, false), (-1, false),
        (-5_000_000_000, false), (500_000_000, true), (2_000_000_000, false),
    ])
    func rateNeedsTimeToHavePassed(elapsed: Int64, isBroken: Bool) {
        var probe = Probe { $0.maximumRate = 10 }
        #expect(probe.read(0, at: 7) == base)
        let result = probe.read(10, at: 7 + elapsed)
        #expect((result != base) == isBroken)
        if isBroken {
            #expect(
                result == critical(.rate(perSecond: 10 * 1e9 / Double(elapsed), maximum: 10)))
        }
    }

    @Test func readingFromThePastIsTheNextOnesNeighbour() {
        var probe = Probe { ($0.maximumStep, $0.maximumRate) = (5, 10) }
        #expect(probe.read(0, at: 10_000_000_000) == base)
        #expect(probe.read(100, at: 5_000_000_000) == critical(.step(size: 100, maximum: 5)))
        #expect(probe.read(100.5, at: 5_010_000_000).reason == .rate(perSecond: 50, maximum: 10))
    }

    @Test func extremeTimesAndValuesOverflowNothing() {
        var probe = Probe { ($0.maximumStep, $0.maximumRate) = (5, 10) }
        #expect(probe.read(-.greatestFiniteMagnitude, at: .min) == base)
        let result = probe.read(.greatestFiniteMagnitude, at: .max)
        #expect(result == critical(.step(size: .infinity, maximum: 5)))
        #expect(probe.read(1, at: .min).priority == .critical)
        #expect(probe.read(1.5, at: .max) == base)
    }

    @Test func mostUrgentDecidesAndAmongEqualsLimitStepRate() {
        var probe = Probe {
            ($0.high, $0.maximumStep, $0.maximumRate) = (30, 5, 1)
            $0.stepPriority = .important
        }
        #expect(probe.read(0) == base)
        #expect(probe.read(10) == critical(.rate(perSecond: 10, maximum: 1)))
        #expect(probe.read(31) == critical(.tooHigh(value: 31, limit: 30)))
    }

    @Test func sensorsDoNotKnowOfEachOther() {
        var rule = SensorRule()
        rule.maximumStep = 1
        var classifier = Classifier(rules: [rule])
        classifier.add(SensorRule())
        #expect(classifier.count == 2)
        for (sensor, value) in [(0, 1.0), (1, 500), (0, 2), (1, 900)] {
            let reading = Reading(sensor: sensor, time: 0, value: value)
            #expect(classifier.classify(reading) == base)
        }
    }
}

@Suite struct SensorRuleTests {
    @Test func ruleWithoutArgumentsSaysNothing() {
        var classifier = Classifier(rules: [SensorRule()])
        for value in [0, 1e300, -1e300, Double.leastNonzeroMagnitude] {
            #expect(classifier.classify(Reading(sensor: 0, time: 0, value: value)) == base)
        }
    }

    @Test(
        arguments: [
            { $0.low = .nan }, { $0.high = .nan }, { ($0.low, $0.high) = (2, 1) },
            { $0.hysteresis = -1 }, { $0.hysteresis = .nan }, { $0.hysteresis = .infinity },
            { $0.maximumStep = -1 }, { $0.maximumStep = .nan },
            { $0.maximumRate = -1 }, { $0.maximumRate = .nan },
        ] as [@Sendable (inout SensorRule) -> Void])
    func contradictionsAreSeen(change: @Sendable (inout SensorRule) -> Void) {
        var rule = SensorRule()
        #expect(rule.isConsistent)
        change(&rule)
        #expect(!rule.isConsistent)
    }

    @Test func limitsMayMeet() {
        var rule = SensorRule()
        (rule.low, rule.high) = (1, 1)
        #expect(rule.isConsistent)
    }

    @Test func contradictoryRuleIsRefused() async {
        await #expect(processExitsWith: .failure) {
            var rule = SensorRule()
            rule.hysteresis = -1
            _ = Classifier(rules: [rule])
        }
    }

    @Test func unknownSensorIsRefused() async {
        await #expect(processExitsWith: .failure) {
            var classifier = Classifier()
            _ = classifier.classify(Reading(sensor: 0, time: 0, value: 0))
        }
    }
}

@Suite struct ClassifyStateTests {
    @Test func aChangeOfStateIsLiftedOnceForEachChange() {
        var probe = Probe { $0.changePriority = .important }
        #expect(probe.read(0) == base)
        #expect(probe.read(0) == base)
        #expect(
            probe.read(1) == Classification(priority: .important, reason: .change(from: 0)))
        #expect(probe.read(1) == base)
        #expect(probe.read(.nan).reason == .notANumber)
        #expect(probe.read(1) == base)
        #expect(
            probe.read(0) == Classification(priority: .important, reason: .change(from: 1)))
    }

    @Test func whatARuleLiftedLastsAsLongAsItIsHeld() {
        var probe = Probe { ($0.high, $0.holdNanoseconds) = (10, 3_000_000_000) }
        #expect(probe.read(5) == base)
        #expect(probe.read(11) == critical(.tooHigh(value: 11, limit: 10)))
        #expect(probe.read(5) == critical(.held(nanoseconds: 1_000_000_000)))
        #expect(probe.read(.nan) == critical(.held(nanoseconds: 2_000_000_000)))
        #expect(probe.read(5) == base)
        // Back in time counts the same way, so that a clock set back holds nothing for ever.
        #expect(probe.read(11, at: 100_000_000_000).priority == .critical)
        #expect(probe.read(5, at: 99_000_000_000).priority == .critical)
        #expect(probe.read(5, at: 1_000_000_000) == base)
    }

    @Test func anotherRuleForgetsWhatWasBrokenAndKnowsTheValuesStill() {
        var rule = SensorRule()
        rule.watchesSurprise = false
        (rule.high, rule.hysteresis, rule.holdNanoseconds) = (10, 5, .max)
        var classifier = Classifier(rules: [rule])
        #expect(
            classifier.classify(Reading(sensor: 0, time: 1, value: 11)).priority == .critical)
        rule.maximumStep = 1
        rule.holdNanoseconds = 0
        classifier.setRule(rule, of: 0)
        #expect(
            classifier.classify(Reading(sensor: 0, time: 2, value: 9))
                == critical(.step(size: 2, maximum: 1)))
    }
}
