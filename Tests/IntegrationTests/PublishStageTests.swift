// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import Foundation
import GatewayAgent
import GatewayConfiguration
import GatewayCore
import Glibc
import HostSystem
import MosquittoClient
import StoreAndForward
import TestSupport
import Testing

/// An agent without inputs: a spool that tests fill, and the link thread.
final class PublishingAgent {
    static let stream = StreamID(random: 0x12_3456_789A)
    let folder: TemporaryFolder
    let spool: SharedSpool
    let shared: AgentShared
    private(set) var readings = 0
    private let settings: AgentSettings

    init(in folder: TemporaryFolder, port: UInt16, delivery: Delivery) throws {
        self.folder = folder
        var settings = AgentSettings()
        settings.broker = BrokerSettings(host: "127.0.0.1", port: port)
        settings.delivery = delivery
        self.settings = settings
        let bounds = SpoolSettings(
            maximumBytes: 64 << 20, segmentBytes: 64 << 10, historyBytes: 16 << 20,
            isDurable: true)
        spool = SharedSpool(
            try Spool(ChosenStorage(PosixStorage(directory: folder.path + "/spool")), bounds))
        shared = try AgentShared(
            stream: Self.stream, topicPrefix: Array("alec/v1/default/gateway/".utf8),
            log: AgentLog(isJournal: false, most: .error) { _ in },
            progress: ProgressPage(
                folder.path + "/progress", AgentProgress(stream: Self.stream)),
            publishesReadings: false)
    }

    static func group(_ number: UInt32, _ lane: Lane = .data) -> GroupIdentity {
        GroupIdentity(stream: stream, lane: lane, group: number)
    }

    /// Appends groups of `frames` frames, each of 10 readings, and closes them.
    func append(_ groups: ClosedRange<UInt32>, frames: UInt32, lane: Lane = .data) throws {
        for number in groups {
            for index in 0..<frames {
                var header = RecordHeader(
                    kind: .frame,
                    frame: FrameIdentity(group: Self.group(number, lane), index: index))
                header.readings = 10
                let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 200)
                _ = try spool.with { spool throws(SpoolError) in
                    try spool.append(header, bytes.span, isKey: index == 0)
                }
                shared.count {
                    $0.take(10)
                    $0.store(10)
                }
                readings += 10
            }
            spool.with { $0.closeGroup(Self.group(number, lane)) }
        }
        shared.wakeLink.raise()
    }

    func sync() throws {
        guard let ticket = spool.with({ $0.beginSync() }) else { return }
        try ticket.run()
        spool.with { $0.endSync(ticket) }
        shared.wakeLink.raise()
    }

    func start() {
        let stage = PublishStage(settings: settings, spool: spool, shared: shared)
        Thread.detachNewThread { stage.run() }
    }

    var pendingGroups: Int { spool.with { $0.statistics.pendingGroups } }

    /// Ends as after the inputs' end; false if it does not.
    func drain() -> Bool {
        let now = MonotonicInstant(nanoseconds: Int64(MonotonicClock.nanoseconds))
        shared.advance(to: .draining(until: now + .seconds(10)))
        return wait { shared.ended.link }
    }
}

@Suite(.enabled(if: BrokerProcess.isExpected, "mosquitto is not installed"), .serialized)
struct PublishStageTests {
    let folder: TemporaryFolder
    let broker: BrokerProcess

    init() throws {
        folder = try TemporaryFolder()
        broker = try BrokerProcess()
    }

    @Test(.timeLimit(.minutes(2)))
    func allIsAcknowledgedThoughTheBrokerIsKilled() throws {
        let agent = try PublishingAgent(in: folder, port: broker.port, delivery: .broker)
        try agent.append(1...1000, frames: 3)
        try agent.append(1001...1010, frames: 1, lane: .alert)
        agent.start()
        for left in [900, 600] {
            #expect(wait { agent.pendingGroups < left })
            broker.kill()
            #expect(wait { !agent.shared.link.isConnected })
            #expect(agent.pendingGroups > 0)
            try broker.start()
        }
        // Alerts wait for their sync.
        #expect(wait { agent.pendingGroups == 10 })
        try agent.sync()
        #expect(wait { agent.pendingGroups == 0 })
        #expect(agent.drain())
        let counts = agent.shared.readingCounts
        #expect(counts.acknowledged == agent.readings && counts.inFlight == 0)
        #expect(counts.isConserved)
    }

