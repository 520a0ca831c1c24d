// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import TestSupport
import Testing

@testable import AlecCodec

/// Takes the value first: a macro cannot change what it looks at.
private func expect(
    _ condition: Bool, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(condition, sourceLocation: sourceLocation)
}

@Suite struct SequenceTrackerTests {
    static let hash: UInt32 = 77
    var tracker = SequenceTracker(nodeHash: hash)

    static func key(
        _ group: UInt32, stream: UInt64 = 1, lane: Lane = .data, hash: UInt32 = hash,
        after predecessor: Predecessor? = nil
    ) -> FrameHead {
        let stream = StreamHead(id: StreamID(random: stream), lane: lane, nodeHash: hash)
        return FrameHead(
            group: group, index: 0,
            key: KeyHead(stream: stream, predecessor: predecessor), isAnnotated: false)
    }

    static func chained(_ group: UInt32, _ index: UInt32) -> FrameHead {
        FrameHead(group: group, index: index, key: nil, isAnnotated: false)
    }

    static func identity(
        _ group: UInt32, _ index: UInt32, stream: UInt64 = 1, lane: Lane = .data
    ) -> FrameIdentity {
        FrameIdentity(
            group: GroupIdentity(
                stream: StreamID(random: stream), lane: lane, group: group),
            index: index)
    }

    /// Judges and, where it is new, takes.
    @discardableResult
    private mutating func take(
        _ head: FrameHead, lane: Lane? = nil
    ) -> (SequenceTracker.Verdict, SequenceTracker.Consequences?) {
        let verdict = tracker.judge(head, lane: lane)
        switch verdict {
        case .begins(let frame), .follows(let frame):
            return (verdict, tracker.accept(frame, key: head.key))
        case .duplicate, .early, .refused: return (verdict, nil)
        }
    }

    @Test mutating func framesInOrderAreTakenOnce() {
        for _ in 0..<2 {
            take(Self.key(10), lane: .data)
            take(Self.chained(10, 1), lane: .data)
        }
        #expect(tracker.judge(Self.chained(10, 1), lane: .data) == .duplicate(Self.identity(10, 1)))
        #expect(tracker.judge(Self.chained(10, 2), lane: nil) == .follows(Self.identity(10, 2)))
        #expect(tracker.judge(Self.chained(10, 3), lane: nil) == .early(Self.identity(10, 0).group))
    }

