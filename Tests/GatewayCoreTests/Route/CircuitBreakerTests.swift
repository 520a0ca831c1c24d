// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import Testing

/// A breaker and what is under way, moved by a script.
///
///     s success · f failure · t time-out · S success after six seconds · p permit, no outcome
///     w withdraws the newest permit · 2.5 seconds pass · F, C, M forces · R releases
struct BreakerScript {
    var breaker: CircuitBreaker
    var now = seconds(0)
    var permits: [CircuitBreaker.Permit] = []
    /// When what was refused may come again.
    var refusedUntil: [MonotonicInstant] = []

    init(_ policy: BreakerPolicy, seed: UInt64 = 0) {
        breaker = CircuitBreaker(policy, seed: seed)
    }

    mutating func run(_ script: String) {
        for token in script.split(separator: " ") { step(token) }
    }

    private mutating func step(_ token: Substring) {
        if let wait = Double(token) {
            now = now + .milliseconds(Int64(wait * 1000))
            return
        }
        switch token {
        case "s": attempt(.succeeded)
        case "f": attempt(.failed)
        case "t": attempt(.timedOut)
        case "S":
            guard let permit = permit() else { return }
            now = now + .seconds(6)
            breaker.report(permit, .succeeded, at: now)
        case "p": if let permit = permit() { permits.append(permit) }
        case "w": if let permit = permits.popLast() { breaker.withdraw(permit) }
        case "F": breaker.force(.open)
        case "C": breaker.force(.closed)
        case "M": breaker.force(.metricsOnly)
        case "R": breaker.release(at: now)
        default: Issue.record("no such step: \(token)")
        }
    }

    private mutating func attempt(_ outcome: CircuitBreaker.Outcome) {
        guard let permit = permit() else { return }
        breaker.report(permit, outcome, at: now)
    }

    private mutating func permit() -> CircuitBreaker.Permit? {
        switch breaker.permit(at: now) {
        case .proceed(let permit): return permit
        case .wait(let until):
            refusedUntil.append(until)
            return nil
        }
    }
}

/// A row of a table.
struct BreakerCase: CustomTestStringConvertible, Sendable {
    var script: String
    var mode: CircuitBreaker.Mode
    /// Requests that were told to wait.
    var refused: Int

    init(_ script: String, _ mode: CircuitBreaker.Mode, refused: Int = 0) {
        self.script = script
        self.mode = mode
        self.refused = refused
    }

    var testDescription: String { "\(script) → \(mode.rawValue)" }

    func check(_ policy: BreakerPolicy) {
        var script = BreakerScript(policy)
        script.run(self.script)
        #expect(script.breaker.mode == mode, "\(testDescription)")
        #expect(script.refusedUntil.count == refused)
        #expect(script.breaker.counters.notPermitted == UInt64(refused))
    }
}

@Suite struct CircuitBreakerTests {
    /// With an open time that a table can name.
    static let policy = {
        var policy = BreakerPolicy()
        policy.jitterPercent = 0
        return policy
    }()

