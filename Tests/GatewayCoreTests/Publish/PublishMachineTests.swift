// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import Testing

@Suite struct PublishMachineTests {
    var rig = PublishRig()

    private mutating func sent(
        _ expected: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        equal(rig.takeSent(), expected, sourceLocation: sourceLocation)
    }

    @Test mutating func nothingGoesOutWithoutAConnection() throws {
        rig.append(1, 0..<2)
        try rig.pump()
        sent([])
        #expect(rig.waitsUntil == .distantFuture)
    }

    @Test mutating func liveComesBeforeBackfillAndBackfillFromTheOldest() throws {
        rig.append(1, 0..<2)
        rig.append(2, 0..<2)
        rig.append(3, 0..<2)
        try rig.connect()
        sent(["3.0 data", "3.1 data", "1.0 back", "1.1 back", "2.0 back", "2.1 back"])
    }

    @Test mutating func groupGoesWhenClosedAndWholeAndNotBefore() throws {
        rig.append(1, 0..<3)
        try rig.connect()
        try rig.answer(0)
        try rig.answer(2)
        rig.store.close(PublishRig.group(1))
        try rig.pump()
        #expect(rig.store.acknowledged.isEmpty)
        try rig.answer(1)
        #expect(rig.store.acknowledged == [PublishRig.group(1)])
        #expect(rig.machine.readingsInFlight == 0)
    }

    @Test mutating func openGroupStaysUntilItCloses() throws {
        rig.append(1, 0..<2)
        try rig.connect()
        try rig.answerAll()
        #expect(rig.store.acknowledged.isEmpty)
        rig.append(1, 2..<3)
        try rig.pump()
        try rig.answerAll()
        rig.append(2, 0..<1)
        try rig.pump()
        #expect(rig.store.acknowledged == [PublishRig.group(1)])
    }

    @Test mutating func windowIsNeverExceeded() throws {
        rig.append(1, 0..<40)
        try rig.connect()
        #expect(rig.sent.count == PublishMachine.window)
        #expect(rig.machine.readingsInFlight == 160)
        try rig.answer(7)
        #expect(rig.sent.count == PublishMachine.window + 1)
    }

    @Test mutating func alertWaitsForItsSyncAndForNothingElse() throws {
        try rig.connect()
        rig.append(1, 0..<1)
        rig.append(7, 0..<1, .alert)
        rig.append(1, 1..<2)
        try rig.pump()
        sent(["1.0 data", "1.1 data"])
        rig.store.sync()
        rig.append(1, 2..<3)
        try rig.pump()
        sent(["7.0 alert", "1.2 data"])
    }

    @Test mutating func whatWasUnderWayIsSentAgainAfterALoss() throws {
        rig.append(1, 0..<3)
        try rig.connect()
        try rig.answer(0)
        rig.machine.disconnected()
        #expect(rig.machine.readingsInFlight == 0)
        // Answers of the old connection say nothing about the new one.
        #expect(rig.machine.answered(2, reason: 0, at: rig.now) == false)
        rig.append(1, 3..<4)
        rig.sent.removeAll()
        try rig.connect()
        sent(["1.1 back", "1.2 back", "1.3 data"])
    }

    @Test mutating func groupThatClosedWhileOfflineIsBackfill() throws {
        try rig.connect()
        rig.append(1, 0..<1)
        try rig.pump()
        rig.machine.disconnected()
        rig.append(1, 1..<2)
        rig.append(2, 0..<1)
        rig.sent.removeAll()
        try rig.connect()
        sent(["2.0 data", "1.0 back", "1.1 back"])
    }

    @Test mutating func unheardCountsAndIsDone() throws {
        rig.append(1, 0..<1)
        rig.store.close(PublishRig.group(1))
        try rig.connect()
        try rig.answerAll(0x10)
        #expect(rig.machine.counters.unheard == 1 && rig.machine.isUnheard)
        #expect(rig.store.acknowledged == [PublishRig.group(1)])
    }

    @Test mutating func refusedGroupWaitsAndOthersGoOn() throws {
        rig.append(1, 0..<3)
        rig.store.close(PublishRig.group(1))
        try rig.connect()
        try rig.answer(0)
        try rig.answer(1, 0x87)
        try rig.answer(2)
        rig.append(2, 0..<1)
        rig.sent.removeAll()
        try rig.pump()
        sent(["2.0 data"])
        try rig.wait(4.9)
        sent([])
        try rig.wait(0.1)
        sent(["1.1 back", "1.2 back"])
        #expect(rig.machine.counters.refused == 1)
    }

