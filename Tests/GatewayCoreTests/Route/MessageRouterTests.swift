// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import TestSupport
import Testing

/// A router whose probes and frames are answered by what the test says of each transport.
struct RouterRig {
    static let policy = {
        var policy = BreakerPolicy()
        policy.jitterPercent = 0
        return policy
    }()

    var router: MessageRouter
    var now = seconds(0)
    /// Whether what is sent there succeeds.
    var succeeds: [Bool]
    var log: [String] = []
    var groupEnds = 0
    var probes = 0
    var waitsUntil = MonotonicInstant.distantFuture

    init(_ kinds: [Transport.Kind] = [.broker, .broker]) {
        router = MessageRouter(
            kinds.enumerated().map { i, kind in
                Transport(
                    name: "t\(i)", kind: kind, breaker: CircuitBreaker(Self.policy))
            })
        succeeds = kinds.map { _ in true }
    }

    static func name(_ route: MessageRouter.Route) -> String {
        switch route {
        case .spool: "spool"
        case .transport(let i): "\(i)"
        }
    }

    /// Does what the router says until it waits.
    mutating func turn() {
        for _ in 0..<100 {
            switch router.next(at: now) {
            case .change(let from, let to, let endsGroup):
                log.append("\(Self.name(from))>\(Self.name(to))\(endsGroup ? "!" : "")")
                if endsGroup { groupEnds += 1 }
            case .probe(let i, let permit):
                probes += 1
                router.report(i, permit, succeeds[i] ? .succeeded : .failed, at: now)
            case .wait(let until):
                waitsUntil = until
                return
            }
        }
        Issue.record("never waits")
    }

    /// A frame each second for so many seconds.
    mutating func run(_ seconds: Int) {
        for _ in 0..<seconds {
            turn()
            if case .send(let i, let permit, _) = router.permit(at: now) {
                router.report(i, permit, succeeds[i] ? .succeeded : .failed, at: now)
            }
            turn()
            now = now + .seconds(1)
        }
    }

    mutating func takeLog() -> [String] {
        defer { log = [] }
        return log
    }

    mutating func up(_ i: Int) { router.up(i, at: now) }
    mutating func down(_ i: Int) { router.down(i, at: now) }
}

@Suite struct MessageRouterTests {
    var rig = RouterRig()

    private mutating func log(
        _ expected: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(rig.takeLog() == expected, sourceLocation: sourceLocation)
    }

    @Test mutating func withoutAConnectionAllIsStored() {
        rig.run(3)
        log([])
        #expect(rig.router.current == .spool && rig.router.stored == 3)
        #expect(rig.router.preferred == .transport(0))
        equal(rig.router.permit(at: rig.now), .store(until: .distantFuture))
    }

    @Test mutating func firstThatWorksIsTakenAtOnce() {
        rig.up(1)
        rig.run(1)
        log(["spool>1"])
        // The preferred one is there, and must be so for a minute.
        rig.up(0)
        rig.turn()
        #expect(rig.waitsUntil == seconds(11))
        rig.run(60)
        log([])
        rig.run(1)
        log(["1>0!"])
        #expect(rig.router.changes == 2 && rig.router.since == seconds(61))
        // It was tried each ten seconds meanwhile.
        #expect(rig.probes == 5)
    }

    @Test mutating func failedCheckBeginsTheMinuteAnew() {
        rig.up(1)
        rig.run(1)
        rig.up(0)
        rig.run(35)
        rig.succeeds[0] = false
        rig.run(10)
        rig.succeeds[0] = true
        #expect(rig.router.transports[0].breaker.mode == .closed)
        rig.run(55)
        log(["spool>1"])
        rig.run(10)
        log(["1>0!"])
    }

    @Test mutating func failureFallsBackAtOnceAndEndsTheGroup() {
        rig.up(0)
        rig.up(1)
        rig.run(10)
        log(["spool>0"])
        rig.succeeds[0] = false
        rig.run(20)
        log(["0>1!"])
        #expect(rig.groupEnds == 1)
        // It works again: probes close the breaker, and a minute later it is returned to.
        rig.succeeds[0] = true
        rig.run(50)
        log([])
        #expect(rig.probes >= 3 && rig.router.transports[0].breaker.mode == .closed)
        rig.run(60)
        log(["1>0!"])
    }

    @Test mutating func spoolIsLastAndEndsNoGroup() {
        rig.up(0)
        rig.run(2)
        rig.down(0)
        rig.run(5)
        rig.up(0)
        rig.run(5)
        log(["spool>0", "0>spool", "spool>0"])
        #expect(rig.groupEnds == 0)
        // Through the spool to another broker: there the group is new.
        rig.down(0)
        rig.run(5)
        rig.up(1)
        rig.run(5)
        log(["0>spool", "spool>1!"])
    }

