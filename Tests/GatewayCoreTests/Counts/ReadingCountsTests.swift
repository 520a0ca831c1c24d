// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import LineProtocols
import TestSupport
import Testing

@Suite struct ReadingCountsTests {
    @Test func readingGoesItsWay() {
        var counts = ReadingCounts()
        counts.recover(7)
        counts.take(5)
        counts.store(4)
        counts.drop(1, .frameLimit)
        counts.refuse(2, .spoolFull)
        counts.publish(4)
        counts.settle(4)
        counts.acknowledge(11)
        #expect(counts.isConserved)
        #expect(counts.read == 7)
        #expect(counts.recovered == 7)
        #expect(counts.framed == 4)
        #expect(counts.acknowledged == 11)
        #expect(counts.dropped == 3)
        #expect(counts.dropped(.spoolFull) == 2)
        #expect((counts.open, counts.stored, counts.inFlight) == (0, 0, 0))
    }

    @Test func whatIsLeftOutSetAsideOrDeferredHasItsPlace() {
        var counts = ReadingCounts()
        counts.recover(4, deferred: 2)
        counts.suppress(3, .minimumInterval)
        counts.take(5)
        counts.storeDeferred(5)
        counts.release(3)
        counts.lose(2, deferred: 1, .expired)
        counts.quarantine(2)
        #expect(counts.isConserved)
        #expect(counts.recovered == 6)
        #expect(counts.read == 8)
        #expect((counts.suppressed, counts.suppressed(.minimumInterval)) == (3, 3))
        #expect((counts.dropped, counts.dropped(.expired)) == (3, 3))
        #expect((counts.quarantined, counts.deferred, counts.stored) == (2, 3, 3))
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func sumHoldsAfterEachChange(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var counts = ReadingCounts()
        for step in 0..<200 {
            let count = Int.random(in: 0...9, using: &random)
            switch Int.random(in: 0..<13, using: &random) {
            case 0: counts.recover(count, deferred: count / 2)
            case 1: counts.take(count)
            case 2: counts.refuse(count, .spoolFull)
            case 3: counts.store(count)
            case 4: counts.drop(count, .storeFailed)
            case 5: counts.publish(count)
            case 6: counts.settle(count)
            case 7: counts.suppress(count, .deadband)
            case 8: counts.storeDeferred(count)
            case 9: counts.release(count)
            case 10: counts.lose(count, deferred: 1, .evicted)
            case 11: counts.quarantine(count)
            default: counts.acknowledge(count)
            }
            #expect(counts.isConserved, "seed \(seed), step \(step)")
        }
    }
}

@Suite struct LineCountsTests {
    @Test func firstRefusalOfEachReasonIsWorthAMessage() {
        var counts = LineCounts()
        counts.accept(LineOutcome(readings: 2, skipped: 3))
        let answers = [
            counts.refuse(.value), counts.refuse(.value), counts.refuse(.tooLong),
        ]
        #expect(answers == [true, false, true])
        #expect(counts.lines == 4)
        #expect(counts.refused == 3)
        #expect(counts.refused(.value) == 2)
        #expect(counts.skipped == 3)
        var sum = LineCounts()
        sum.take(bytes: 10)
        sum.add(counts)
        #expect(sum.refused(.tooLong) == 1)
        #expect(sum.bytes == 10)
    }
}

@Suite struct InputMarkTests {
    @Test(
        arguments: [
            ([], 9), ([nil, nil], 9), ([5, nil], 5), ([nil, 7], 7), ([5, 3], 3), ([9], 9),
        ] as [([Int?], Int)])
    func oldestOpenWindowHoldsBackWhatCameBehindItsFirstLine(open: [Int?], kept: Int) {
        let mark = InputMark.kept(
            read: InputMark(lines: 9, bytes: 90),
            open: open.map { $0.map { InputMark(lines: $0, bytes: 10 * $0) } })
        #expect(mark == InputMark(lines: kept, bytes: 10 * kept))
    }
}

@Suite struct RunVerdictTests {
    private static func verdict(
        _ change: (inout ReadingCounts, inout LineCounts) -> Void, hasBroker: Bool = false,
        isStoreSound: Bool = true, pending: Int = 0
    ) -> RunVerdict {
        var readings = ReadingCounts()
        var lines = LineCounts()
        change(&readings, &lines)
        return RunVerdict(
            readings: readings, lines: lines, hasBroker: hasBroker, isStoreSound: isStoreSound,
            pendingReadings: pending)
    }

    private static func kept(_ readings: inout ReadingCounts, _ lines: inout LineCounts) {
        readings.take(3)
        readings.store(3)
    }

    @Test func emptyInputIsComplete() {
        #expect(Self.verdict { _, _ in } == .complete)
    }

    @Test func withoutABrokerWhatIsStoredIsComplete() {
        #expect(Self.verdict(Self.kept, pending: 3) == .complete)
        #expect(Self.verdict(Self.kept, hasBroker: true, pending: 3) == .unacknowledged)
        #expect(Self.verdict(Self.kept, hasBroker: true, pending: 0) == .complete)
    }

    @Test func readingThatIsNowhereIsAFailureOfTheStore() {
        #expect(Self.verdict { readings, _ in readings.take(1) } == .storeFailed)
        #expect(Self.verdict(Self.kept, isStoreSound: false) == .storeFailed)
        let failed = Self.verdict { readings, _ in
            readings.take(1)
            readings.drop(1, .storeFailed)
        }
        #expect(failed == .storeFailed)
    }

    @Test func refusedLinesAreDroppedUnlessAllAre() {
        let some = Self.verdict { readings, lines in
            Self.kept(&readings, &lines)
            _ = lines.refuse(.value)
        }
        #expect(some == .dropped)
        #expect(Self.verdict { _, lines in _ = lines.refuse(.format) } == .damaged)
        #expect(Self.verdict { readings, _ in readings.refuse(2, .spoolFull) } == .dropped)
    }
}
