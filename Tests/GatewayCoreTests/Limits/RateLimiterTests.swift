// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import TestSupport
import Testing

@Suite struct RateLimiterTests {
    @Test func burstPassesThenOneASecond() {
        var limit = RateLimiter(messages: .init(perSecond: 1, burst: 5))
        for _ in 0..<5 { equal(limit.tryAcquire(at: seconds(0)), true) }
        equal(limit.tryAcquire(at: seconds(0.5)), false)
        equal(limit.tryAcquire(at: seconds(1)), true)
        equal(limit.tryAcquire(at: seconds(1)), false)
        #expect(limit.refusals == 2 && limit.grants == 6)
        // A pause fills it to its rim and not above.
        for _ in 0..<5 { equal(limit.tryAcquire(at: seconds(1000)), true) }
        equal(limit.tryAcquire(at: seconds(1000)), false)
    }

    @Test func whoMustWaitLearnsForHowLong() {
        var limit = RateLimiter(messages: .init(perSecond: 4, burst: 2))
        equal(limit.acquire(at: seconds(10)), .proceed)
        equal(limit.acquire(at: seconds(10)), .proceed)
        equal(limit.acquire(at: seconds(10)), .wait(until: seconds(10.25)))
        // Being told to wait takes nothing.
        equal(limit.acquire(at: seconds(10.1)), .wait(until: seconds(10.25)))
        equal(limit.acquire(at: seconds(10.25)), .proceed)
    }

    @Test func bytesAndMessagesBothCount() {
        var limit = RateLimiter(
            messages: .init(perSecond: 10, burst: 3), bytes: .init(perSecond: 1000, burst: 500))
        #expect(limit.levels(at: seconds(0)) == .init(messages: 3, bytes: 500))
        equal(limit.acquire(bytes: 400, at: seconds(0)), .proceed)
        #expect(limit.levels(at: seconds(0)) == .init(messages: 2, bytes: 100))
        equal(limit.acquire(bytes: 200, at: seconds(0)), .wait(until: seconds(0.1)))
        equal(limit.acquire(bytes: 100, at: seconds(0)), .proceed)
        equal(limit.acquire(at: seconds(0)), .proceed)
        equal(limit.acquire(at: seconds(0)), .wait(until: seconds(0.1)))
        #expect(limit.levels(at: seconds(0)) == .init(messages: 0, bytes: 0))
        #expect(limit.levels(at: seconds(100)) == .init(messages: 3, bytes: 500))
    }

    @Test func messageLargerThanTheBucketIsPaidForAfterwards() {
        var limit = RateLimiter(bytes: .init(perSecond: 100, burst: 50))
        equal(limit.acquire(bytes: 10, at: seconds(0)), .proceed)
        equal(limit.acquire(bytes: 200, at: seconds(0)), .wait(until: seconds(0.1)))
        equal(limit.acquire(bytes: 200, at: seconds(0.1)), .proceed)
        equal(limit.acquire(bytes: 1, at: seconds(0.1)), .wait(until: seconds(1.61)))
    }

    @Test func reservationsQueueUpToTheLimit() {
        var limit = RateLimiter(messages: .init(perSecond: 2, burst: 1))
        let second = Duration.seconds(1)
        equal(limit.reserve(within: second, at: seconds(0)), .zero)
        equal(limit.reserve(within: second, at: seconds(0)), .milliseconds(500))
        equal(limit.reserve(within: second, at: seconds(0)), .seconds(1))
        equal(limit.reserve(within: second, at: seconds(0)), nil)
        #expect(limit.refusals == 1)
        equal(limit.reserve(within: second, at: seconds(0.5)), .seconds(1))
    }

    @Test func withoutLimitsAllPasses() {
        var limit = RateLimiter()
        for _ in 0..<1000 { equal(limit.acquire(bytes: .max, at: seconds(0)), .proceed) }
        #expect(limit.levels(at: seconds(0)) == .init())
    }