    @Test(.timeLimit(.minutes(2)))
    func subscriberSeesStateFramesHeadsAndTheEnd() throws {
        let agent = try PublishingAgent(in: folder, port: broker.port, delivery: .receiver)
        try agent.append(1...3, frames: 2)
        let receiver = try TestReceiver(port: broker.port)
        try receiver.subscribe("alec/v1/default/gateway/#")
        agent.start()
        #expect(try receiver.wait { $0.count(of: "frame/back") == 6 })
        #expect(receiver.topics.first == "state")
        try receiver.publish(
            "ack",
            AcknowledgementMessage(
                receiver: "r",
                entries: [1, 3].map { .init(group: PublishingAgent.group($0), upTo: 1) }
            ).payload)
        #expect(wait { agent.pendingGroups == 1 })

        let command = CommandMessage(id: "7", .resend(PublishingAgent.group(1)))
        try receiver.publish("cmd/resend", command.payload)
        #expect(try receiver.wait { $0.count(of: "rsp/resend") == 1 })
        #expect(receiver.count(of: "frame/back") == 8)
        let answer = try #require(receiver.last("rsp/resend"))
        let response = try ResponseMessage(answer.span)
        #expect(response == ResponseMessage(id: "7", status: .sent))

        try agent.append(4...4, frames: 1)
        #expect(try receiver.wait { $0.count(of: "frame/data") == 1 })
        try receiver.publish(
            "ack",
            AcknowledgementMessage(
                receiver: "r",
                entries: [
                    .init(group: PublishingAgent.group(2), upTo: 1),
                    .init(group: PublishingAgent.group(4), upTo: 0),
                ]
            ).payload)
        #expect(wait { agent.pendingGroups == 0 })
        #expect(agent.drain())
        #expect(try receiver.wait { $0.count(of: "state") >= 2 })
        let lastState = try #require(receiver.last("state"))
        let state = try StateMessage(lastState.span)
        #expect(!state.isOnline && state.connection == 1)
        let lastHeads = try #require(receiver.last("heads"))
        let heads = try HeadsMessage(lastHeads.span)
        #expect(heads[.data] == .init(group: 4, index: 0))
        #expect(agent.shared.readingCounts.acknowledged == agent.readings)
    }

    @Test(.timeLimit(.minutes(1)))
    func withoutABrokerTheEndComesAtItsTime() throws {
        broker.kill()
        let agent = try PublishingAgent(in: folder, port: broker.port, delivery: .broker)
        try agent.append(1...2, frames: 1)
        agent.start()
        let now = MonotonicInstant(nanoseconds: Int64(MonotonicClock.nanoseconds))
        agent.shared.advance(to: .draining(until: now + .seconds(1)))
        #expect(wait(5) { agent.shared.ended.link })
        #expect(agent.pendingGroups == 2)
    }
}

/// A subscriber that keeps what it gets.
final class TestReceiver {
    private static let prefix = "alec/v1/default/gateway/"
    private var client: MosquittoClient
    private(set) var topics: [String] = []
    private var payloads: [String: [UInt8]] = [:]
    private var isSubscribed = false
    private var isConnected = false

    init(port: UInt16) throws {
        client = try MosquittoClient(ClientSettings(clientID: "test-receiver"))
        for _ in 0..<100 where !isConnected {
            // The broker may still be starting.
            try? client.connect(host: "127.0.0.1", port: port)
            _ = try wait(1) { $0.isConnected || !$0.isTrying }
            if !isConnected { usleep(20_000) }
        }
        try #require(isConnected)
    }

    private var isTrying = true

    func subscribe(_ filter: String) throws {
        try client.subscribe([filter])
        #expect(try wait { $0.isSubscribed })
    }

    func publish(_ suffix: String, _ payload: [UInt8]) throws {
        _ = try client.publish(
            Self.prefix + suffix, payload.span, quality: 1, isRetained: false)
    }

    func count(of suffix: String) -> Int { topics.count { $0 == suffix } }
    func last(_ suffix: String) -> [UInt8]? { payloads[suffix] }

    /// Serves the connection until the condition holds; false if it does not in time.
    func wait(
        _ limit: Double = 30, until condition: (TestReceiver) -> Bool
    ) throws -> Bool {
        isTrying = true
        let end = Date().addingTimeInterval(limit)
        while !condition(self) {
            if Date() > end { return false }
            try client.run(until: Int64(MonotonicClock.nanoseconds) + 20_000_000, wake: -1)
            while let event = client.nextEvent() { take(event) }
        }
        return true
    }

    private func take(_ event: ClientEvent) {
        switch event {
        case .connected: isConnected = true
        case .refused, .disconnected:
            isConnected = false
            isTrying = false
        case .subscribed: isSubscribed = true
        case .message(let message):
            let suffix = String(message.topic.dropFirst(Self.prefix.count))
            topics.append(suffix)
            payloads[suffix] = message.payload
        case .acknowledged: break
        }
    }
}

/// Waits for a condition, at most `limit` seconds; false if it did not come.
func wait(_ limit: Double = 30, until condition: () -> Bool) -> Bool {
    let end = Date().addingTimeInterval(limit)
    while !condition() {
        if Date() > end { return false }
        usleep(500)
    }
    return true
}
