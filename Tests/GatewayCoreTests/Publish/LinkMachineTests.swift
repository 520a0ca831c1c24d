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
        link.settingsChanged(retry: RetryPolicy(first: .seconds(5), cap: .seconds(9)))
        equal(next(1), .dial)
        // An attempt that runs goes on, and a connection stays.
        link.settingsChanged(retry: .dialing)
        equal(next(1), .wait(until: seconds(16)))
        link.connected(at: seconds(2))
        link.settingsChanged(retry: .dialing)
        #expect(link.isConnected)
    }

    @Test mutating func connectionThatEndsIsNoted() {
        equal(next(0), .dial)
        link.connected(at: seconds(1))
        #expect(link.isConnected && link.connections == 1 && link.downSince == nil)
        equal(next(1), .wait(until: .distantFuture))
        fail(100)
        #expect(link.downSince == seconds(100) && !link.isConnected)
        #expect(link.verdict == .unknown && link.dialsAt != nil)
    }

    @Test mutating func waitsRiseUntilAConnectionHolds() throws {
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
            now += 29.9
            fail(now)
        }
        #expect(longest > .seconds(25))
        now += 100
        _ = try wait(from: now)
        link.connected(at: seconds(now))
        fail(now + 30)
        let wait = try wait(from: now + 30)
        #expect(wait <= .seconds(1))
    }

    @Test mutating func lateEventsChangeNothing() {
        link.connected(at: seconds(0))
        fail(0)
        #expect(!link.isConnected && link.failures == 0)
        equal(next(0), .dial)
        link.connected(at: seconds(1))
        link.connected(at: seconds(2))
        #expect(link.connections == 1)
    }

    /// The least and the most that it waits after the first failure of each kind.
    @Test(arguments: [
        (FailureClass.now, 0.0, 0.0), (.backOff, 0, 1), (.hold, 0, 1), (.quarantine, 0, 1),
        (.longBackOff, 30, 60), (.fatalConfiguration, 30, 60),
    ])
    func kindOfFailureDecidesTheWait(_ kind: FailureClass, _ least: Double, _ most: Double) {
        for seed in 0..<50 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var link = LinkMachine()
            equal(link.next(at: seconds(0), using: &generator), .dial)
            link.failed(at: seconds(0), FailureVerdict(kind), using: &generator)
            let wait = (link.dialsAt ?? .distantFuture) - seconds(0)
            #expect(wait >= .seconds(least) && wait <= .seconds(most), "seed \(seed)")
        }
    }

    @Test mutating func whoSaysNowTwiceIsNotBelieved() {
        var waits: [Duration] = []
        for round in 0..<20 {
            let now = seconds(Double(round) * 100)
            equal(link.next(at: now, using: &generator), .dial)
            link.failed(at: now, FailureVerdict(.now), using: &generator)
            waits.append((link.dialsAt ?? now) - now)
        }
        #expect(waits[0] == .zero && waits[1...].contains { $0 > .seconds(10) })
    }

    @Test mutating func twoClientsWithOneIDAreRecognised() throws {
        let lost = FailureVerdict(.backOff, .connectionLost)
        var now = 0.0
        for round in 1...3 {
            _ = try wait(from: now)
            now += 1000
            link.connected(at: seconds(now))
            now += 9
            link.failed(at: seconds(now), lost, using: &generator)
            #expect(link.verdict?.hint == (round < 3 ? .connectionLost : .clientIDTaken))
        }
        let wait = try wait(from: now)
        #expect(wait >= .seconds(30))
    }

    @Test mutating func failedAttemptBetweenShortConnectionsIsNoDuel() throws {
        let lost = FailureVerdict(.backOff, .connectionLost)
        var now = 0.0
        for _ in 0..<10 {
            _ = try wait(from: now)
            link.connected(at: seconds(now + 100))
            now += 101
            link.failed(at: seconds(now), lost, using: &generator)
            _ = try wait(from: now)
            now += 100
            link.failed(at: seconds(now), FailureVerdict(.backOff, .portClosed), using: &generator)
        }
        #expect(link.verdict?.hint == .portClosed)
    }

    @Test mutating func newSettingsAreTriedAtOnce() {
        equal(next(0), .dial)
        link.failed(at: seconds(0), FailureVerdict(.longBackOff, .badPassword), using: &generator)
        #expect(link.verdict == FailureVerdict(.longBackOff, .badPassword))
        link.settingsChanged(retry: .dialing)
        equal(next(1), .dial)
    }
}
