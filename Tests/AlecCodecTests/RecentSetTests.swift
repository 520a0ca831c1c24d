// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import AlecCodec

@Suite struct RecentSetTests {
    /// Numbers, newest last, each with its correction.
    private struct PlainSet {
        var used: [(number: Int64, correction: Int32)] = []
        var rising: [Int64] { used.map(\.number).sorted() }

        mutating func use(_ number: Int64) {
            if let at = used.firstIndex(where: { $0.number == number }) {
                used.append(used.remove(at: at))
                return
            }
            if used.count == RecentSet.capacity { used.removeFirst() }
            used.append((number, 0))
        }
    }

    @Test(arguments: Seeds.from(1, count: 8))
    func theSetIsThePlainOne(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var set = RecentSet()
        var plain = PlainSet()
        let reach = random.pick([3, 200, 400, 100_000])
        for step in 0..<1_500 {
            let number = Int64(random.below(reach)) - 50
            let rank = set.rank(of: number)
            let isIn = plain.used.contains { $0.number == number }
            #expect(set.contains(number, at: rank) == isIn, "seed \(seed), \(step)")
            let slot: Int
            if let newest = set.touchNewest(number) {
                #expect(plain.used.last?.number == number)
                slot = newest
            } else {
                slot = isIn ? set.touch(rank) : set.insert(number, at: rank)
            }
            plain.use(number)
            #expect(set.corrections[slot] == plain.used[plain.used.count - 1].correction)
            if random.once(in: 3) {
                let correction = Int32(random.pick(-9...9))
                set.corrections[slot] = correction
                plain.used[plain.used.count - 1].correction = correction
            }
            guard step % 100 == 99 else { continue }
            #expect((0..<set.count).map { set[$0] } == plain.rising, "seed \(seed), \(step)")
            #expect(set.clock == UInt32(step + 1))
        }
        set.reset()
        #expect(set.count == 0 && set.clock == 0 && set.touchNewest(0) == nil)
    }

    @Test(arguments: [
        (-100, 0), (-3, 0), (0, 1), (1, 1), (2, 1), (3, 2), (6, 2), (7, 3), (100, 3),
    ])
    func theNearestNumberIsTheHigherOneOfTwo(centre: Int64, rank: Int) {
        var set = RecentSet()
        for number: Int64 in [-4, 0, 5, 9] { _ = set.insert(number, at: set.rank(of: number)) }
        #expect(set.nearestRank(to: centre) == rank)
    }

    @Test func distancesAcrossAllIntegersDoNotOverflow() {
        var set = RecentSet()
        for number: Int64 in [.min, .max] { _ = set.insert(number, at: set.rank(of: number)) }
        #expect(set.nearestRank(to: 0) == 1)
        #expect(set.nearestRank(to: -2) == 0)
    }

    @Test func aSetThatIsNeverHitIsUselessAfterAThousandUses() {
        var set = RecentSet()
        for number in 0..<1_025 {
            #expect(!set.isUseless)
            let rank = set.rank(of: Int64(number))
            set.learn(found: false, distance: 1)
            _ = set.insert(Int64(number), at: rank)
        }
        #expect(set.isUseless)
    }

    @Test func ranksPayWhenHitsAreFrequentAndRanksAreNear() {
        var set = RecentSet()
        for number: Int64 in [0, 1_000, 2_000, 3_000] {
            #expect(!set.pays(against: 100))
            set.learn(found: true, distance: 0)
            _ = set.insert(number, at: set.rank(of: number))
        }
        #expect(set.pays(against: 60))
        #expect(!set.pays(against: 2))
    }
}
