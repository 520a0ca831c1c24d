// SPDX-License-Identifier: Apache-2.0

import Glibc
import HostSystem
import MosquittoClient
import Testing

@Suite struct ConnectTests {
    private static let name: [UInt8] = text("MQTT")

    @Test func connectOfVersion5IsByteExact() throws {
        var settings = ClientSettings(clientID: "node")
        settings.keepAliveSeconds = 40
        settings.receiveMaximum = 17
        var conversation = try Conversation(settings)
        try conversation.connect()
        let packet = try conversation.packet(0)
        #expect(packet.head == 0x10)
        // Clean start; keep-alive; one property, receive maximum; the name.
        let expected = join(Self.name, [5, 2, 0, 40, 3, 0x21, 0, 17], text("node"))
        #expect(packet.body == expected)
    }

    @Test func connectWithWillAndPasswordIsByteExact() throws {
        var settings = ClientSettings(clientID: "n")
        settings.version = .v311
        settings.user = "u"
        settings.password = "pw"
        settings.will = Will(topic: "t/s", payload: [1, 0, 255])
        var conversation = try Conversation(settings)
        try conversation.connect()
        let packet = try conversation.packet(0)
        // User, password, retained will of quality 1, clean session.
        let flags: UInt8 = 0x80 | 0x40 | 0x20 | 0x08 | 0x04 | 0x02
        let expected = join(
            Self.name, [4, flags, 0, 30], text("n"), text("t/s"), [0, 3, 1, 0, 255], text("u"),
            text("pw"))
        #expect(packet.body == expected)
    }

    @Test func connackTellsTheLargestPacket() throws {
        var conversation = try Conversation()
        try conversation.connect()
        conversation.peer.send([0x20, 8, 0, 0, 5, 0x27, 0, 0, 4, 0])
        #expect(
            try conversation.nextEvent() == .connected(ConnectAnswer(maximumPacketBytes: 1024)))
        let isConnected = conversation.client.isConnected
        #expect(isConnected)
    }

    @Test func connackOfVersion311HasNoLimits() throws {
        var settings = ClientSettings(clientID: "c")
        settings.version = .v311
        var conversation = try Conversation(settings)
        try conversation.connect()
        conversation.peer.send(Conversation.accepted311)
        #expect(try conversation.nextEvent() == .connected(ConnectAnswer()))
    }

    @Test(arguments: [0x80, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x95, 0x97, 0x9F] as [UInt8])
    func refusalOfVersion5IsTheOnlyEvent(reason: UInt8) throws {
        var conversation = try Conversation()
        try conversation.connect()
        conversation.peer.send([0x20, 3, 0, reason, 0])
        #expect(try conversation.nextEvent() == .refused(reason: reason))
        try conversation.drive { $0.peer.isClosed }
        #expect(conversation.events.isEmpty)
        let isConnected = conversation.client.isConnected
        #expect(!isConnected)
    }

    @Test(arguments: 1...5 as ClosedRange<UInt8>)
    func refusalOfVersion311IsTheOnlyEvent(reason: UInt8) throws {
        var settings = ClientSettings(clientID: "c")
        settings.version = .v311
        var conversation = try Conversation(settings)
        try conversation.connect()
        conversation.peer.send([0x20, 2, 0, reason])
        #expect(try conversation.nextEvent() == .refused(reason: reason))
        try conversation.drive { $0.peer.isClosed }
        #expect(conversation.events.isEmpty)
    }

    /// A broker that does not know version 5 answers in the form of version 3.
    @Test func refusalOfAnOldBrokerIsUnderstood() throws {
        var conversation = try Conversation()
        try conversation.connect()
        conversation.peer.send([0x20, 2, 0, 1])
        #expect(try conversation.nextEvent() == .refused(reason: 0x84))
        try conversation.drive { $0.peer.isClosed }
        #expect(conversation.events.isEmpty)
    }

    @Test func dropAfterConnectIsTheEnd() throws {
        var conversation = try Conversation()
        try conversation.connect()
        conversation.peer.hangUp()
        #expect(try conversation.nextEvent() == .disconnected(reason: 7))
        try conversation.settle()
        #expect(conversation.events.isEmpty)
    }

    @Test func secondConnectionFollowsTheFirst() throws {
        var conversation = try Conversation.connected()
        conversation.peer.hangUp()
        #expect(try conversation.nextEvent() == .disconnected(reason: 7))
        conversation.client.settings.version = .v311
        try conversation.connect()
        conversation.peer.send(Conversation.accepted311)
        #expect(try conversation.nextEvent() == .connected(ConnectAnswer()))
        #expect(conversation.peer.packets[1].body[6] == 4)
    }

    @Test func nobodyListening() throws {
        let port: UInt16
        do {
            let peer = try ScriptedPeer()
            port = peer.port
        }
        var client = try MosquittoClient(ClientSettings(clientID: "c"))
        do throws(ClientError) {
            try client.connect(host: "127.0.0.1", port: port)
            Issue.record("somebody took the connection")
        } catch {
            #expect(error == .system(code: ECONNREFUSED))
        }
        let event = client.nextEvent()
        #expect(event == nil)
    }

    @Test func nameWithoutAddress() throws {
        var client = try MosquittoClient(ClientSettings(clientID: "c"))
        do throws(ClientError) {
            // A label has at most 63 bytes, so that nobody needs to be asked.
            try client.connect(host: String(repeating: "a", count: 64), port: 1)
            Issue.record("the name has an address")
        } catch {
            guard case .unresolved = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test func settingsThatTheLibraryRefuses() throws {
        var settings = ClientSettings(clientID: "c")
        settings.keepAliveSeconds = 2
        var client = try MosquittoClient(settings)
        do throws(ClientError) {
            try client.connect(host: "127.0.0.1", port: 1)
            Issue.record("a keep-alive of two seconds was taken")
        } catch {
            #expect(error == .library(code: 3))
        }
        client.settings.keepAliveSeconds = 30
        client.settings.will = Will(topic: "not/#", payload: [])
        do throws(ClientError) {
            try client.connect(host: "127.0.0.1", port: 1)
            Issue.record("a will on a filter was taken")
        } catch {
            #expect(error == .library(code: 3))
        }
    }

    @Test func wakeDescriptorEndsTheWait() throws {
        let flag = try EventFlag()
        flag.raise()
        var client = try MosquittoClient(ClientSettings(clientID: "c"))
        let before = MonotonicClock.nanoseconds
        try client.run(until: .max, wake: flag.descriptor)
        try client.run(until: Int64(MonotonicClock.nanoseconds) + 1_000_000, wake: -1)
        #expect(MonotonicClock.nanoseconds - before >= 1_000_000)
    }
}
