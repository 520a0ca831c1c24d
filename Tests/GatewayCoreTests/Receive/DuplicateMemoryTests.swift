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

@Suite struct DuplicateMemoryTests {
    var memory = DuplicateMemory()

    /// A group of `frames` frames behind one that lies `distance` lower and had `before` frames.
    private mutating func take(
        _ group: UInt32, frames: UInt32, distance: UInt32? = 1, before: UInt32 = 3
    ) -> UInt32? {
        let missing = memory.begin(
            group, after: distance.map { Predecessor(distance: $0, lastIndex: before - 1) })
        for _ in 1..<max(frames, 1) { _ = memory.advance(group) }
        return missing
    }

    @Test mutating func groupsInOrderAreOneRange() {
        expect(take(10, frames: 3, distance: nil) == nil)
        expect(take(12, frames: 3, distance: 2) == nil)
        expect(take(13, frames: 1, distance: 1) == nil)
        // 11 belongs to another lane.
        #expect(memory.settled.ranges == [10...12])
        #expect(memory.open.map(\.group) == [13])
        #expect(memory.holes.isEmpty)
        #expect(memory.standing(12, 2) == .duplicate)
        #expect(memory.standing(13, 0) == .duplicate)
        #expect(memory.standing(13, 1) == .next)
        #expect(memory.standing(13, 2) == .ahead(next: 1))
        #expect(memory.standing(14, 0) == .first)
        #expect(memory.standing(14, 1) == .unknown)
    }

    @Test mutating func shortTailIsSeenAtTheNextGroup() {
        expect(take(10, frames: 2, distance: nil) == nil)
        expect(take(11, frames: 1) == 10)
        #expect(memory.holes == [10])
        expect(memory.advance(10))
        #expect(memory.holes.isEmpty)
        #expect(memory.standing(10, 2) == .duplicate)
    }

    @Test mutating func missingGroupIsSeenByItsSuccessor() {
        _ = take(10, frames: 3, distance: nil)
        expect(take(14, frames: 1, distance: 2) == 12)
        #expect(memory.holes == [12])
        expect(take(12, frames: 3, distance: 2) == nil)
        // 14 told how long 12 is, so that it is settled by its own last frame.
        #expect(memory.holes.isEmpty)
        #expect(memory.settled.ranges == [10...12])
        #expect(memory.awaited.isEmpty)
    }

    @Test mutating func whatCameBeforeTheFirstSightIsHistory() {
        expect(take(20, frames: 1) == nil)
        #expect(memory.holes.isEmpty)
        // History begins to arrive; only now is there something between.
        expect(take(15, frames: 3) == nil)
        #expect(memory.origin == 15)
        #expect(memory.holes == [19])
    }

    @Test mutating func lostGroupsAreNotMissedButTaken() {
        _ = take(10, frames: 3, distance: nil)
        _ = take(12, frames: 1)
        memory.giveUp(11)
        #expect(memory.holes.isEmpty)
        #expect(memory.standing(11, 0) == .first)
        _ = take(11, frames: 3)
        #expect(memory.lost.isEmpty)
    }

    @Test mutating func headsTellAShortTail() {
        _ = take(10, frames: 2, distance: nil)
        expect(!memory.learn(10, 1))
        expect(memory.learn(10, 2))
        #expect(memory.holes == [10])
        expect(memory.learn(11, 0))
        memory.settle(10)
        expect(!memory.learn(10, 5))
        #expect(memory.holes.isEmpty)
    }

    @Test mutating func distancesThatLieHideNothing() {
        _ = take(4_000_000_000, frames: 1, distance: 3_999_999_999)
        _ = take(5, frames: 1, distance: 6)
        memory.settle(4_000_000_000)
        memory.settle(5)
        #expect(memory.settled.ranges == [5...5, 4_000_000_000...4_000_000_000])
    }

    @Test mutating func openGroupsAreBounded() {
        for i in 0...UInt32(DuplicateMemory.openLimit) { _ = take(2 * i, frames: 1, distance: nil) }
        #expect(memory.open.count == DuplicateMemory.openLimit)
        #expect(memory.closedEarly == 1)
        #expect(memory.standing(0, 1) == .duplicate)
    }
}
