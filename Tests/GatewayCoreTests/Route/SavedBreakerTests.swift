// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import Testing

@Suite struct SavedBreakerTests {
    private func saved(
        _ mode: CircuitBreaker.Mode = .open, at: Double = 100, until: Double = 120
    ) -> SavedBreaker {
        SavedBreaker(
            boot: "b1", savedAt: seconds(at), mode: mode, until: seconds(until),
            openingsInARow: 2)
    }

    @Test(arguments: CircuitBreaker.Mode.allCases)
    func fileIsReadAsItWasWritten(_ mode: CircuitBreaker.Mode) {
        let written = saved(mode)
        #expect(SavedBreaker(written.payload.span) == written)
    }

    @Test func whatIsNotUnderstoodIsNoState() {
        let texts = [
            "", "{", "[]", "{}", #"{"boot":"b","at":1,"state":"ajar","until":2,"openings":0}"#,
            #"{"boot":"b","at":1,"state":"open","until":2,"openings":65}"#,
            #"{"boot":"b","at":1,"state":"open","until":2,"openings":-1}"#,
            #"{"boot":1,"at":1,"state":"open","until":2,"openings":0}"#,
            #"{"boot":"b","state":"open","until":2,"openings":0}"#,
            #"{"at":1,"pad":""# + String(repeating: "x", count: 2000) + #""}"#,
        ]
        for text in texts {
            #expect(SavedBreaker(Array(text.utf8).span) == nil, "\(text.prefix(60))")
        }
    }

    @Test(arguments: [
        // Another boot, and a moment that has not been: nothing is known.
        ("b2", 110.0, CircuitBreaker.Mode.open, false, CircuitBreaker.Mode.closed, 0.0),
        ("b1", 99, .open, false, .closed, 0),
        ("b1", 110, .open, true, .open, 120), ("b1", 130, .open, true, .open, 120),
        // Older than ten minutes: the first attempt is a probe.
        ("b1", 701, .open, true, .open, 701),
        ("b1", 110, .halfOpen, true, .open, 110), ("b1", 110, .closed, true, .closed, 0),
        ("b1", 9000, .forcedOpen, true, .forcedOpen, 0),
        ("b1", 110, .forcedClosed, true, .forcedClosed, 0),
        ("b1", 110, .metricsOnly, true, .metricsOnly, 0),
    ])
    func restored(
        _ boot: String, _ now: Double, _ mode: CircuitBreaker.Mode, _ isTaken: Bool,
        _ expected: CircuitBreaker.Mode, _ until: Double
    ) {
        var breaker = CircuitBreaker()
        equal(breaker.restore(saved(mode), boot: boot, at: seconds(now)), isTaken)
        #expect(breaker.mode == expected)
        #expect(breaker.opensAgainAt == (expected == .open ? seconds(until) : nil))
    }

    @Test func expiryIsNeverFartherThanAnOpenTime() {
        var breaker = CircuitBreaker()
        equal(breaker.restore(saved(until: 1e9), boot: "b1", at: seconds(100)), true)
        #expect(breaker.opensAgainAt == seconds(175))
    }

    @Test func restartGoesOnWithTheGrownOpenTime() {
        var policy = BreakerPolicy()
        policy.jitterPercent = 0
        var first = BreakerScript(policy)
        first.run("f f f f f 5 f 10 f 1")
        let kept = first.breaker.saved(boot: "b1", at: first.now)
        #expect(kept.mode == .open && kept.openingsInARow == 3 && kept.until == seconds(35))
        var second = BreakerScript(policy)
        second.now = first.now
        equal(second.breaker.restore(kept, boot: "b1", at: second.now), true)
        second.run("19 f")
        #expect(second.breaker.opensAgainAt == second.now + .seconds(40))
    }
}
