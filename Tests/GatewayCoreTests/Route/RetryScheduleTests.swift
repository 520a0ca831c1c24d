// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import TestSupport
import Testing

@Suite struct RetryScheduleTests {
    private func waits(_ policy: RetryPolicy, _ count: Int, seed: UInt64 = 1) -> [Duration?] {
        var generator = SeededGenerator(seed: seed)
        var schedule = RetrySchedule(policy)
        return (0..<count).map { schedule.failed(at: seconds(Double($0)), using: &generator) }
    }

    @Test func withoutChanceTheWaitsAreThoseOfTheTable() {
        let second = Duration.seconds(1)
        let cap = Duration.seconds(10)
        let rows: [(RetryPolicy.Growth, [Double])] = [
            (.fixed, [1, 1, 1, 1, 1, 1]), (.linear, [1, 2, 3, 4, 5, 6]),
            (.exponential(factor: 2), [1, 2, 4, 8, 10, 10]),
            (.exponential(factor: 3), [1, 3, 9, 10, 10, 10]),
            (.exponential(factor: 1), [1, 1, 1, 1, 1, 1]),
        ]
        for (growth, expected) in rows {
            let policy = RetryPolicy(first: second, cap: cap, growth: growth, jitter: .none)
            #expect(waits(policy, 6) == expected.map { .seconds($0) }, "\(growth)")
        }
        let linear = RetryPolicy(first: second, cap: cap, growth: .linear, jitter: .none)
        #expect(waits(linear, 30).last == cap)
        #expect(waits(.none, 2) == [nil, nil])
    }

    @Test func threeAttemptsHaveTwoWaits() {
        #expect(waits(.threeAttempts, 4) == [.seconds(1), .seconds(2), nil, nil])
        var policy = RetryPolicy.threeAttempts
        policy.attempts = 8
        #expect(waits(policy, 8).map { $0 == nil } == Array(repeating: false, count: 7) + [true])
        #expect(waits(policy, 7).last == .seconds(10))
    }

    @Test func waitsAreSpreadOverAllOfTheCeiling() {
        var lowest = Duration.seconds(100)
        var highest = Duration.zero
        for seed in 0..<500 as Range<UInt64> {
            let waits = waits(.dialing, 7, seed: seed).map { $0 ?? .zero }
            for (wait, ceiling) in zip(waits, [1, 2, 4, 8, 16, 30, 30]) {
                #expect(wait >= .zero && wait <= .seconds(ceiling))
            }
            lowest = min(lowest, waits[4])
            highest = max(highest, waits[4])
        }
        #expect(lowest < .milliseconds(200) && highest > .milliseconds(15_800))
    }

    @Test func jittersKeepToTheirBounds() {
        for seed in 0..<100 as Range<UInt64> {
            let half = waits(.operatorNeeded, 6, seed: seed).map { $0 ?? .zero }
            for (wait, ceiling) in zip(half, [60, 120, 240, 480, 900, 900]) {
                #expect(wait * 2 >= .seconds(ceiling) && wait <= .seconds(ceiling))
            }
            var policy = RetryPolicy.dialing
            policy.jitter = .decorrelated
            var before = policy.first
            for wait in waits(policy, 50, seed: seed).map({ $0 ?? .zero }) {
                #expect(wait >= policy.first && wait <= min(before * 3, policy.cap))
                before = wait
            }
        }
    }

    @Test func onlyWhatHeldLetsItBeginAnew() {
        var generator = SeededGenerator(seed: 3)
        var policy = RetryPolicy.dialing
        policy.jitter = .none
        var schedule = RetrySchedule(policy)
        var now = 0.0
        for (held, expected) in [(0.0, 1.0), (29.9, 2), (10, 4), (30, 1), (5, 2), (400, 1)] {
            schedule.succeeded(at: seconds(now))
            // Told twice: the first counts.
            schedule.succeeded(at: seconds(now + held / 2))
            now += held
            let wait = schedule.failed(at: seconds(now), using: &generator)
            #expect(wait == .seconds(expected), "held \(held)")
        }
        // A failure without a success between says nothing about stability.
        let wait = schedule.failed(at: seconds(now + 1000), using: &generator)
        #expect(wait == .seconds(2))
        #expect(schedule.waits == 7 && schedule.resets == 2 && schedule.exhaustions == 0)
        schedule.reset()
        #expect(schedule.failures == 0 && schedule.resets == 3)
    }

    @Test func emptyCeilingIsMisuse() async {
        await #expect(processExitsWith: .failure) {
            _ = RetrySchedule(RetryPolicy(first: .zero))
        }
    }
}

@Suite struct RetryBudgetTests {
    var budget = RetryBudget()

    private mutating func retries(_ count: Int, at now: Double) -> Int {
        (0..<count).count { _ in budget.takeRetry(at: seconds(now)) }
    }

    @Test mutating func threeRetriesAreAlwaysAllowed() {
        equal(retries(10, at: 0), 3)
        #expect(budget.retries == 3 && budget.refusals == 7 && budget.room == 0)
        equal(retries(10, at: 29), 0)
        equal(retries(10, at: 30), 3)
    }

    @Test mutating func aFifthOfTheSendsIsAllowed() {
        for i in 0..<100 { budget.noteSend(at: seconds(Double(i) / 10)) }
        equal(retries(50, at: 10), 20)
        // The sends leave the window one by one, and the retries with them.
        equal(retries(50, at: 35), 0)
        equal(retries(50, at: 40), 3)
        #expect(budget.sends == 100)
    }
}
