// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import Testing

@Suite struct InFlightWindowTests {
    var window = InFlightWindow()
    var now = seconds(0)

    /// `count` answers after so long each, with the window full.
    private mutating func answers(_ count: Int, _ milliseconds: Int) {
        for _ in 0..<count {
            now = now + .milliseconds(milliseconds)
            window.acknowledged(
                after: .milliseconds(milliseconds), underWay: window.size, at: now)
        }
    }

    @Test mutating func slowAnswersShrinkItAndQuickOnesLetItGrow() {
        window.connected()
        #expect(window.size == 4)
        answers(200, 50)
        #expect(window.size == 16 && window.floor == .milliseconds(50))
        answers(1, 101)
        #expect(window.size == 12)
        answers(40, 150)
        #expect(window.size == 1 && window.isStrained)
        answers(1, 50)
        #expect(window.size == 2)
        // Each round trip adds one.
        answers(2, 50)
        #expect(window.size == 3)
        answers(300, 50)
        #expect(window.size == 16 && !window.isStrained)
    }

    @Test mutating func burstOfSlowAnswersShrinksItOnce() {
        window.connected()
        answers(200, 50)
        let moment = now + .milliseconds(500)
        for _ in 0..<8 {
            window.acknowledged(after: .milliseconds(500), underWay: 16, at: moment)
        }
        #expect(window.size == 12 && window.decreases == 1)
    }

    @Test mutating func unusedWindowDoesNotGrow() {
        window.connected()
        answers(200, 50)
        answers(1, 500)
        for _ in 0..<100 {
            window.acknowledged(after: .milliseconds(50), underWay: 3, at: now)
        }
        #expect(window.size == 12)
    }

    @Test mutating func floorIsThatOfTenMinutes() {
        window.connected()
        answers(1, 50)
        now = now + .seconds(300)
        answers(1, 400)
        #expect(window.floor == .milliseconds(50))
        // The way has become longer for good: that is the new measure.
        now = now + .seconds(400)
        answers(1, 400)
        #expect(window.floor == .milliseconds(400) && window.slowAfter == .milliseconds(800))
    }

    @Test mutating func quickLineIsNotJudgedByMicroseconds() {
        window.connected()
        answers(1, 1)
        answers(300, 39)
        #expect(window.size == 16 && window.slowAfter == .milliseconds(40))
    }

    @Test mutating func receiveMaximumIsObeyedByAlertsToo() {
        window.connected(receiveMaximum: 4)
        #expect(window.size == 4 && window.limit == 4)
        #expect(window.admits(underWay: 3, isAlert: false))
        #expect(!window.admits(underWay: 4, isAlert: true))
        answers(50, 50)
        #expect(window.size == 4)
        window.connected(receiveMaximum: 65535)
        #expect(window.limit == 16)
        answers(40, 500)
        #expect(window.size == 1)
        #expect(!window.admits(underWay: 1, isAlert: false))
        #expect(window.admits(underWay: 1, isAlert: true))
        window.connected(receiveMaximum: 0)
        #expect(window.limit == 1)
    }
}

@Suite struct BackfillPaceTests {
    var pace = BackfillPace()

    /// Frames that go in the seconds from `start` to `end`, of so many bytes each.
    private mutating func frames(_ start: Double, _ end: Double, bytes: Int = 100) -> Int {
        var now = seconds(start)
        var count = 0
        while now < seconds(end) {
            switch pace.admit(at: now) {
            case .proceed:
                pace.sent(bytes: bytes, at: now)
                count += 1
            case .wait(let until): now = until
            }
        }
        return count
    }

    @Test(arguments: [
        // Live frames a second, and what follows.
        (0, 10), (1, 10), (2, 10), (3, 12), (5, 20), (12, 48), (13, 50), (100, 50),
    ])
    func rateFollowsTheLiveOne(_ live: Int, _ expected: Int) {
        var pace = BackfillPace()
        for second in 0..<10 {
            for _ in 0..<live { pace.noteLive(at: seconds(Double(second))) }
        }
        #expect(pace.rate == Double(expected))
    }

    @Test mutating func noMoreThanTheRateGoes() {
        equal(frames(0, 10), 100)
        // 64 KiB frames: the ceiling of bytes is four a second.
        equal(frames(10, 20, bytes: 64 << 10), 40)
        // A pause is not made up for.
        equal(frames(1000, 1001), 10)
        #expect(pace.frames == 150 && pace.waits > 0)
    }

