// SPDX-License-Identifier: Apache-2.0

import Glibc
import MosquittoClient
import Testing

@Suite struct PublishTests {
    /// PUBACK, by which the broker says what became of a publication.
    private func puback(_ publication: Int32, _ reason: UInt8? = nil) -> [UInt8] {
        let number = [UInt8(publication >> 8), UInt8(publication & 255)]
        guard let reason else { return join([0x40, 2], number) }
        return join([0x40, 4], number, [reason, 0])
    }

    @Test func publicationIsByteExact() throws {
        var conversation = try Conversation.connected()
        let id = try conversation.publish("a/b", [1, 2, 3])
        let packet = try conversation.packet(1)
        #expect(packet.head == 0x32)
        #expect(packet.body == join(text("a/b"), [0, UInt8(id), 0, 1, 2, 3]))
    }

    @Test(arguments: [nil, 0x00, 0x10, 0x80, 0x87, 0x97, 0x99] as [UInt8?])
    func acknowledgementCarriesItsReason(reason: UInt8?) throws {
        var conversation = try Conversation.connected()
        let id = try conversation.publish("t", [7])
        _ = try conversation.packet(1)
        conversation.peer.send(puback(id, reason))
        #expect(
            try conversation.nextEvent() == .acknowledged(publication: id, reason: reason ?? 0))
    }

    @Test func acknowledgementOfVersion311() throws {
        var conversation = try Conversation.connected(.v311)
        let id = try conversation.publish("t", [7])
        let packet = try conversation.packet(1)
        #expect(packet.body == join(text("t"), [0, UInt8(id), 7]))
        conversation.peer.send(puback(id))
        #expect(try conversation.nextEvent() == .acknowledged(publication: id, reason: 0))
    }

    @Test func lateAcknowledgementsKeepTheirNumbers() throws {
        var conversation = try Conversation.connected()
        let first = try conversation.publish("t", [1])
        let second = try conversation.publish("t", [2])
        _ = try conversation.packet(2)
        conversation.peer.send(puback(second))
        #expect(try conversation.nextEvent() == .acknowledged(publication: second, reason: 0))
        try conversation.settle()
        #expect(conversation.events.isEmpty)
        conversation.peer.send(puback(first))
        #expect(try conversation.nextEvent() == .acknowledged(publication: first, reason: 0))
    }

    @Test func secondAcknowledgementIsNoEvent() throws {
        var conversation = try Conversation.connected()
        let id = try conversation.publish("t", [1])
        _ = try conversation.packet(1)
        conversation.peer.send(puback(id) + puback(id) + puback(4711))
        #expect(try conversation.nextEvent() == .acknowledged(publication: id, reason: 0))
        let next = try conversation.publish("t", [2])
        conversation.peer.send(puback(next))
        #expect(try conversation.nextEvent() == .acknowledged(publication: next, reason: 0))
    }

    /// The library calls back inside its own publish for this quality.
    @Test func qualityZeroIsAcknowledgedWhenItIsSent() throws {
        var conversation = try Conversation.connected()
        let id = try conversation.publish("t", [1], quality: 0)
        #expect(try conversation.packet(1).head == 0x30)
        #expect(try conversation.nextEvent() == .acknowledged(publication: id, reason: 0))
    }

    @Test func nothingIsKeptForTheNextConnection() throws {
        var conversation = try Conversation.connected()
        _ = try conversation.publish("t", [1])
        _ = try conversation.packet(1)
        conversation.peer.hangUp()
        #expect(try conversation.nextEvent() == .disconnected(reason: 7))
        #expect(throws: ClientError.notConnected) { try conversation.publish("t", [2]) }
        try conversation.connect()
        conversation.peer.send(Conversation.accepted5)
        #expect(try conversation.nextEvent() == .connected(ConnectAnswer()))
        let id = try conversation.publish("t", [3])
        let packet = try conversation.packet(3)
        #expect(packet.body == join(text("t"), [0, UInt8(id), 0, 3]))
        #expect(conversation.peer.packets.count == 4)
    }

    @Test func nothingGoesOutBeforeTheAnswer() throws {
        var conversation = try Conversation()
        try conversation.connect()
        #expect(throws: ClientError.notConnected) { try conversation.publish("t", [1]) }
        #expect(throws: ClientError.notConnected) { try conversation.client.subscribe(["t"]) }
    }

    @Test func lineThatBrokeUnnoticedKeepsNothing() throws {
        var conversation = try Conversation.connected()
        conversation.peer.hangUp()
        // The kernel knows after the first packet at the latest.
        var refusals = 0
        for _ in 0..<1000 where refusals == 0 {
            do throws(ClientError) {
                _ = try conversation.publish("t", [1])
            } catch {
                #expect(error == .notConnected)
                refusals += 1
            }
        }
        #expect(refusals == 1)
        guard case .disconnected = try conversation.nextEvent() else {
            Issue.record("no end of the connection")
            return
        }
        try conversation.settle()
        #expect(conversation.events.isEmpty)
    }

    @Test func tooLargeForTheBroker() throws {
        var conversation = try Conversation.connected(
            answer: [0x20, 8, 0, 0, 5, 0x27, 0, 0, 0, 64])
        #expect(throws: ClientError.tooLarge) {
            try conversation.publish("t", Array(repeating: 0, count: 64))
        }
        let id = try conversation.publish("t", [1])
        conversation.peer.send(puback(id))
        #expect(try conversation.nextEvent() == .acknowledged(publication: id, reason: 0))
    }

    @Test func topicThatTheLibraryRefuses() throws {
        var conversation = try Conversation.connected()
        #expect(throws: ClientError.library(code: 3)) { try conversation.publish("t/#", [1]) }
        let isConnected = conversation.client.isConnected
        #expect(isConnected)
    }

    @Test func fullLineIsWrittenBitByBit() throws {
        var conversation = try Conversation.connected()
        conversation.peerReads = false
        let piece = (0..<10_007).map { UInt8(truncatingIfNeeded: $0 / 251) }
        var payload: [UInt8] = []
        for _ in 0..<600 { payload += piece }
        let id = try conversation.publish("t", payload)
        try conversation.settle()
        conversation.peerReads = true
        let packet = try conversation.packet(1)
        let arrived = Array(packet.body.suffix(payload.count))
        #expect(arrived.count == payload.count && memcmp(arrived, payload, payload.count) == 0)
        conversation.peer.send(puback(id))
        #expect(try conversation.nextEvent() == .acknowledged(publication: id, reason: 0))
    }
}
