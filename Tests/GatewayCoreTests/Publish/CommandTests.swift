// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import Testing

@Suite struct CommandTests {
    var rig = PublishRig()
    let group = PublishRig.group(1)

    init() throws {
        rig.store.append(table: 9)
        rig.append(1, 0..<2)
        rig.append(2, 0..<2)
        rig.store.closeAll()
        try rig.connect()
        try rig.answerAll()
        rig.sent.removeAll()
    }

    private func answer(
        _ verb: String, _ id: String, _ status: ResponseMessage.Status,
        _ reason: ResponseMessage.Reason? = nil
    ) -> PublishOrder {
        .answer(verb: verb, ResponseMessage(id: id, status: status, reason: reason))
    }

    @Test mutating func groupOfTheHistoryIsSentAgainWhole() throws {
        try rig.command(CommandMessage(id: "7", .resend(group)))
        equal(rig.takeSent(), ["1.0 back", "1.1 back"])
        equal(rig.takeOthers(), [answer("resend", "7", .sent)])
        #expect(rig.machine.counters.commands == 1 && rig.machine.readingsInFlight == 0)
    }

    @Test mutating func groupThatIsNotThereIsGone() throws {
        try rig.command(CommandMessage(id: "7", .resend(PublishRig.group(5))))
        try rig.command(CommandMessage(id: "8", .rebirth(table: 3)))
        equal(rig.takeSent(), [])
        equal(
            rig.takeOthers(),
            [answer("resend", "7", .gone, .unknown), answer("rebirth", "8", .gone, .unknown)])
    }

    @Test mutating func sameGroupComesOnceInTenSeconds() throws {
        try rig.command(CommandMessage(id: "1", .resend(group)))
        try rig.wait(9.9)
        _ = rig.takeSent()
        _ = rig.takeOthers()
        try rig.command(CommandMessage(id: "2", .resend(group)))
        equal(rig.takeSent(), [])
        equal(rig.takeOthers(), [answer("resend", "2", .busy, .again)])
        try rig.wait(0.1)
        try rig.command(CommandMessage(id: "3", .resend(group)))
        equal(rig.takeSent(), ["1.0 back", "1.1 back"])
    }

    @Test mutating func historyLeavesWhatIsOnItsWayToOthers() throws {
        rig.append(3, 0..<1)
        try rig.pump()
        rig.append(4, 0..<1, .alert)
        _ = rig.takeSent()
        try rig.command(CommandMessage(id: "h", .history))
        // Group 3 and the alert are pending: live and backfill bring them.
        equal(rig.takeSent(), ["table back", "1.0 back", "1.1 back", "2.0 back", "2.1 back"])
        equal(rig.takeOthers(), [answer("resend", "h", .sent)])
    }

    @Test mutating func historyHasWhatTheBrokerHasOfAnOpenGroup() throws {
        rig.append(3, 0..<2)
        try rig.pump()
        try rig.answerAll()
        // In flight, or not sent yet: whoever listens gets it anyway.
        rig.append(3, 2..<3)
        try rig.pump()
        _ = rig.takeSent()
        try rig.command(CommandMessage(id: "h", .history))
        equal(
            rig.takeSent(),
            ["table back", "1.0 back", "1.1 back", "2.0 back", "2.1 back", "3.0 back", "3.1 back"])
    }

    @Test mutating func alertThatIsNotOnTheDiskIsNotSentOnRequestEither() throws {
        rig.append(4, 0..<1, .alert)
        try rig.command(CommandMessage(id: "1", .resend(PublishRig.group(4, .alert))))
        equal(rig.takeSent(), [])
        rig.store.sync()
        try rig.pump()
        equal(rig.takeSent(), ["4.0 alert"])
    }

    @Test mutating func liveFramesAndSingleGroupsPassTheHistory() throws {
        for number in 10..<40 as Range<UInt32> { rig.append(number, 0..<1) }
        try rig.pump()
        for _ in 0..<10 { try rig.answerAll() }
        _ = rig.takeSent()
        try rig.command(CommandMessage(id: "h", .history))
        #expect(rig.sent.count == PublishMachine.window)
        rig.append(50, 0..<1)
        try rig.command(CommandMessage(id: "g", .resend(group)))
        try rig.answer(0)
        try rig.answer(1)
        try rig.answer(2)
        equal(Array(rig.takeSent().suffix(3)), ["50.0 data", "1.0 back", "1.1 back"])
    }

