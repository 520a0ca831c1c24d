// SPDX-License-Identifier: Apache-2.0

import MosquittoClient
import Testing

@Suite struct MessageTests {
    /// PUBLISH of quality 1 to a client of version 5.
    private func message(_ number: Int, _ payload: [UInt8], flags: UInt8 = 0) -> [UInt8] {
        let body = join(text("t"), [UInt8(number >> 8), UInt8(number & 255), 0], payload)
        return join([0x32 | flags, UInt8(body.count)], body)
    }

    @Test func messageComesInAndIsAcknowledged() throws {
        var conversation = try Conversation.connected()
        conversation.peer.send(message(258, [9, 0, 9]))
        #expect(
            try conversation.nextEvent()
                == .message(ClientMessage(topic: "t", payload: [9, 0, 9])))
        #expect(try conversation.packet(1) == .init(head: 0x40, body: [1, 2]))
    }

    @Test func retainedAndEmpty() throws {
        var conversation = try Conversation.connected()
        conversation.peer.send(message(1, [], flags: 1))
        #expect(
            try conversation.nextEvent()
                == .message(ClientMessage(topic: "t", payload: [], isRetained: true)))
    }

    @Test func floodComesInWholeAndInOrder() throws {
        var conversation = try Conversation.connected()
        conversation.peer.send((1...500).flatMap { message($0, [UInt8($0 & 255)]) })
        try conversation.drive { $0.events.count == 500 }
        let expected = (1...500).map {
            ClientEvent.message(ClientMessage(topic: "t", payload: [UInt8($0 & 255)]))
        }
        #expect(conversation.events == expected)
        try conversation.drive { $0.peer.packets.count == 501 }
    }

    @Test func oneAnswerForAllFilters() throws {
        var conversation = try Conversation.connected()
        try conversation.client.subscribe(["cmd/+", "ack"])
        let packet = try conversation.packet(1)
        #expect(packet.head == 0x82)
        let number = Array(packet.body.prefix(2))
        #expect(packet.body == join(number, [0], text("cmd/+"), [1], text("ack"), [1]))
        conversation.peer.send(join([0x90, 5], number, [0, 1, 0x87]))
        #expect(try conversation.nextEvent() == .subscribed(grants: [1, 0x87]))
    }

    @Test func filterThatTheLibraryRefuses() throws {
        var conversation = try Conversation.connected()
        do throws(ClientError) {
            try conversation.client.subscribe(["a/#/b"])
            Issue.record("the filter was taken")
        } catch {
            #expect(error == .library(code: 3))
        }
    }

    @Test func brokersGoodbyeCarriesItsReason() throws {
        for reason: UInt8 in [0x82, 0x8B, 0x8E, 0x94, 0x95] {
            var conversation = try Conversation.connected()
            conversation.peer.send([0xE0, 1, reason])
            #expect(try conversation.nextEvent() == .disconnected(reason: Int32(reason)))
            try conversation.drive { $0.peer.isClosed }
            #expect(conversation.events.isEmpty)
        }
    }

    @Test(arguments: [MQTTVersion.v5, .v311])
    func goodbyeIsSaid(version: MQTTVersion) throws {
        var conversation = try Conversation.connected(version)
        conversation.client.disconnect()
        let isConnected = conversation.client.isConnected
        #expect(!isConnected)
        #expect(try conversation.packet(1) == .init(head: 0xE0, body: []))
        #expect(try conversation.nextEvent() == .disconnected(reason: 0))
        try conversation.drive { $0.peer.isClosed }
        #expect(conversation.events.isEmpty)
    }

    /// The packet waits behind what the line does not take yet.
    @Test func goodbyeOnAFullLine() throws {
        var conversation = try Conversation.connected()
        conversation.peerReads = false
        _ = try conversation.publish("t", Array(repeating: 1, count: 6_000_000))
        conversation.client.disconnect()
        try conversation.settle()
        #expect(conversation.events.isEmpty)
        conversation.peerReads = true
        #expect(try conversation.packet(2).head == 0xE0)
        #expect(try conversation.nextEvent() == .disconnected(reason: 0))
    }

    @Test func dropSaysNothing() throws {
        var conversation = try Conversation.connected()
        conversation.client.drop()
        try conversation.drive { $0.peer.isClosed }
        #expect(conversation.events.isEmpty)
        #expect(conversation.peer.packets.count == 1)
    }

    @Test func garbageEndsTheConnection() throws {
        var conversation = try Conversation.connected()
        conversation.peer.send([0x32, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
        guard case .disconnected = try conversation.nextEvent() else {
            Issue.record("garbage was taken")
            return
        }
    }
}