    @Test func rateIsKeptWhateverTheRequestsAre() {
        for seed in 0..<50 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var limit = RateLimiter(bytes: .init(perSecond: 10_000, burst: 3000))
            var now = seconds(0)
            var sent = 0
            for _ in 0..<2000 {
                let size = generator.pick(1...1500)
                switch limit.acquire(bytes: size, at: now) {
                case .proceed: sent += size
                case .wait(let until):
                    #expect(until > now)
                    now = generator.once(in: 2) ? until : now + .milliseconds(1)
                }
            }
            let allowed = 3000 + Double((now - seconds(0)).components.seconds + 1) * 10_000
            #expect(Double(sent) <= allowed, "seed \(seed)")
        }
    }

    @Test func largeNumbersDoNotTrap() {
        var limit = RateLimiter(bytes: .init(perSecond: 1, burst: .max))
        equal(limit.acquire(bytes: .max, at: seconds(1)), .proceed)
        _ = limit.acquire(bytes: .max, at: seconds(2))
        _ = limit.levels(at: seconds(3))
        for power in 0..<63 {
            var limit = RateLimiter(bytes: .init(perSecond: 1, burst: 1 << power))
            equal(limit.tryAcquire(bytes: 1 << power, at: seconds(1)), true)
            #expect(limit.levels(at: seconds(1)).bytes ?? 2 <= 1, "2^\(power)")
        }
    }

    @Test func limitThatLetsNothingThroughIsMisuse() async {
        await #expect(processExitsWith: .failure) {
            _ = RateLimiter(messages: .init(perSecond: 0, burst: 1))
        }
    }
}

@Suite struct ClientLimiterTests {
    @Test func windowSlides() {
        var limit = ClientLimiter<Int>(limit: 10, window: .seconds(60))
        for _ in 0..<10 { equal(limit.ask(1, at: seconds(59)), .allow) }
        // A fixed window would let ten more through a second later.
        equal(limit.ask(1, at: seconds(60)), .refuse(until: seconds(66)))
        equal(limit.ask(1, at: seconds(66)), .allow)
        equal(limit.ask(1, at: seconds(66)), .refuse(until: seconds(72)))
        // Another client has its own window.
        equal(limit.ask(2, at: seconds(66)), .allow)
        // After two windows without a request all is forgotten.
        for _ in 0..<10 { equal(limit.ask(1, at: seconds(200)), .allow) }
        #expect(limit.refusals == 2 && limit.blocks == 0)
    }

    @Test func fullWindowSaysWhenItHasRoom() {
        var limit = ClientLimiter<Int>(limit: 4, window: .seconds(10))
        for _ in 0..<4 { equal(limit.ask(1, at: seconds(2)), .allow) }
        guard case .refuse(let until) = limit.ask(1, at: seconds(3)) else {
            Issue.record("has room")
            return
        }
        #expect(until == seconds(12.5))
        equal(limit.ask(1, at: seconds(12.4)), .refuse(until: seconds(12.5)))
        equal(limit.ask(1, at: until), .allow)
    }

    @Test func whoAsksForMoreIsBlocked() {
        var limit = ClientLimiter<String>(
            limit: 2, window: .seconds(1), blockTime: .seconds(30))
        equal(limit.ask("a", at: seconds(0)), .allow)
        equal(limit.ask("a", at: seconds(0)), .allow)
        equal(limit.ask("a", at: seconds(0)), .refuse(until: seconds(30)))
        equal(limit.ask("a", at: seconds(29.9)), .refuse(until: seconds(30)))
        equal(limit.ask("a", at: seconds(30)), .allow)
        #expect(limit.blocks == 1 && limit.refusals == 2)
    }

    @Test func inventedNamesFreeNobody() {
        var limit = ClientLimiter<Int>(
            limit: 1, window: .seconds(1), blockTime: .seconds(1000), clientLimit: 4)
        equal(limit.ask(0, at: seconds(0)), .allow)
        equal(limit.ask(0, at: seconds(0)), .refuse(until: seconds(1000)))
        for name in 1..<100 { _ = limit.ask(name, at: seconds(Double(name))) }
        #expect(limit.clientCount == 4 && limit.overflows == 96)
        equal(limit.ask(0, at: seconds(500)), .refuse(until: seconds(1000)))
        // When all are blocked, a new one is refused and not taken note of.
        for name in 97..<100 { _ = limit.ask(name, at: seconds(501)) }
        for name in 97..<100 { _ = limit.ask(name, at: seconds(501)) }
        equal(limit.ask(1000, at: seconds(502)), .refuse(until: seconds(1502)))
        #expect(limit.clientCount == 4)
    }
}

@Suite struct LatencyWindowTests {
    @Test func fewExceedTheHighValue() {
        var window = LatencyWindow()
        #expect(window.high == nil && window.mean == nil)
        for i in 1...20 { window.add(.milliseconds(i)) }
        #expect(window.high == .milliseconds(19))
        for _ in 0..<64 { window.add(.milliseconds(7)) }
        #expect(window.high == .milliseconds(7))
        let mean = window.mean ?? .zero
        #expect(mean > .milliseconds(6.9) && mean < .milliseconds(7.1))
        window.clear()
        #expect(window.high == nil)
    }
}