    @Test mutating func framesThatDoNotFitWaitAndOpenNoBreaker() throws {
        for group in 1..<9 as Range<UInt32> { rig.append(group, 0..<1, .deferred) }
        try rig.machine.connected(at: rig.now, to: &rig.store)
        for _ in 0..<8 {
            guard case .publish = try rig.machine.next(at: rig.now, in: &rig.store) else {
                Issue.record("publishes nothing")
                return
            }
            rig.machine.doesNotFit(at: rig.now)
        }
        #expect(!rig.machine.isRefused)
        #expect(rig.machine.counters.refused == 8)
        rig.append(20, 0..<1)
        try rig.pump()
        sent(["20.0 data"])
        try rig.wait(5)
        equal(rig.sent.count, 8)
    }

    @Test mutating func brokerThatRefusesEverythingIsLeftAlone() throws {
        for group in 1..<9 as Range<UInt32> { rig.append(group, 0..<1, .deferred) }
        try rig.connect()
        for i in 0..<5 { try rig.answer(i, 0x97) }
        #expect(rig.machine.isRefused)
        rig.append(20, 0..<1)
        rig.sent.removeAll()
        try rig.wait(29)
        sent([])
        try rig.wait(1)
        #expect(rig.sent.count == 1)
    }

    @Test mutating func brokerThatNeverAnswersIsLeft() throws {
        rig.append(1, 0..<1)
        try rig.connect()
        #expect(rig.waitsUntil == seconds(120))
        try rig.wait(120)
        #expect(rig.takeOthers() == [.reconnect])
        try rig.pump()
        #expect(rig.takeOthers() == [])
        rig.machine.disconnected()
        rig.sent.removeAll()
        try rig.connect()
        sent(["1.0 back"])
    }

    @Test mutating func newestTableGoesFirstAndOnce() throws {
        rig.store.append(table: 5)
        rig.append(1, 0..<1)
        rig.machine.setTable(5)
        try rig.connect()
        sent(["table data", "1.0 data"])
        rig.machine.disconnected()
        try rig.connect()
        sent(["table data", "1.0 back"])
        rig.append(2, 0..<1)
        try rig.answerAll()
        rig.store.append(table: 6)
        rig.append(3, 0..<1)
        rig.store.append(table: 6)
        rig.append(4, 0..<1)
        try rig.pump()
        sent(["2.0 data", "table data", "3.0 data", "4.0 data"])
    }

    @Test mutating func tableThatTheBrokerHasIsNotSentAgain() throws {
        rig.store.append(table: 5)
        rig.append(1, 0..<1)
        try rig.connect()
        sent(["1.0 data", "table back"])
        rig.machine.setTable(5)
        try rig.pump()
        sent([])
    }

    @Test mutating func refusedTableWaitsAndFramesGoOn() throws {
        rig.store.append(table: 5)
        rig.append(1, 0..<1)
        rig.machine.setTable(5)
        try rig.connect()
        _ = rig.machine.answered(rig.sent[1].publication, reason: 0, at: rig.now)
        equal(rig.sent.count, 2)
        for delay in [5, 10, 20, 40, 80, 160, 300, 300] {
            let table = try #require(rig.sent.last { $0.item.group == nil })
            rig.sent.removeAll()
            _ = rig.machine.answered(table.publication, reason: 0x95, at: rig.now)
            try rig.pump()
            sent([])
            rig.append(UInt32(10 + rig.now.nanoseconds / 1_000_000_000), 0..<1)
            try rig.pump()
            equal(rig.sent.count, 1)
            try rig.answerAll()
            rig.sent.removeAll()
            try rig.wait(Double(delay) - 0.1)
            sent([])
            try rig.wait(0.1)
            equal(rig.sent.map(\.item.content), [.table(id: 5)])
        }
    }

    @Test mutating func frameThatDidNotGoOutComesAgain() throws {
        rig.append(1, 0..<2)
        try rig.machine.connected(at: rig.now, to: &rig.store)
        guard case .publish = try rig.machine.next(at: rig.now, in: &rig.store) else {
            Issue.record("publishes nothing")
            return
        }
        rig.machine.notHandedOver()
        #expect(rig.machine.readingsInFlight == 0)
        try rig.pump()
        sent(["1.0 back", "1.1 data"])
    }