    @Test(arguments: [
        (0 as UInt64, 0.0), (10_000_000_000, 10), (10_000_000_001, 0), (5_000_000_000, 5),
        (.max, 3.709551615),
    ])
    func beginsByChanceWithinTenSeconds(_ chance: UInt64, _ start: Double) {
        var pace = BackfillPace()
        pace.begin(at: seconds(100), chance: chance)
        guard start > 0 else {
            equal(pace.admit(at: seconds(100)), .proceed)
            return
        }
        switch pace.admit(at: seconds(100)) {
        case .proceed: #expect(start < 0.1)
        case .wait(let until):
            #expect(until >= seconds(100) && until <= seconds(110))
            if chance < 10_000_000_001 { #expect(until == seconds(100 + start)) }
        }
    }

    @Test mutating func strainHalvesItStepByStep() {
        let script: [(Double, Bool, Double)] = [
            (0, false, 10), (5, true, 5), (6, true, 5), (9.9, true, 5), (10, true, 2.5),
            (15, true, 1.25), (20, true, 0.625), (25, true, 0.625), (30, false, 1.25),
            (31, false, 1.25), (35, false, 2.5), (40, false, 5), (45, false, 10), (50, false, 10),
        ]
        for (now, isStrained, rate) in script {
            pace.judge(isStrained: isStrained, at: seconds(now))
            #expect(pace.rate == rate, "at \(now)")
        }
    }

    @Test mutating func strainLeavesTwiceTheLiveRate() {
        for second in 0..<10 {
            for _ in 0..<3 { pace.noteLive(at: seconds(Double(second))) }
        }
        for step in 1...4 { pace.judge(isStrained: true, at: seconds(Double(step) * 5)) }
        #expect(pace.halvings == 4 && pace.rate == 6)
    }

    @Test mutating func timeLeftIsThatOfTheRate() {
        #expect(pace.timeLeft(frames: 3600) == .seconds(360))
        #expect(pace.timeLeft(frames: .max) == .seconds(1_000_000_000))
    }
}

@Suite struct SendPlanTests {
    var plan = SendPlan()

    /// A plan whose window has grown to its full size.
    private mutating func connectAndGrow() {
        plan.connected(chance: 0, at: seconds(0))
        var underWay = 0
        for _ in 0..<200 {
            while plan.admit(.live, at: seconds(0)) == .proceed {
                plan.sent(.live, bytes: 100, at: seconds(0))
                underWay += 1
            }
            plan.acknowledged(.live, after: .milliseconds(10), at: seconds(0))
            underWay -= 1
        }
        for _ in 0..<underWay {
            plan.acknowledged(.live, after: .milliseconds(10), at: seconds(0))
        }
        #expect(plan.window.size == 16)
    }

    @Test mutating func oldFramesLeaveHalfOfTheWindow() {
        connectAndGrow()
        var sent = 0
        for i in 0..<100 {
            guard plan.admit(.back, at: seconds(Double(i))) == .proceed else { break }
            plan.sent(.back, bytes: 100, at: seconds(Double(i)))
            sent += 1
        }
        #expect(sent == 8)
        equal(plan.admit(.back, at: seconds(200)), .waitForAnswer)
        for _ in 0..<8 {
            equal(plan.admit(.live, at: seconds(200)), .proceed)
            plan.sent(.live, bytes: 100, at: seconds(200))
        }
        equal(plan.admit(.live, at: seconds(200)), .waitForAnswer)
        equal(plan.admit(.alert, at: seconds(200)), .waitForAnswer)
        plan.acknowledged(.live, after: .milliseconds(10), at: seconds(201))
        equal(plan.admit(.live, at: seconds(201)), .proceed)
        equal(plan.admit(.back, at: seconds(201)), .waitForAnswer)
        plan.withdrawn(.back)
        equal(plan.admit(.back, at: seconds(201)), .proceed)
    }

    @Test mutating func onlyOldFramesArePaced() {
        plan.connected(chance: 4_000_000_000, at: seconds(0))
        equal(plan.admit(.back, at: seconds(0)), .wait(until: seconds(4)))
        equal(plan.admit(.live, at: seconds(0)), .proceed)
        equal(plan.admit(.alert, at: seconds(0)), .proceed)
        plan.sent(.back, bytes: 100, at: seconds(4))
        equal(plan.admit(.back, at: seconds(4)), .wait(until: seconds(4) + .milliseconds(100)))
        equal(plan.admit(.live, at: seconds(4)), .proceed)
        plan.breakerClosed(chance: 7_000_000_000, at: seconds(5))
        equal(plan.admit(.back, at: seconds(5)), .wait(until: seconds(12)))
    }

    @Test(arguments: [
        (SendPlan.Lane.alert, 0, true), (.alert, 9, true), (.live, 1, true), (.live, 2, false),
        (.back, 0, true), (.back, 1, false),
    ])
    func rampOfTheBreakerBindsAllButAlerts(
        _ lane: SendPlan.Lane, _ underWay: Int, _ isAllowed: Bool
    ) {
        var plan = SendPlan()
        plan.connected(chance: 0, at: seconds(0))
        for _ in 0..<underWay { plan.sent(lane, bytes: 1, at: seconds(0)) }
        let answer = plan.admit(lane, breakerLimit: 2, at: seconds(10))
        #expect((answer == .proceed) == isAllowed)
    }

    @Test mutating func alertsPassByASmallWindow() {
        plan.connected(chance: 0, at: seconds(0))
        for i in 0..<60 {
            let latency = Duration.milliseconds(i < 5 ? 50 : 500)
            plan.acknowledged(.live, after: latency, at: seconds(Double(i)))
        }
        #expect(plan.window.size == 1 && plan.pace.rate < 10)
        plan.sent(.live, bytes: 100, at: seconds(100))
        equal(plan.admit(.live, at: seconds(100)), .waitForAnswer)
        equal(plan.admit(.alert, at: seconds(100)), .proceed)
    }
}
