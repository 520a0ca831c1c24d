// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import Testing

@Suite struct PublishReceiverTests {
    var rig = PublishRig(receivers: [])
    let group = PublishRig.group(1)

    private mutating func sent(
        _ expected: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        equal(rig.takeSent(), expected, sourceLocation: sourceLocation)
    }

    @Test mutating func onlyAReceiverRemoves() throws {
        rig.append(1, 0..<2)
        rig.store.closeAll()
        try rig.connect()
        try rig.answerAll()
        #expect(rig.store.acknowledged.isEmpty)
        try rig.receive(group, upTo: 0)
        #expect(rig.store.acknowledged.isEmpty)
        try rig.receive(group, upTo: 1)
        #expect(rig.store.acknowledged == [group])
    }

    @Test mutating func allRequiredReceiversMustHaveIt() throws {
        rig = PublishRig(receivers: ["a", "b"])
        rig.append(1, 0..<1)
        rig.store.closeAll()
        try rig.connect()
        try rig.answerAll()
        try rig.receive(group, upTo: 0, by: "c")
        try rig.receive(group, upTo: 0, by: "a")
        #expect(rig.store.acknowledged.isEmpty && rig.machine.counters.foreignReceivers == 1)
        try rig.receive(group, upTo: 0, by: "b")
        #expect(rig.store.acknowledged == [group])
    }

    @Test mutating func acknowledgementBeforeThePUBACKCounts() throws {
        rig.append(1, 0..<1)
        rig.store.closeAll()
        try rig.connect()
        try rig.receive(group, upTo: .max)
        #expect(rig.store.acknowledged.isEmpty)
        try rig.answerAll()
        #expect(rig.store.acknowledged == [group])
    }

    @Test mutating func silenceIsRemindedOfWithOneFrameAndLessAndLess() throws {
        rig.append(1, 0..<3)
        rig.append(2, 0..<1)
        rig.store.closeAll()
        try rig.connect()
        try rig.answerAll()
        rig.sent.removeAll()
        for delay in [10.0, 20, 40, 80, 160, 300, 300] {
            try rig.wait(delay - 0.1)
            sent([])
            try rig.wait(0.1)
            #expect(rig.sent.count == 1)
            try rig.answerAll()
            sent(["1.0 back"])
        }
        // Somebody is there again: what else is missing is tried soon.
        try rig.receive(group, upTo: 2)
        #expect(rig.store.acknowledged == [group])
        try rig.wait(10)
        sent(["2.0 back"])
        #expect(rig.machine.counters.reminders == 8)
    }

    /// Only a key frame tells its stream: a receiver that has nothing of it could not ask for the
    /// rest. Once it has some, the last frame shows what is missing.
    @Test mutating func whoHasNothingIsRemindedWithTheKeyFrame() throws {
        rig.append(1, 0..<3)
        rig.store.closeAll()
        try rig.connect()
        try rig.answerAll()
        rig.sent.removeAll()
        try rig.wait(10)
        sent(["1.0 back"])
        try rig.answerAll()
        try rig.receive(group, upTo: 0)
        try rig.wait(10)
        sent(["1.2 back"])
    }

    @Test mutating func whatTheBrokerHasIsNotSentAgainAfterALoss() throws {
        rig.append(1, 0..<3)
        rig.store.closeAll()
        try rig.connect()
        try rig.answer(0)
        try rig.answer(1)
        rig.machine.disconnected()
        rig.sent.removeAll()
        try rig.connect()
        sent(["1.2 back"])
    }

    @Test mutating func withoutReceiversLiveGoesOnAndMemoryIsBounded() throws {
        for number in 1...400 as ClosedRange<UInt32> { rig.append(number, 0..<1) }
        try rig.connect()
        for _ in 0..<40 { try rig.answerAll() }
        let begun = PublishMachine.groupLimit - 32
        #expect(Set(rig.sent.compactMap { $0.item.group }).count == begun)
        rig.sent.removeAll()
        for number in 401...500 as ClosedRange<UInt32> {
            rig.append(number, 0..<1)
            try rig.pump()
            #expect(rig.sent.last?.item.group == PublishRig.group(number))
            #expect(rig.sent.last?.topic == .data)
            try rig.answerAll()
        }
        #expect(rig.machine.counters.forgotten > 0)
        // The receiver comes back: all of it arrives.
        rig.store.closeAll()
        for _ in 0..<100 where !rig.store.pending.isEmpty {
            try rig.answerAll()
            let sent = rig.sent
            rig.sent.removeAll()
            for message in sent {
                _ = rig.machine.answered(message.publication, reason: 0, at: rig.now)
                guard let frame = message.item.frame else { continue }
                try rig.receive(frame.group, upTo: frame.index)
            }
            try rig.wait(10)
        }
        #expect(rig.store.pending.isEmpty)
    }
}
