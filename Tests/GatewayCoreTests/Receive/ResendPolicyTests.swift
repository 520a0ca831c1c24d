// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import Testing

/// Takes the value first: a macro cannot change what it looks at.
private func expect(
    _ condition: Bool, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(condition, sourceLocation: sourceLocation)
}

private func instant(_ number: Double) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: Int64(number * 1e9))
}

private func group(_ number: UInt32, node: Int = 0) -> NodeGroup {
    NodeGroup(
        node: node,
        group: GroupIdentity(stream: StreamID(random: 1), lane: .data, group: number))
}

@Suite struct ResendPolicyTests {
    var policy = ResendPolicy()

    @Test mutating func aHoleIsAskedForAtOnceAndToldAfterFiveSeconds() {
        policy.miss(group(1), at: instant(0))
        policy.miss(group(1), at: instant(0))
        expect(policy.next(at: instant(0)) == .ask(group(1)))
        expect(policy.next(at: instant(0)) == nil)
        #expect(policy.deadline == instant(5))
        expect(policy.next(at: instant(5)) == .tellGap(group(1)))
        expect(policy.next(at: instant(9.9)) == nil)
        expect(policy.next(at: instant(10)) == .ask(group(1)))
        expect(policy.next(at: instant(29)) == nil)
        expect(policy.next(at: instant(30)) == .ask(group(1)))
        expect(policy.settle(group(1)))
        #expect(policy.count == 0)
        #expect(policy.deadline == .distantFuture)
        #expect(policy.asked == 3)
    }

    @Test mutating func whatComesInTimeIsNoGap() {
        policy.miss(group(1), at: instant(0), delay: .milliseconds(700))
        expect(policy.next(at: instant(0.6)) == nil)
        expect(policy.next(at: instant(0.7)) == .ask(group(1)))
        expect(!policy.settle(group(1)))
        expect(!policy.settle(group(1)))
    }

    @Test mutating func aLinkThatReturnsShortensThePatience() {
        policy.miss(group(1), at: instant(0))
        policy.miss(group(1, node: 1), at: instant(0))
        for second in 0..<100 {
            while policy.next(at: instant(Double(second))) != nil {}
        }
        policy.hurry(node: 1, at: instant(100), delay: .seconds(1))
        expect(policy.next(at: instant(100)) == nil)
        expect(policy.next(at: instant(101)) == .ask(group(1, node: 1)))
        expect(policy.next(at: instant(101)) == nil)
    }

    @Test mutating func theNumberOfQuestionsIsBounded() {
        for node in 0..<ResendPolicy.limit / ResendPolicy.nodeLimit {
            for i in 0...UInt32(ResendPolicy.nodeLimit) {
                policy.miss(group(i, node: node), at: instant(0))
            }
        }
        #expect(policy.count == ResendPolicy.limit)
        #expect(policy.refused == ResendPolicy.limit / ResendPolicy.nodeLimit)
        policy.miss(group(1, node: 1000), at: instant(0))
        #expect(policy.count == ResendPolicy.limit)
    }

    /// A node with very many holes delays no other, and is asked no faster than it answers.
    @Test mutating func nodesTakeTurns() {
        for i in 0..<60 { policy.miss(group(UInt32(i)), at: instant(0)) }
        policy.miss(group(1, node: 1), at: instant(0))
        expect(policy.next(at: instant(0)) == .ask(group(0)))
        expect(policy.next(at: instant(0)) == .ask(group(1, node: 1)))
        var count = 1
        while case .ask? = policy.next(at: instant(0)) { count += 1 }
        #expect(count == ResendPolicy.burst)
        #expect(policy.deadline == instant(1))
        expect(policy.next(at: instant(1)) == .ask(group(UInt32(ResendPolicy.burst))))
        expect(policy.next(at: instant(1)) == nil)
    }

    @Test mutating func aBusyNodeGetsTwiceTheTime() {
        policy.miss(group(1), at: instant(0))
        expect(policy.next(at: instant(0)) == .ask(group(1)))
        expect(policy.next(at: instant(5)) == .tellGap(group(1)))
        policy.busy(group(1), at: instant(1))
        expect(policy.next(at: instant(40)) == nil)
        expect(policy.next(at: instant(41)) == .ask(group(1)))
    }

    @Test mutating func groupsThatAreOnlyNamedAreBoundedAndEnd() {
        for i in 0..<20 { policy.miss(group(UInt32(i)), at: instant(0), isOnlyNamed: true) }
        #expect(policy.count == ResendPolicy.namedLimit)
        for second in 0..<2000 {
            while policy.next(at: instant(Double(second))) != nil {}
        }
        #expect(policy.count == 0)
        #expect(policy.abandoned == ResendPolicy.namedLimit)
        #expect(policy.asked == ResendPolicy.namedLimit * ResendPolicy.namedTriesLimit)
    }

