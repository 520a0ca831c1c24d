// SPDX-License-Identifier: Apache-2.0

import HostSystem
import MosquittoClient
import TestSupport
import Testing

/// The same client against a broker that others wrote.
@Suite(.enabled(if: BrokerProcess.isExpected, "SKIPPED: mosquitto is not installed"))
struct BrokerTests {
    private struct Session: ~Copyable {
        var client: MosquittoClient
        var events: [ClientEvent] = []

        init(_ name: String, _ version: MQTTVersion = .v5, will: Will? = nil) throws {
            var settings = ClientSettings(clientID: name)
            settings.version = version
            settings.will = will
            client = try MosquittoClient(settings)
        }

        /// The broker needs a moment before it listens.
        mutating func connect(_ broker: BrokerProcess) throws {
            let limit = MonotonicClock.nanoseconds + 20_000_000_000
            while !client.isConnected {
                try #require(MonotonicClock.nanoseconds < limit)
                do throws(ClientError) {
                    try client.connect(host: "localhost", port: broker.port)
                } catch {
                    #expect(error == .system(code: 111))
                    try turn()
                    continue
                }
                try drive { $0.contains { _ in true } }
            }
        }

        mutating func drive(until condition: ([ClientEvent]) -> Bool) throws {
            let limit = MonotonicClock.nanoseconds + 20_000_000_000
            while !condition(events) {
                try #require(MonotonicClock.nanoseconds < limit, "\(events.suffix(3))")
                try turn()
            }
        }

        mutating func turn() throws {
            try client.run(until: Int64(MonotonicClock.nanoseconds) + 20_000_000, wake: -1)
            while let event = client.nextEvent() { events.append(event) }
        }

        /// Waits until all filters are granted.
        mutating func subscribe(_ filters: [String]) throws {
            try client.subscribe(filters)
            let grants = filters.map { _ in UInt8(1) }
            try drive { $0.contains(.subscribed(grants: grants)) }
        }

        mutating func publish(_ topic: String, _ payload: [UInt8]) throws -> Int32 {
            try client.publish(topic, payload.span, quality: 1, isRetained: false)
        }
    }

    @Test(arguments: [MQTTVersion.v5, .v311])
    func messagesGoThrough(version: MQTTVersion) throws {
        let broker = try BrokerProcess(["max_packet_size 100000"])
        var sender = try Session("sender", version)
        var receiver = try Session("receiver", version)
        try sender.connect(broker)
        let answer = ConnectAnswer(maximumPacketBytes: version == .v5 ? 100_000 : nil)
        #expect(sender.events == [.connected(answer)])
        try receiver.connect(broker)
        try receiver.subscribe(["a/+", "b"])
        receiver.events = []
        sender.events = []
        // Within the library's window, so that each is on its way at once.
        for round in 0..<50 {
            sender.events = []
            var expected: [ClientEvent] = []
            for number in 0..<20 {
                let id = try sender.publish("a/x", [UInt8(round), UInt8(number)])
                expected.append(.acknowledged(publication: id, reason: 0))
            }
            try sender.drive { $0.count == expected.count }
            #expect(sender.events == expected)
        }
        try receiver.drive { $0.count == 1000 }
        let expected = (0..<1000).map {
            ClientEvent.message(
                ClientMessage(topic: "a/x", payload: [UInt8($0 / 20), UInt8($0 % 20)]))
        }
        #expect(receiver.events == expected)
    }

    @Test func nobodyListens() throws {
        let broker = try BrokerProcess(["max_packet_size 100000"])
        var sender = try Session("sender")
        try sender.connect(broker)
        let id = try sender.publish("nobody", [1])
        try sender.drive { $0.contains(.acknowledged(publication: id, reason: 0x10)) }
    }

    @Test func willComesAfterADropOnly() throws {
        let broker = try BrokerProcess(["max_packet_size 100000"])
        var watcher = try Session("watcher")
        try watcher.connect(broker)
        try watcher.subscribe(["state/+"])
        watcher.events = []
        var polite = try Session("polite", will: Will(topic: "state/polite", payload: [0]))
        try polite.connect(broker)
        polite.client.disconnect()
        var rude = try Session("rude", will: Will(topic: "state/rude", payload: [0]))
        try rude.connect(broker)
        rude.client.drop()
        try watcher.drive { !$0.isEmpty }
        #expect(
            watcher.events == [.message(ClientMessage(topic: "state/rude", payload: [0]))])
    }

    @Test func sameNameTakesOver() throws {
        let broker = try BrokerProcess(["max_packet_size 100000"])
        var first = try Session("twin")
        try first.connect(broker)
        first.events = []
        var second = try Session("twin")
        try second.connect(broker)
        try first.drive { !$0.isEmpty }
        #expect(first.events.count == 1)
        guard case .disconnected = first.events[0] else {
            Issue.record("\(first.events)")
            return
        }
    }

    @Test func brokerThatEndsIsNoticed() throws {
        let broker = try BrokerProcess(["max_packet_size 100000"])
        var session = try Session("session")
        try session.connect(broker)
        session.events = []
        broker.kill()
        try session.drive { !$0.isEmpty }
        #expect(session.events == [.disconnected(reason: 7)])
    }
}