    @Test mutating func aChainedFrameFindsItsStreamByItsGroup() {
        #expect(tracker.judge(Self.chained(10, 1), lane: nil) == .early(nil))
        take(Self.key(10, stream: 1))
        take(Self.key(500, stream: 2))
        #expect(
            tracker.judge(Self.chained(10, 1), lane: nil)
                == .follows(Self.identity(10, 1, stream: 1)))
        // Of an unknown group the stream is guessed: the newest.
        #expect(
            tracker.judge(Self.chained(501, 1), lane: nil)
                == .early(Self.identity(501, 1, stream: 2).group))
    }

    @Test mutating func foreignFramesAndWrongLanesAreRefused() {
        #expect(
            tracker.judge(Self.key(10, hash: 78), lane: .data) == .refused(.foreignNode))
        #expect(tracker.judge(Self.key(10), lane: .alert) == .refused(.wrongLane))
        #expect(tracker.judge(Self.chained(10, 1), lane: .deferred) == .refused(.wrongLane))
        #expect(tracker.streams.isEmpty)
    }

    @Test mutating func alertsAreWholeGroups() throws {
        let (_, first) = take(Self.key(10, lane: .alert), lane: .alert)
        #expect(first?.newStream == .fromBeginning)
        #expect(first?.completed == [Self.identity(10, 0, lane: .alert).group])
        let (_, third) = take(
            Self.key(14, lane: .alert, after: Predecessor(distance: 2, lastIndex: 0)))
        #expect(third?.missing == [Self.identity(12, 0, lane: .alert).group])
        #expect(tracker.holes == [Self.identity(12, 0, lane: .alert).group])
        let (_, second) = take(
            Self.key(12, lane: .alert, after: Predecessor(distance: 2, lastIndex: 0)))
        #expect(second?.missing.isEmpty == true)
        #expect(tracker.holes.isEmpty)
    }

    @Test mutating func theSuccessorCompletesAGroup() {
        take(Self.key(10))
        take(Self.chained(10, 1))
        let (_, next) = take(Self.key(11, after: Predecessor(distance: 1, lastIndex: 1)))
        #expect(next?.completed == [Self.identity(10, 0).group])
        #expect(next?.missing.isEmpty == true)
    }

    @Test mutating func aStreamThatIsSeenLateIsTold() {
        let (_, first) = take(Self.key(10, after: Predecessor(distance: 1, lastIndex: 1)))
        #expect(first?.newStream == .late)
        #expect(first?.missing.isEmpty == true)
    }

    @Test mutating func headsOfAnUnknownStreamAreMissing() {
        expect(tracker.learn(Self.identity(3, 4)))
        take(Self.key(10))
        expect(!tracker.learn(Self.identity(10, 0)))
        expect(tracker.learn(Self.identity(10, 1)))
    }

    @Test mutating func streamsAreBounded() {
        for i in 0...UInt64(SequenceTracker.streamLimit) {
            let (_, answer) = take(Self.key(10, stream: i))
            #expect((answer?.forgotten != nil) == (i == UInt64(SequenceTracker.streamLimit)))
        }
        #expect(tracker.streams.count == SequenceTracker.streamLimit)
        #expect(!tracker.knows(StreamID(random: 0)))
    }

    @Test mutating func theFramesOfTwoHundredStreamsAreKnownAgain() {
        let streams: ClosedRange<UInt64> = 1...200
        for stream in streams {
            take(Self.key(UInt32(stream) * 10, stream: stream))
            take(Self.chained(UInt32(stream) * 10, 1))
            take(Self.key(UInt32(stream) * 10 + 1, stream: stream, lane: .alert))
        }
        for stream in streams {
            let group = UInt32(stream) * 10
            let heads = [
                Self.key(group, stream: stream), Self.chained(group, 1),
                Self.key(group + 1, stream: stream, lane: .alert),
            ]
            for head in heads {
                guard case .duplicate = tracker.judge(head, lane: nil) else {
                    Issue.record("stream \(stream) \(head)")
                    continue
                }
            }
        }
    }

    @Test mutating func settledAndLostGroupsAreNoHoles() {
        take(Self.key(10))
        take(Self.key(13, after: Predecessor(distance: 2, lastIndex: 0)))
        #expect(tracker.holes == [Self.identity(11, 0).group])
        tracker.giveUp(Self.identity(11, 0).group)
        #expect(tracker.holes.isEmpty)
        tracker.settle(Self.identity(13, 0).group)
        #expect(tracker.judge(Self.chained(13, 1), lane: nil) == .duplicate(Self.identity(13, 1)))
        #expect(tracker.memory(of: Self.identity(13, 0).group)?.isOpen(13) == false)
    }

    /// Whatever is lost and doubled on the way: with resends every frame is taken exactly once.
    @Test(arguments: 0..<40)
    func everyFrameIsTakenExactlyOnce(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var tracker = SequenceTracker(nodeHash: Self.hash)
        var groups: [UInt32: [FrameHead]] = [:]
        var sent: [FrameHead] = []
        var number: UInt32 = 100
        var predecessor: Predecessor?
        for _ in 0..<30 {
            let distance = UInt32.random(in: 1...3, using: &random)
            number += distance
            if predecessor != nil { predecessor?.distance = distance }
            let count = UInt32.random(in: 1...5, using: &random)
            var frames = [Self.key(number, after: predecessor)]
            for i in 1..<max(count, 1) { frames.append(Self.chained(number, i)) }
            groups[number] = frames
            sent += frames
            predecessor = Predecessor(distance: 1, lastIndex: count - 1)
        }
        // The first and the last frame come: nobody can miss what nothing tells of.
        var taken: [FrameIdentity: Int] = [:]
        func receive(_ head: FrameHead) {
            switch tracker.judge(head, lane: nil) {
            case .begins(let frame), .follows(let frame):
                taken[frame, default: 0] += 1
                _ = tracker.accept(frame, key: head.key)
            case .duplicate, .early: break
            case .refused(let refusal): Issue.record("\(refusal) \(seed)")
            }
        }
        for (i, head) in sent.enumerated() {
            let isEnd = i == 0 || i == sent.count - 1
            if isEnd || Int.random(in: 0..<4, using: &random) > 0 { receive(head) }
            if Int.random(in: 0..<6, using: &random) == 0 {
                receive(sent[Int.random(in: 0...i, using: &random)])
            }
        }
        let last = sent[sent.count - 1]
        if tracker.learn(Self.identity(last.group, last.index)) {
            groups[last.group]?.forEach(receive)
        }
        for _ in 0..<40 {
            for hole in tracker.holes { groups[hole.group]?.forEach(receive) }
        }
        #expect(tracker.holes.isEmpty, "\(seed)")
        #expect(taken.count == sent.count, "\(seed)")
        #expect(taken.values.allSatisfy { $0 == 1 }, "\(seed)")
    }
}
