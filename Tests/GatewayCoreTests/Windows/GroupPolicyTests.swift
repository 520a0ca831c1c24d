// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import Testing

@Suite struct GroupPolicyTests {
    var policy: GroupPolicy

    init() {
        var limits = GroupPolicy.Limits()
        limits.samples = 10
        limits.frames = 4
        limits.bytes = 1000
        limits.age = .seconds(600)
        policy = GroupPolicy(limits)
        policy.setChannels(2)
    }

    private static func at(_ seconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: seconds * 1_000_000_000)
    }

    /// A window with so many samples of channel 0 becomes a frame; why it began a group.
    private mutating func frame(
        samples: Int = 1, bytes: Int = 10, at seconds: Int64 = 0
    ) -> GroupPolicy.End? {
        for _ in 0..<samples { _ = policy.add(0) }
        let end = policy.end(before: bytes, at: Self.at(seconds))
        policy.frameMade(isKey: end != nil, bytes: bytes, at: Self.at(seconds))
        return end
    }

    @Test mutating func firstFrameIsAKeyFrameAndTheNextIsNot() {
        #expect(frame() == .restart)
        #expect(frame() == nil)
    }

    @Test mutating func otherLimitsHoldForTheOpenGroupToo() {
        #expect(frame(samples: 3) == .restart)
        var limits = GroupPolicy.Limits()
        limits.samples = 3
        limits.age = .seconds(5)
        policy.setLimits(limits)
        #expect(policy.deadline == Self.at(5))
        #expect(frame() == .samples)
    }

    @Test mutating func framesAreCounted() {
        #expect(frame() == .restart)
        for _ in 0..<3 { #expect(frame() == nil) }
        #expect(policy.expectsKey)
        #expect(frame() == .frames)
        #expect(frame() == nil)
    }

    @Test mutating func bytesAreCountedWithTheFrameToCome() {
        #expect(frame(bytes: 500) == .restart)
        #expect(frame(bytes: 500) == nil)
        #expect(frame(bytes: 1) == .bytes)
    }

    @Test mutating func oldGroupEnds() {
        #expect(policy.deadline == nil)
        #expect(frame(at: 5) == .restart)
        #expect(policy.deadline == Self.at(605))
        #expect(frame(at: 604) == nil)
        #expect(frame(at: 605) == .age)
        #expect(policy.deadline == Self.at(1205))
    }

    @Test mutating func windowClosesWhereTheGroupHasAllSamplesOfAChannel() {
        var answers: [Bool] = []
        for _ in 0..<10 { answers.append(policy.add(0)) }
        #expect(answers.firstIndex(of: true) == 9)
        #expect(policy.end(before: 10, at: Self.at(0)) == .restart)
        policy.frameMade(isKey: true, bytes: 10, at: Self.at(0))
        #expect(policy.expectsKey)
        // The next window has a group of its own, with all its room.
        let another = policy.add(0)
        #expect(!another)
        #expect(policy.end(before: 10, at: Self.at(0)) == .samples)
    }

    @Test mutating func samplesOfWindowAndGroupAddUp() {
        #expect(frame(samples: 7) == .restart)
        var answers: [Bool] = []
        for _ in 0..<3 { answers.append(policy.add(0)) }
        #expect(answers == [false, false, true])
        #expect(policy.end(before: 10, at: Self.at(0)) == nil)
    }

    @Test mutating func moreSamplesThanTheGroupTakesEndIt() {
        #expect(frame(samples: 7) == .restart)
        #expect(frame(samples: 4) == .samples)
    }

    @Test(arguments: GroupPolicy.End.allCases)
    mutating func groupEndsOnRequest(end: GroupPolicy.End) {
        #expect(frame() == .restart)
        policy.requestEnd(end)
        policy.requestEnd(.request)
        #expect(frame() == end)
        #expect(frame() == nil)
    }

    @Test mutating func endedGroupHasNoDeadline() {
        #expect(frame() == .restart)
        policy.endGroup(.age)
        #expect(policy.deadline == nil)
        #expect(frame(at: 700) == .age)
    }
}
