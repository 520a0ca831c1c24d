// SPDX-License-Identifier: Apache-2.0

import Glibc
import HostSystem
import MosquittoClient
import Testing

/// A client and a scripted peer that act in turn until something holds.
struct Conversation: ~Copyable {
    static let accepted5: [UInt8] = [0x20, 3, 0, 0, 0]
    static let accepted311: [UInt8] = [0x20, 2, 0, 0]

    var client: MosquittoClient
    var peer: ScriptedPeer
    var events: [ClientEvent] = []
    /// Whether the peer takes what is sent to it.
    var peerReads = true

    init(_ settings: ClientSettings = ClientSettings(clientID: "c")) throws {
        let peer = try ScriptedPeer()
        client = try MosquittoClient(settings)
        self.peer = peer
    }

    /// A conversation that the peer has accepted already, without events and packets to look at.
    static func connected(
        _ version: MQTTVersion = .v5, answer: [UInt8]? = nil
    ) throws -> Conversation {
        var settings = ClientSettings(clientID: "c")
        settings.version = version
        var conversation = try Conversation(settings)
        try conversation.connect()
        conversation.peer.send(answer ?? (version == .v5 ? accepted5 : accepted311))
        try conversation.drive { $0.client.isConnected }
        conversation.events = []
        return conversation
    }

    /// Connects and waits for the CONNECT packet.
    mutating func connect() throws {
        try client.connect(host: "127.0.0.1", port: peer.port)
        let before = peer.packets.count
        try drive { $0.peer.packets.count > before }
    }

    /// Waits for an event.
    mutating func nextEvent() throws -> ClientEvent {
        try drive { !$0.events.isEmpty }
        return events.removeFirst()
    }

    /// Waits for the packet with this number, from 0.
    mutating func packet(_ number: Int) throws -> ScriptedPeer.Packet {
        try drive { $0.peer.packets.count > number }
        return peer.packets[number]
    }

    /// Lets both act for some rounds in which nothing is expected to happen.
    mutating func settle() throws {
        for _ in 0..<20 { try turn() }
    }

    /// Lets both act until `condition` holds; the test fails after twenty seconds.
    mutating func drive(
        _ comment: Comment? = nil, location: SourceLocation = #_sourceLocation,
        until condition: (borrowing Conversation) -> Bool
    ) throws {
        let limit = MonotonicClock.nanoseconds + 20_000_000_000
        while !condition(self) {
            try turn()
            try #require(MonotonicClock.nanoseconds < limit, comment, sourceLocation: location)
        }
    }

    mutating func publish(
        _ topic: String, _ payload: [UInt8], quality: UInt8 = 1
    ) throws(ClientError) -> Int32 {
        try client.publish(topic, payload.span, quality: quality, isRetained: false)
    }

    private mutating func turn() throws {
        peer.step(reads: peerReads)
        let soon = Int64(MonotonicClock.nanoseconds) + 2_000_000
        try client.run(until: soon, wake: -1)
        while let event = client.nextEvent() { events.append(event) }
    }
}

/// Bytes one after the other; the type checker takes long over sums of literals.
func join(_ parts: [UInt8]...) -> [UInt8] { parts.flatMap { $0 } }

/// A text of MQTT: its length and its bytes.
func text(_ text: String) -> [UInt8] { [0, UInt8(text.utf8.count)] + Array(text.utf8) }
