// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import Testing

@Suite struct DegradationLadderTests {
    typealias Level = DegradationLadder.Level

    var ladder = DegradationLadder(at: seconds(0))
    var now = seconds(0)

    /// Judges `facts` each second until the level changes, for at most a minute.
    private mutating func settle(
        _ facts: DegradationLadder.Facts
    ) -> DegradationLadder.Change? {
        for _ in 0..<60 {
            if let change = ladder.judge(facts, at: now) { return change }
            now = now + .seconds(1)
        }
        return nil
    }

    private static func facts(
        queue: Int = 0, roundTrip: Double = 0, store: Int = 0, floor: Bool = false
    ) -> DegradationLadder.Facts {
        var facts = DegradationLadder.Facts()
        facts.queuePercent = queue
        facts.roundTrip = .seconds(roundTrip)
        facts.storePercent = store
        facts.isDiskFloorNear = floor
        return facts
    }

    @Test(arguments: [
        (facts(), Level.normal, DegradationLadder.Reason.none),
        (facts(queue: 50, roundTrip: 2, store: 50), .normal, .none),
        (facts(queue: 51), .widerWindows, .queue),
        (facts(roundTrip: 2.1), .widerWindows, .roundTrip),
        (facts(queue: 75, store: 50), .widerWindows, .queue),
        (facts(queue: 76), .fewerKinds, .queue), (facts(store: 51), .fewerKinds, .store),
        (facts(queue: 100, store: 80), .fewerKinds, .queue),
        (facts(store: 81), .means, .store), (facts(floor: true), .means, .diskFloor),
        (facts(store: 95), .means, .store), (facts(store: 96), .alertsOnly, .store),
        (facts(queue: 100, roundTrip: 9, store: 100, floor: true), .alertsOnly, .store),
    ])
    func worstThatHoldsIsEntered(
        _ facts: DegradationLadder.Facts, _ level: Level, _ reason: DegradationLadder.Reason
    ) {
        var suite = self
        let change = suite.settle(facts)
        #expect(change?.to == (level == .normal ? nil : level))
        #expect(suite.ladder.level == level && suite.ladder.reason == reason)
        if let change {
            #expect(change.from == .normal && change.measures == .init(level))
            #expect(suite.now == seconds(10) && change.lasted == .seconds(10))
        }
    }

    /// From each level: what lets it go, and what does not.
    @Test(arguments: [
        (facts(queue: 51), facts(queue: 25), false), (facts(queue: 51), facts(queue: 24), true),
        (facts(queue: 51), facts(roundTrip: 1), false),
        (facts(queue: 76), facts(queue: 50), false), (facts(queue: 76), facts(queue: 49), true),
        (facts(queue: 76), facts(store: 40), false), (facts(queue: 76), facts(store: 39), true),
        (facts(store: 81), facts(store: 70), false), (facts(store: 81), facts(store: 69), true),
        (facts(floor: true), facts(floor: true), false), (facts(floor: true), facts(), true),
        (facts(store: 96), facts(store: 90), false), (facts(store: 96), facts(store: 89), true),
    ])
    func levelIsLeftBelowALowerThreshold(
        _ entry: DegradationLadder.Facts, _ exit: DegradationLadder.Facts, _ isLeft: Bool
    ) {
        var suite = self
        let before = suite.settle(entry)?.to ?? .normal
        let after = suite.settle(exit)
        #expect((after != nil) == isLeft)
        if let after { #expect(after.to.rawValue == before.rawValue - 1) }
    }

    @Test mutating func conditionMustHoldForTenSeconds() {
        let bad = Self.facts(queue: 60)
        for second in 0..<100 where second % 10 != 9 {
            equal(ladder.judge(bad, at: seconds(Double(second))), nil)
            if second % 10 == 8 {
                equal(ladder.judge(.init(), at: seconds(Double(second) + 0.5)), nil)
            }
        }
        #expect(ladder.level == .normal && ladder.changes == 0)
    }

    @Test mutating func stepsDownComeOneByOne() {
        #expect(settle(Self.facts(store: 100))?.to == .alertsOnly)
        var levels: [Level] = []
        var times: [MonotonicInstant] = []
        while let change = settle(.init()) {
            levels.append(change.to)
            times.append(now)
            #expect(change.reason == (change.to == .normal ? .none : .store))
        }
        #expect(levels == [.means, .fewerKinds, .widerWindows, .normal])
        #expect(times == [20, 30, 40, 50].map { seconds($0) })
        #expect(ladder.changes == 5 && ladder.reason == .none)
    }

    @Test mutating func worseIsEnteredFromAnyLevel() {
        #expect(settle(Self.facts(queue: 60))?.to == .widerWindows)
        #expect(settle(Self.facts(queue: 60, store: 60))?.to == .fewerKinds)
        let change = settle(Self.facts(store: 99))
        #expect(change?.from == .fewerKinds && change?.to == .alertsOnly)
        #expect(ladder.since == now)
    }

    @Test mutating func deadlineIsThatOfTheFirstCondition() {
        #expect(ladder.dueAt == .distantFuture)
        _ = ladder.judge(Self.facts(queue: 60), at: seconds(3))
        _ = ladder.judge(Self.facts(queue: 80), at: seconds(5))
        #expect(ladder.dueAt == seconds(13))
    }

    @Test func eachLevelGivesUpMore() {
        let measures = Level.allCases.map { DegradationLadder.Measures($0) }
        #expect(measures.map(\.windowFactor) == [1, 4, 4, 4, 4])
        #expect(measures.map(\.sendsAggregates) == [true, true, false, false, false])
        #expect(measures.map(\.sendsDeferred) == [true, true, false, false, false])
        let mean = Duration.seconds(10)
        #expect(measures.map(\.meanOver) == [nil, nil, nil, mean, mean])
        #expect(measures.map(\.takesOrdinary) == [true, true, true, true, false])
    }
}