    @Test mutating func nobodyIsAskedForEver() {
        policy.miss(group(1), at: instant(0))
        for minute in 0..<600 {
            while policy.next(at: instant(Double(minute) * 60)) != nil {}
        }
        #expect(policy.count == 0 && policy.asked == ResendPolicy.triesLimit)
    }
}

@Suite struct GapLedgerTests {
    @Test func gapsOpenOnceAndEndOnce() {
        var ledger = GapLedger()
        expect(ledger.open(group(1)))
        expect(!ledger.open(group(1)))
        expect(ledger.fill(group(1)))
        expect(!ledger.fill(group(1)))
        expect(ledger.open(group(2)))
        ledger.lose(group(2))
        #expect(ledger.opened == 2 && ledger.filled == 1 && ledger.lost == 1)
        #expect(ledger.openCount == 0)
    }

    @Test func theBooksAreBounded() {
        var ledger = GapLedger()
        for i in 0...UInt32(GapLedger.limit) { _ = ledger.open(group(i)) }
        #expect(ledger.openCount == GapLedger.limit)
        expect(!ledger.fill(group(0)))
    }
}

@Suite struct AckPolicyTests {
    var policy = AckPolicy()

    private mutating func add(_ number: UInt32, _ index: UInt32, link: Int = 0, at now: Double) {
        policy.add(
            FrameIdentity(group: group(number).group, index: index), node: 0, link: link,
            at: instant(now))
    }

    @Test mutating func onceASecondIsEnough() {
        add(1, 0, at: 0)
        expect(policy.take(at: instant(0)).count == 1)
        add(1, 1, at: 0.2)
        add(1, 3, at: 0.3)
        add(1, 2, at: 0.4)
        add(2, 0, at: 0.4)
        #expect(policy.deadline == instant(1))
        expect(policy.take(at: instant(0.9)).isEmpty)
        let batches = policy.take(at: instant(1))
        #expect(
            batches == [
                AckPolicy.Batch(
                    node: 0, link: 0,
                    entries: [
                        AckPolicy.Entry(group: group(1).group, upto: 3),
                        AckPolicy.Entry(group: group(2).group, upto: 0),
                    ])
            ])
        expect(policy.take(at: instant(9)).isEmpty)
        #expect(policy.deadline == .distantFuture)
    }

    @Test mutating func manyFramesDoNotWait() {
        add(1, 0, at: 0)
        _ = policy.take(at: instant(0))
        for i in 0..<UInt32(AckPolicy.frameLimit) { add(2, i, at: 0.1) }
        expect(policy.take(at: instant(0.1)).first?.entries.first?.upto == 63)
    }

    @Test mutating func eachLinkGetsItsOwn() {
        add(1, 0, link: 0, at: 0)
        add(1, 0, link: 1, at: 0)
        expect(policy.take(at: instant(0)).map(\.link) == [0, 1])
    }

    @Test mutating func waitingGroupsAreBounded() {
        for i in 0...UInt32(AckPolicy.groupLimit) { add(i, 0, at: 0) }
        #expect(policy.dropped == 1)
    }
}

@Suite struct HeldFramesTests {
    private let live = FrameOrigin(link: 0, isHistory: false)

    private func key(_ index: UInt32, group: UInt32 = 1) -> HeldFrames.Key {
        HeldFrames.Key(node: 0, group: group, index: index)
    }

    @Test func framesComeOutOnce() {
        var held = HeldFrames()
        held.hold([1, 2], FrameOrigin(link: 3, isHistory: true), as: key(2))
        held.hold([9], live, as: key(2))
        expect(held.take(key(1)) == nil)
        expect(held.take(key(2)).map { $0.bytes == [1, 2] && $0.origin.link == 3 } == true)
        expect(held.take(key(2)) == nil)
    }

    @Test func theOldestGivesWay() {
        var held = HeldFrames(byteLimit: 1000)
        for i in 0..<10 { held.hold([UInt8](repeating: 0, count: 136), live, as: key(UInt32(i))) }
        #expect(held.count == 5)
        #expect(held.dropped == 5)
        expect(held.take(key(4)) == nil)
        expect(held.take(key(5)) != nil)
        held.hold([UInt8](repeating: 0, count: 2000), live, as: key(20))
        #expect(held.dropped == 6)
        held.drop(node: 0, group: 1)
        #expect(held.count == 0)
    }
}