    @Test mutating func damagedFrameDoesNotHoldItsGroup() throws {
        rig.append(1, 0..<2)
        rig.store.close(PublishRig.group(1))
        try rig.machine.connected(at: rig.now, to: &rig.store)
        guard case .publish = try rig.machine.next(at: rig.now, in: &rig.store) else {
            Issue.record("publishes nothing")
            return
        }
        rig.machine.unreadable()
        try rig.pump()
        sent(["1.1 back"])
        #expect(rig.machine.counters.unreadable == 1)
        _ = rig.machine.answered(1, reason: 0, at: rig.now)
        try rig.pump()
        #expect(rig.store.acknowledged == [PublishRig.group(1)])
    }

    @Test mutating func missingFramesDoNotHoldTheirGroup() throws {
        rig.append(1, 0..<6)
        rig.append(2, 0..<2)
        rig.store.closeAll()
        for i in [0, 3, 5, 6] { rig.store.remove(at: 100 + UInt64(i) * 7) }
        try rig.connect()
        while !rig.store.pending.isEmpty {
            let count = rig.sent.count
            try rig.answerAll()
            if rig.sent.count == count { break }
        }
        #expect(rig.store.pending.isEmpty)
        sent(["1.1 back", "1.2 back", "1.4 back", "2.1 back"])
    }

    @Test mutating func headsComeWhenALaneIsQuietAndOnANewConnection() throws {
        try rig.connect()
        rig.append(1, 0..<2)
        try rig.pump()
        #expect(rig.takeOthers() == [])
        try rig.wait(1)
        try rig.answerAll()
        #expect(rig.waitsUntil == seconds(16))
        try rig.wait(14.9)
        #expect(rig.takeOthers() == [])
        try rig.wait(0.1)
        var heads = HeadsMessage(stream: PublishRig.stream)
        heads[.data] = .init(group: 1, index: 1)
        #expect(rig.takeOthers() == [.publishHeads(heads)])
        try rig.wait(100)
        #expect(rig.takeOthers() == [])
        rig.machine.disconnected()
        try rig.connect()
        #expect(rig.takeOthers() == [.publishHeads(heads)])
        // A frame every ten seconds says more than heads.
        for index in 2..<8 as Range<UInt32> {
            rig.append(1, index..<(index + 1))
            try rig.pump()
            try rig.answerAll()
            try rig.wait(10)
        }
        #expect(rig.takeOthers() == [])
    }

    @Test mutating func endWaitsForAnswersThenHeadsThenIsOver() throws {
        rig.append(1, 0..<1)
        try rig.connect()
        rig.store.closeAll()
        rig.machine.finish(by: seconds(10))
        try rig.pump()
        #expect(rig.takeOthers() == [] && rig.waitsUntil == seconds(10))
        try rig.answerAll()
        var heads = HeadsMessage(stream: PublishRig.stream)
        heads[.data] = .init(group: 1, index: 0)
        #expect(rig.takeOthers() == [.publishHeads(heads), .finished(isComplete: true)])
    }

    @Test mutating func endIsOverAtItsDeadline() throws {
        rig.append(1, 0..<1)
        rig.machine.finish(by: seconds(10))
        try rig.pump()
        #expect(rig.waitsUntil == seconds(10))
        try rig.wait(10)
        #expect(rig.takeOthers() == [.finished(isComplete: false)])
    }

    @Test mutating func endWithNothingStoredNeedsNoConnection() throws {
        rig.machine.finish(by: seconds(10))
        try rig.pump()
        #expect(rig.takeOthers() == [.finished(isComplete: true)])
    }

    @Test mutating func failureToNoteAGroupIsTriedAgain() throws {
        rig.append(1, 0..<1)
        rig.store.closeAll()
        try rig.connect()
        _ = rig.machine.answered(1, reason: 0, at: rig.now)
        let group = PublishRig.group(1)
        let order = try rig.machine.next(at: rig.now, in: &rig.store)
        #expect(order == .acknowledge(group))
        rig.machine.notAcknowledged(group, at: rig.now)
        try rig.pump()
        #expect(rig.store.acknowledged.isEmpty)
        try rig.wait(5)
        #expect(rig.store.acknowledged == [group])
    }

    @Test func answerForNothingIsMisuse() async {
        await #expect(processExitsWith: .failure) {
            var machine = PublishMachine(PublishPolicy(stream: StreamID(random: 1)))
            machine.handedOver(1)
        }
    }
}