    @Test mutating func anythingIsBetterThanTheSpool() {
        rig.up(0)
        rig.run(2)
        rig.down(0)
        rig.up(1)
        rig.run(2)
        rig.up(0)
        rig.run(2)
        // The preferred one has not been stable, and the other is gone.
        rig.down(1)
        rig.run(2)
        log(["spool>0", "0>1!", "1>0!"])
    }

    @Test mutating func fileNeedsNoConnection() {
        rig = RouterRig([.broker, .file, .stdout])
        rig.run(1)
        log(["spool>1"])
        rig.up(0)
        rig.run(62)
        log(["1>0!"])
        rig.down(0)
        rig.run(1)
        log(["0>1!"])
        rig.succeeds[1] = false
        rig.run(10)
        log(["1>2!"])
    }

    @Test mutating func silentProbeIsAFailure() {
        rig.up(0)
        rig.succeeds[0] = false
        rig.run(5)
        log(["spool>0", "0>spool"])
        rig.now = seconds(9)
        guard case .probe(0, let permit) = rig.router.next(at: rig.now) else {
            Issue.record("no probe")
            return
        }
        equal(rig.router.next(at: rig.now), .wait(until: seconds(24)))
        equal(rig.router.next(at: seconds(24)), .wait(until: seconds(34)))
        rig.router.report(0, permit, .succeeded, at: seconds(25))
        #expect(rig.router.transports[0].breaker.mode == .open)
    }

    @Test mutating func sendTimeoutIsTheShorterOfTwo() {
        rig = RouterRig([.file])
        rig.turn()
        guard case .send(0, let permit, let deadline) = rig.router.permit(at: rig.now) else {
            Issue.record("stores")
            return
        }
        #expect(deadline == seconds(20) && permit.deadline == seconds(20))
        rig.router.withdraw(0, permit)
        #expect(rig.router.transports[0].breaker.counters.withdrawn == 1)
        rig.router = MessageRouter([
            Transport(name: "f", kind: .file, sendTimeout: .seconds(2))
        ])
        rig.turn()
        guard case .send(_, _, let short) = rig.router.permit(at: rig.now) else {
            Issue.record("stores")
            return
        }
        #expect(short == seconds(2))
    }

    @Test mutating func figuresAreKeptForEach() {
        rig.up(0)
        rig.run(4)
        #expect(rig.router.transports[0].successPercent == 100)
        #expect(rig.router.transports[1].successPercent == nil)
        rig.succeeds[0] = false
        rig.run(4)
        #expect(rig.router.transports[0].successPercent == 50)
        #expect(rig.router.transports[0].latency.high == .zero)
    }

    @Test mutating func operatorOpensAndReleases() {
        rig.up(0)
        rig.up(1)
        rig.run(2)
        rig.router.force(0, .open, at: rig.now)
        rig.run(100)
        log(["spool>0", "0>1!"])
        #expect(rig.probes == 0)
        rig.router.force(0, nil, at: rig.now)
        rig.run(59)
        log([])
        rig.run(3)
        log(["1>0!"])
        rig.succeeds[0] = false
        rig.router.force(0, .closed, at: rig.now)
        rig.run(50)
        log([])
    }

    /// The preferred broker works and fails by turns; how often the route may change in two hours.
    @Test(arguments: [
        // Seconds up, seconds down, the most changes.
        (10, 10, 2), (30, 30, 2), (59, 20, 4), (70, 20, 26), (90, 30, 26), (300, 60, 22),
        (900, 100, 18),
    ])
    func alternatingFailureDoesNotFlap(_ good: Int, _ bad: Int, _ most: Int) {
        var rig = RouterRig()
        rig.up(0)
        rig.up(1)
        rig.run(10)
        while rig.now < seconds(7200) {
            rig.succeeds[0] = false
            rig.run(bad)
            rig.succeeds[0] = true
            rig.run(good)
        }
        #expect(rig.router.changes <= UInt64(most), "\(rig.log)")
        #expect(!rig.log.contains { $0.hasSuffix("spool") }, "\(rig.log)")
        #expect(rig.groupEnds + 1 == Int(rig.router.changes))
    }

    /// Both fail by turns: a way that was taken is kept at least as long as its breaker needs.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func brokersThatFailByTurnsAreNotThrownToAndFro(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var rig = RouterRig()
        rig.up(0)
        rig.up(1)
        var last = rig.now
        var shortest = Duration.seconds(1_000_000)
        var changes: UInt64 = 0
        for _ in 0..<60 {
            let i = generator.below(2)
            rig.succeeds = [i == 0, i == 1]
            for _ in 0..<generator.pick(20...200) {
                rig.run(1)
                if rig.router.changes != changes {
                    let wasSpool = rig.log.last?.hasPrefix("spool") ?? false
                    if !wasSpool { shortest = min(shortest, rig.now - last) }
                    changes = rig.router.changes
                    last = rig.now
                }
            }
        }
        #expect(shortest >= .seconds(4), "seed \(seed): \(shortest) \(rig.log)")
        #expect(changes < 140, "seed \(seed): \(changes)")
    }
}
