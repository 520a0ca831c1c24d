// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import TestSupport
import Testing

@Suite struct LinkMachineTests {
    var link = LinkMachine()
    var generator = SeededGenerator(seed: 1)

    private mutating func next(_ now: Double) -> LinkMachine.Order {
        link.next(at: seconds(now), using: &generator)
    }

    private mutating func fail(_ now: Double) { link.failed(at: seconds(now), using: &generator) }

    /// How long it waits from `now` until it dials.
    private mutating func wait(from now: Double) throws -> Duration {
        switch next(now) {
        case .dial: return .zero
        case .hangUp:
            Issue.record("hangs up")
            return .zero
        case .wait(let until):
            equal(link.next(at: until, using: &generator), .dial)
            return until - seconds(now)
        }
    }

    @Test mutating func firstAttemptWaitsForNothing() {
        equal(next(5), .dial)
        equal(next(5), .wait(until: seconds(20)))
        #expect(link.downSince == seconds(5) && !link.isConnected)
    }

    @Test mutating func brokerThatDoesNotAnswerIsGivenUp() {
        equal(next(0), .dial)
        equal(next(15), .hangUp)
        guard case .wait(let until) = next(15) else {
            Issue.record("dials or hangs up")
            return
        }
        #expect(until <= seconds(16))
        // The end of what was given up must not begin a second wait, nor a connection.
        fail(15)
        link.connected(at: seconds(15))
        #expect(!link.isConnected && link.failures == 1)
    }

    @Test mutating func otherSettingsAreTriedAtOnce() {
        equal(next(0), .dial)
        fail(1)
        link.settingsChanged(retry: RetrySchedule(shortest: .seconds(5), longest: .seconds(9)))
        equal(next(1), .dial)
        // An attempt that runs goes on, and a connection stays.
        link.settingsChanged(retry: RetrySchedule())
        equal(next(1), .wait(until: seconds(16)))
        link.connected(at: seconds(2))
        link.settingsChanged(retry: RetrySchedule())
        #expect(link.isConnected)
    }

    @Test mutating func connectionIsTrustedAfterTime() {
        equal(next(0), .dial)
        link.connected(at: seconds(1))
        #expect(link.isConnected && link.connections == 1 && link.downSince == nil)
        equal(next(1), .wait(until: seconds(11)))
        equal(next(11), .wait(until: .distantFuture))
        fail(100)
        #expect(link.downSince == seconds(100) && !link.isConnected)
    }

    @Test mutating func waitsRiseUntilAConnectionIsProved() throws {
        // Thrown out after each CONNACK: the ceiling doubles up to thirty seconds.
        var longest = Duration.zero
        var now = 0.0
        for attempt in 0..<200 {
            let wait = try wait(from: now)
            if attempt > 0 {
                #expect(wait <= .seconds(min(30, 1 << min(attempt - 1, 10))))
            }
            longest = max(longest, wait)
            now += 100
            link.connected(at: seconds(now))
            fail(now)
        }
        #expect(longest > .seconds(25))
        _ = try wait(from: now)
        link.connected(at: seconds(now))
        link.proved()
        equal(next(now), .wait(until: .distantFuture))
        fail(now)
        let wait = try wait(from: now)
        #expect(wait <= .seconds(1))
    }

    @Test mutating func lateEventsChangeNothing() {
        link.connected(at: seconds(0))
        link.proved()
        fail(0)
        #expect(!link.isConnected && link.failures == 0)
        equal(next(0), .dial)
        link.proved()
        link.connected(at: seconds(1))
        link.connected(at: seconds(2))
        #expect(link.connections == 1)
    }
}

@Suite struct RetryScheduleTests {
    @Test func waitsAreSpreadOverAllOfTheCeiling() {
        var generator = SeededGenerator(seed: 7)
        var lowest = Duration.seconds(100)
        var highest = Duration.zero
        for _ in 0..<500 {
            var schedule = RetrySchedule()
            for ceiling in [1, 2, 4, 8, 16, 30, 30] {
                let wait = schedule.next(using: &generator)
                #expect(wait >= .zero && wait <= .seconds(ceiling))
                if ceiling == 16 {
                    lowest = min(lowest, wait)
                    highest = max(highest, wait)
                }
            }
            schedule.reset()
            let again = schedule.next(using: &generator)
            #expect(again <= .seconds(1))
        }
        #expect(lowest < .milliseconds(200) && highest > .milliseconds(15_800))
    }

    @Test func emptyCeilingIsMisuse() async {
        await #expect(processExitsWith: .failure) { _ = RetrySchedule(shortest: .zero) }
    }
}

@Suite struct RateLimitTests {
    @Test func burstPassesThenOneASecond() {
        var limit = RateLimit(interval: .seconds(1), burst: 5)
        for _ in 0..<5 { equal(limit.take(at: seconds(0)), true) }
        equal(limit.take(at: seconds(0.5)), false)
        equal(limit.take(at: seconds(1)), true)
        equal(limit.take(at: seconds(1)), false)
        #expect(limit.refusals == 2)
        for _ in 0..<5 { equal(limit.take(at: seconds(100)), true) }
        equal(limit.take(at: seconds(100)), false)
    }
}