    @Test(arguments: [
        // closed
        BreakerCase("", .closed), .init("s", .closed), .init("f f f f", .closed),
        .init("f f f f f", .open), .init("t t t t t", .open), .init("p p p p p p", .closed),
        .init("f f f f s", .open),  // 4 of 5
        .init("s s f f s", .closed),  // 2 of 5
        .init("s s f f f", .open),  // 3 of 5
        .init("s s s s s s f f f f", .closed), .init("s s s s f f f f", .open),
        .init("f f f f 31 s s", .closed),  // the old ones are forgotten
        .init("f 31 f 31 f 31 f 31 f", .open),  // in a row, however long it took
        .init("S S S S", .closed), .init("S S S S S", .open),
        .init("s s S S S S", .closed), .init("s S S S S", .open),
        .init("R", .closed), .init("F", .forcedOpen), .init("C", .forcedClosed),
        .init("M", .metricsOnly),
        // open for 5 s
        .init("f f f f f s", .open, refused: 1), .init("f f f f f 4.9 s", .open, refused: 1),
        .init("f f f f f 5 p", .halfOpen), .init("f f f f f 5 f", .open),
        .init("f f f f f R", .open), .init("f f f f f F", .forcedOpen),
        .init("f f f f f C", .forcedClosed), .init("f f f f f M", .metricsOnly),
        // half open
        .init("f f f f f 5 p s", .halfOpen, refused: 1),
        .init("f f f f f 5 p 14.9 s", .halfOpen, refused: 1),
        .init("f f f f f 5 p 15 s", .open, refused: 1),  // silence is failure
        .init("f f f f f 5 p w s", .halfOpen), .init("f f f f f 5 s s", .halfOpen),
        .init("f f f f f 5 s s 100 s", .closed),  // nobody asked, nothing failed
        .init("f f f f f 5 s s s", .closed), .init("f f f f f 5 s s f", .open),
        .init("f f f f f 5 s s t", .open), .init("f f f f f 5 S S S", .closed),
        .init("f f f f f 5 p R", .halfOpen), .init("f f f f f 5 p F", .forcedOpen),
        .init("f f f f f 5 p C", .forcedClosed), .init("f f f f f 5 p M", .metricsOnly),
        // The second opening lasts twice as long.
        .init("f f f f f 5 f 9.9 s", .open, refused: 1), .init("f f f f f 5 f 10 p", .halfOpen),
        // forced
        .init("F s f 1000 p", .forcedOpen, refused: 3), .init("F R", .open),
        .init("F R p", .halfOpen), .init("F R s s s", .closed),
        .init("C f f f f f f", .forcedClosed), .init("C R", .closed),
        .init("M f f f f f f", .metricsOnly), .init("M f f f f R", .closed),
        .init("M f f f f R f", .closed),  // begins with an empty window
    ])
    func everyStateAndInput(_ row: BreakerCase) { row.check(Self.policy) }

    @Test(arguments: [
        BreakerCase("f f f f", .closed), .init("f f f f f", .open),
        .init("f f f f s f f f f", .closed),  // a success between
        .init("f 40 f 40 f 40 f 40 f", .open),
        .init("s f s f s f s f s f", .open),  // 5 of 10
        .init("s s f s f s f s f s f", .closed),  // 5 of 11
        .init("f f f f f 29.9 s", .open, refused: 1), .init("f f f f f 30 p", .halfOpen),
        .init("f f f f f 30 s s", .halfOpen), .init("f f f f f 30 s s s", .closed),
        .init("f f f f f 30 f 29.9 s", .open, refused: 1),  // no longer the second time
        .init("f f f f f 30 f 30 s", .halfOpen),
    ])
    func steady(_ row: BreakerCase) { row.check(.steady) }

    @Test(arguments: [
        BreakerCase("f f f f", .closed), .init("f f f f f", .open),
        .init("f s f s s f s s f s s", .closed), .init("f s f s s f s s f s s f", .open),
        .init("f f f f 59 f", .open), .init("f f f f 60 f", .closed),
        .init("f f f f f 29.9 s", .open, refused: 1), .init("f f f f f 30 s", .halfOpen),
        .init("f f f f f 30 s s", .closed), .init("f f f f f 30 s f", .open),
    ])
    func windowed(_ row: BreakerCase) { row.check(.windowed) }

    @Test func windowedCountsWhatTakesLongerThanTenSeconds() {
        var script = BreakerScript(.windowed)
        for _ in 0..<5 {
            guard case .proceed(let permit) = script.breaker.permit(at: script.now) else {
                Issue.record("is open")
                return
            }
            #expect(permit.deadline == script.now + .seconds(10))
            script.run("10.001")
            script.breaker.report(permit, .succeeded, at: script.now)
        }
        #expect(script.breaker.mode == .open)
        #expect(script.breaker.counters.timeouts == 5 && script.breaker.counters.successes == 0)
    }

    @Test(arguments: [
        BreakerCase("f f f f", .closed), .init("f f f f f", .open),
        .init("f f f f s f f f f s f f f f", .closed),
        .init("f 100 f 100 f 100 f 100 f", .open),
        .init("f f f f f 59.9 s", .open, refused: 1), .init("f f f f f 60 s", .halfOpen),
        .init("f f f f f 60 s s", .closed), .init("f f f f f 60 s f", .open),
    ])
    func consecutive(_ row: BreakerCase) { row.check(.consecutive) }

