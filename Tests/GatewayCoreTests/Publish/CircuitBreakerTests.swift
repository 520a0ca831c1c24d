// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import Testing

@Suite struct CircuitBreakerTests {
    var breaker = CircuitBreaker()

    private mutating func open(at now: Double = 0) {
        for _ in 0..<5 { breaker.attemptFailed(at: seconds(now)) }
    }

    @Test mutating func opensAfterTheLimitInARow() {
        for _ in 0..<4 { breaker.attemptFailed(at: seconds(0)) }
        breaker.attemptSucceeded()
        for _ in 0..<4 { breaker.attemptFailed(at: seconds(0)) }
        equal(breaker.admit(at: seconds(0)), .proceed)
        #expect(breaker.isClosed)
        breaker.attemptFailed(at: seconds(1))
        #expect(!breaker.isClosed && breaker.openings == 1)
        equal(breaker.admit(at: seconds(1)), .wait(until: seconds(31)))
        equal(breaker.admit(at: seconds(30.9)), .wait(until: seconds(31)))
    }

    @Test mutating func oneProbeDecides() {
        open()
        equal(breaker.admit(at: seconds(30)), .proceed)
        equal(breaker.admit(at: seconds(30)), .wait(until: seconds(45)))
        breaker.attemptSucceeded()
        #expect(breaker.isClosed)
        open(at: 40)
        equal(breaker.admit(at: seconds(70)), .proceed)
        breaker.attemptFailed(at: seconds(71))
        equal(breaker.admit(at: seconds(71)), .wait(until: seconds(101)))
        #expect(breaker.openings == 3)
    }

    @Test mutating func lostProbeCountsAsFailure() {
        open()
        equal(breaker.admit(at: seconds(30)), .proceed)
        equal(breaker.admit(at: seconds(45)), .wait(until: seconds(75)))
        equal(breaker.admit(at: seconds(75)), .proceed)
    }

    @Test mutating func stragglersChangeNothingWhileItIsOpen() {
        open()
        breaker.attemptSucceeded()
        breaker.attemptFailed(at: seconds(20))
        equal(breaker.admit(at: seconds(20)), .wait(until: seconds(30)))
    }

    @Test mutating func newConnectionClosesIt() {
        open()
        breaker.reset()
        equal(breaker.admit(at: seconds(0)), .proceed)
    }

    @Test func limitOfNothingIsMisuse() async {
        await #expect(processExitsWith: .failure) { _ = CircuitBreaker(failureLimit: 0) }
    }
}
