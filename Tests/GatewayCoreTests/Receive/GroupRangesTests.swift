// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import TestSupport
import Testing

@Suite struct GroupRangesTests {
    @Test func neighboursBecomeOneRange() {
        var ranges = GroupRanges([5...5, 7...9])
        #expect(ranges.ranges == [5...5, 7...9])
        ranges.insert(6...6)
        #expect(ranges.ranges == [5...9])
        ranges.remove(7)
        #expect(ranges.ranges == [5...6, 8...9])
        ranges.insert(0...20)
        #expect(ranges.ranges == [0...20])
        ranges.remove(0)
        ranges.remove(20)
        ranges.remove(99)
        #expect(ranges.ranges == [1...19])
    }

    @Test func theEndsOfTheNumbersAreNumbersToo() {
        var ranges = GroupRanges([UInt32.max...UInt32.max, 0...0])
        #expect(ranges.contains(0) && ranges.contains(.max) && !ranges.contains(1))
        ranges.insert(1...(UInt32.max - 1))
        #expect(ranges.ranges == [0...UInt32.max])
    }

    @Test(arguments: 0..<20)
    func isTheSameSetAsASet(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var ranges = GroupRanges()
        var set: Set<UInt32> = []
        for _ in 0..<300 {
            let low = UInt32.random(in: 0..<100, using: &random)
            if Int.random(in: 0..<3, using: &random) == 0 {
                ranges.remove(low)
                set.remove(low)
            } else {
                let high = low + UInt32.random(in: 0..<4, using: &random)
                ranges.insert(low...high)
                set.formUnion(low...high)
            }
            #expect((0..<110).allSatisfy { ranges.contains($0) == set.contains($0) }, "\(seed)")
            let isApart = zip(ranges.ranges, ranges.ranges.dropFirst()).allSatisfy {
                $0.upperBound + 1 < $1.lowerBound
            }
            #expect(isApart, "\(seed)")
        }
    }

    @Test func tooManyHolesCloseTheLowest() {
        var ranges = GroupRanges()
        for i in 0...UInt32(GroupRanges.limit) { ranges.insert((2 * i)...(2 * i)) }
        #expect(ranges.ranges.count == GroupRanges.limit)
        #expect(ranges.forgottenHoles == 1)
        #expect(ranges.ranges[0] == 0...2)
    }
}