    @Test mutating func historyKeepsItsPlaceOverALoss() throws {
        for number in 10..<40 as Range<UInt32> { rig.append(number, 0..<1, .deferred) }
        try rig.pump()
        for _ in 0..<10 { try rig.answerAll() }
        _ = rig.takeSent()
        try rig.command(CommandMessage(id: "h", .history))
        equal(rig.sent.count, PublishMachine.window)
        for message in rig.sent.prefix(7) {
            _ = rig.machine.answered(message.publication, reason: 0, at: rig.now)
        }
        rig.machine.disconnected()
        _ = rig.takeSent()
        try rig.connect()
        equal(Array(rig.takeSent().prefix(2)), ["12.0 back", "13.0 back"])
    }

    @Test mutating func jobBeginsAgainAfterALoss() throws {
        try rig.command(CommandMessage(id: "h", .history))
        equal(rig.takeOthers(), [answer("resend", "h", .sent)])
        for number in 10..<40 as Range<UInt32> { rig.append(number, 0..<1, .deferred) }
        try rig.wait(11)
        try rig.answerAll()
        for _ in 0..<10 { try rig.answerAll() }
        _ = rig.takeSent()
        try rig.command(CommandMessage(id: "i", .history))
        rig.machine.disconnected()
        _ = rig.takeSent()
        try rig.connect()
        equal(Array(rig.takeSent().prefix(2)), ["table back", "1.0 back"])
    }

    @Test mutating func rebirthBringsBirthAndTable() throws {
        rig.machine.setTable(9)
        try rig.pump()
        try rig.answerAll()
        _ = rig.takeSent()
        try rig.command(CommandMessage(id: "7", .rebirth(table: nil)))
        equal(rig.takeSent(), ["table back"])
        equal(rig.takeOthers(), [.publishBirth, answer("rebirth", "7", .sent)])
        try rig.wait(10)
        try rig.command(CommandMessage(id: "8", .rebirth(table: 9)))
        equal(rig.takeSent(), ["table back"])
        equal(rig.takeOthers(), [answer("rebirth", "8", .sent)])
    }

    @Test mutating func rebirthIsLimitedAsOtherWorkIs() throws {
        rig.machine.setTable(9)
        try rig.pump()
        try rig.answerAll()
        _ = rig.takeSent()
        try rig.command(CommandMessage(id: "1", .rebirth(table: nil)))
        try rig.command(CommandMessage(id: "2", .rebirth(table: nil)))
        equal(rig.takeSent(), ["table back"])
        equal(
            rig.takeOthers(),
            [.publishBirth, answer("rebirth", "1", .sent), answer("rebirth", "2", .busy, .again)])
        rig.machine.disconnected()
        for i in 10..<40 {
            try rig.wait(1)
            try rig.command(CommandMessage(id: "\(i)", .rebirth(table: nil)))
        }
        try rig.connect()
        equal(rig.takeSent().filter { $0 == "table back" }.count, 1)
    }

    @Test mutating func keyFrameEndsTheGroup() throws {
        try rig.command(CommandMessage(id: "7", .keyFrame))
        equal(rig.takeOthers(), [.endGroup, answer("keyframe", "7", .sent)])
    }

    @Test mutating func unknownVerbsAndNonsenseAreAnsweredWithAnError() throws {
        rig.machine.command(verb: "format", Array(#"{"id":"7"}"#.utf8).span, at: rig.now)
        rig.machine.command(verb: "resend", Array("x".utf8).span, at: rig.now)
        rig.machine.command(
            verb: String(repeating: "x", count: 33), Array("{}".utf8).span, at: rig.now)
        try rig.pump()
        equal(
            rig.takeOthers(),
            [answer("format", "7", .error, .verb), answer("resend", "", .error, .malformed)])
        #expect(rig.machine.counters.refusedCommands == 3)
    }

    @Test mutating func commandsHaveAPace() throws {
        for i in 0..<100 as Range<UInt32> {
            try rig.command(CommandMessage(id: "\(i)", .resend(PublishRig.group(100 + i))))
        }
        let answers = rig.takeOthers()
        #expect(answers.count == 10)
        #expect(answers.prefix(5).last == answer("resend", "4", .gone, .unknown))
        #expect(answers.last == answer("resend", "9", .busy, .rate))
        #expect(rig.machine.counters.refusedCommands == 95)
        try rig.wait(1)
        try rig.command(CommandMessage(id: "x", .resend(PublishRig.group(300))))
        equal(rig.takeOthers(), [answer("resend", "x", .gone, .unknown)])
    }

    @Test mutating func listOfJobsHasAnEnd() throws {
        rig.machine.disconnected()
        for i in 0..<10 as Range<UInt32> {
            try rig.command(CommandMessage(id: "\(i)", .resend(PublishRig.group(i))))
            try rig.wait(1)
        }
        try rig.connect()
        let orders = rig.takeOthers()
        #expect(orders.contains(answer("resend", "8", .busy, .jobs)))
        #expect(orders.contains(answer("resend", "2", .sent)))
        #expect(rig.machine.counters.commands == 8)
    }
}