    @Test func refusalsSayWhenToComeBack() {
        var script = BreakerScript(Self.policy)
        script.run("f f f f f s 1 s 4 p 2 s")
        #expect(script.refusedUntil == [seconds(5), seconds(5), seconds(20)])
        script.run("F p")
        #expect(script.refusedUntil.last == .distantFuture)
        // Being refused is no failure.
        #expect(script.breaker.counters.failures == 5 && script.breaker.counters.notPermitted == 4)
    }

    @Test func outcomesOfAnOldStateChangeNothing() throws {
        var script = BreakerScript(Self.policy)
        script.run("p p f f f f f")
        let old = script.permits
        script.breaker.report(old[0], .failed, at: script.now)
        script.run("5 p")
        script.breaker.report(old[1], .succeeded, at: script.now)
        script.breaker.withdraw(old[0])
        #expect(script.breaker.mode == .halfOpen && script.breaker.counters.ignored == 3)
        // The probe was given up; what it says later opens nothing again.
        script.run("15 p")
        #expect(script.breaker.mode == .open)
        script.breaker.report(try #require(script.permits.last), .succeeded, at: script.now)
        #expect(script.breaker.mode == .open && script.breaker.counters.ignored == 4)
    }

    @Test func openTimeGrowsToItsCapAndFallsBackWhenItWasCalm() {
        var script = BreakerScript(Self.policy)
        script.run("f f f f f")
        for expected in [5, 10, 20, 40, 60, 60, 60] as [Double] {
            let until = script.breaker.opensAgainAt
            #expect(until == script.now + .seconds(expected))
            script.run("\(expected) f")
        }
        script.run("60 s s s 299.9 f f f f f")
        #expect(script.breaker.opensAgainAt == script.now + .seconds(60))
        script.run("60 s s s 300 f f f f f")
        #expect(script.breaker.opensAgainAt == script.now + .seconds(5))
    }

    @Test func openTimeIsSpreadByAFifth() {
        var shortest = Duration.seconds(100)
        var longest = Duration.zero
        for seed in 0..<300 as Range<UInt64> {
            var script = BreakerScript(BreakerPolicy(), seed: seed)
            script.run("f f f f f")
            let time = (script.breaker.opensAgainAt ?? seconds(0)) - seconds(0)
            shortest = min(shortest, time)
            longest = max(longest, time)
        }
        #expect(shortest >= .seconds(4) && shortest < .milliseconds(4_100))
        #expect(longest <= .seconds(6) && longest > .milliseconds(5_900))
    }

    @Test func windowRisesAfterClosing() {
        var script = BreakerScript(Self.policy)
        #expect(script.breaker.windowLimit == nil)
        script.run("f f f f f")
        #expect(script.breaker.windowLimit == 0)
        script.run("5 s s")
        #expect(script.breaker.windowLimit == 1)
        script.run("s")
        var limits: [Int?] = []
        for _ in 0..<15 {
            limits.append(script.breaker.windowLimit)
            script.run("s")
        }
        #expect(limits == Array(1...15))
        #expect(script.breaker.windowLimit == nil)
    }

    @Test func onlyMeasuringCountsWhatItWouldHaveDone() {
        var script = BreakerScript(Self.policy)
        script.run("M f f f f f f f f f f f")
        #expect(script.breaker.counters.wouldHaveOpened == 2)
        #expect(script.breaker.counters.openings == 0 && script.breaker.isClosed)
    }

    @Test func newConnectionClosesItAndLeavesTheOperatorsWish() {
        var script = BreakerScript(Self.policy)
        script.run("f f f f f")
        script.breaker.reset()
        #expect(script.breaker.mode == .closed && script.breaker.windowLimit == nil)
        script.run("F")
        script.breaker.reset()
        #expect(script.breaker.mode == .forcedOpen)
    }

    @Test func unsoundPoliciesAreMisuse() async {
        await #expect(processExitsWith: .failure) {
            var policy = BreakerPolicy.consecutive
            policy.consecutiveFailures = nil
            _ = CircuitBreaker(policy)
        }
        await #expect(processExitsWith: .failure) {
            var policy = BreakerPolicy()
            policy.successesToClose = 0
            _ = CircuitBreaker(policy)
        }
    }
}
