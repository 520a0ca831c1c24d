// SPDX-License-Identifier: Apache-2.0

import GatewayConfiguration
import GatewayCore
import HostSystem
import MosquittoClient
import Testing

@testable import GatewayAgent

/// A broker that takes connections and refuses publications in its way.
private struct RefusingBroker: BrokerConnection, ~Copyable {
    var settings = ClientSettings(clientID: "test")
    var isConnected = false
    var systemCode: Int32 = 0
    let error: ClientError
    private(set) var connections = 0
    private(set) var attempts = 0
    private var events: [ClientEvent] = []

    init(_ error: ClientError) { self.error = error }

    mutating func connect(host: String, port: UInt16) throws(ClientError) {
        connections += 1
        isConnected = true
        events.append(.connected(ConnectAnswer(maximumPacketBytes: 1000)))
    }

    mutating func disconnect() { isConnected = false }
    mutating func drop() { isConnected = false }

    mutating func publish(
        _ topic: String, _ payload: Span<UInt8>, quality: UInt8, isRetained: Bool
    ) throws(ClientError) -> Int32 {
        attempts += 1
        throw error
    }

    mutating func subscribe(_ filters: [String]) throws(ClientError) {}
    mutating func run(until deadlineNanoseconds: Int64, wake: CInt) throws(ClientError) {}
    mutating func nextEvent() -> ClientEvent? { events.isEmpty ? nil : events.removeFirst() }
}

/// A broker that takes everything, and tells what it was asked.
struct WillingBroker: BrokerConnection, ~Copyable {
    var settings = ClientSettings(clientID: "test")
    var isConnected = false
    var systemCode: Int32 = 0
    private(set) var hosts: [String] = []
    private(set) var users: [String?] = []
    private(set) var goodbyes = 0
    private(set) var topics: [String] = []
    private var events: [ClientEvent] = []

    mutating func connect(host: String, port: UInt16) throws(ClientError) {
        hosts.append(host)
        users.append(settings.user)
        guard host != "away" else { throw .system(code: 111) }
        isConnected = true
        events.append(.connected(ConnectAnswer()))
    }

    mutating func disconnect() {
        isConnected = false
        goodbyes += 1
        events.append(.disconnected(reason: 0))
    }

    mutating func drop() { isConnected = false }

    mutating func publish(
        _ topic: String, _ payload: Span<UInt8>, quality: UInt8, isRetained: Bool
    ) throws(ClientError) -> Int32 {
        topics.append(topic)
        return Int32(topics.count)
    }

    mutating func subscribe(_ filters: [String]) throws(ClientError) {}
    mutating func run(until deadlineNanoseconds: Int64, wake: CInt) throws(ClientError) {}
    mutating func nextEvent() -> ClientEvent? { events.isEmpty ? nil : events.removeFirst() }
}

@Suite struct PublishLoopSettingsTests {
    private static func loop(
        _ host: String, _ fixture: AgentFixture
    ) -> PublishLoop<WillingBroker> {
        var surroundings = LinkSurroundings()
        surroundings.instant = { AgentFixture.start }
        surroundings.random = { .max }
        var settings = AgentSettings()
        settings.broker = BrokerSettings(host: host)
        return PublishLoop(
            settings, BrokerSettings(host: host), spool: fixture.spool, shared: fixture.shared,
            client: WillingBroker(), surroundings: surroundings)
    }

    @Test func otherLoginMeansANewConnectionAtOnce() throws {
        let fixture = try AgentFixture()
        var loop = Self.loop("one", fixture)
        for _ in 0..<4 { _ = loop.step() }
        #expect(fixture.shared.linkReport.isConnected)
        var settings = AgentSettings()
        var broker = BrokerSettings(host: "one")
        broker.user = "u"
        settings.broker = broker
        fixture.shared.release(settings)
        for _ in 0..<4 { _ = loop.step() }
        let (hosts, users, goodbyes) = (loop.client.hosts, loop.client.users, loop.client.goodbyes)
        #expect(hosts == ["one", "one"] && users == [nil, "u"] && goodbyes == 1)
        #expect(fixture.shared.linkReport.isConnected)
        #expect(fixture.shared.linkReport.connections == 2)
    }

    @Test func settingsThatDoNotConcernTheBrokerLeaveTheConnectionAlone() throws {
        let fixture = try AgentFixture()
        var loop = Self.loop("one", fixture)
        for _ in 0..<4 { _ = loop.step() }
        var settings = AgentSettings()
        settings.broker = BrokerSettings(host: "one")
        settings.spool.maximumBytes = 5
        fixture.shared.release(settings)
        for _ in 0..<4 { _ = loop.step() }
        let (hosts, maximum) = (loop.client.hosts, loop.health.maximumBytes)
        #expect(hosts == ["one"] && maximum == 5)
    }

    @Test func brokerThatWasWrongIsNotWaitedFor() throws {
        let fixture = try AgentFixture()
        var loop = Self.loop("away", fixture)
        for _ in 0..<4 { _ = loop.step() }
        #expect(fixture.shared.linkReport.fault == StatusPage.LinkFault(kind: .system, code: 111))
        var settings = AgentSettings()
        settings.broker = BrokerSettings(host: "there")
        fixture.shared.release(settings)
        for _ in 0..<4 { _ = loop.step() }
        let hosts = loop.client.hosts
        #expect(hosts == ["away", "there"])
        #expect(fixture.shared.linkReport.fault == nil)
        #expect(fixture.shared.linkReport.isConnected)
    }

    @Test func faultsKeepTheNumberOfWhoeverNoticed() {
        let library = StatusPage.LinkFault(disconnected: 7, 0)
        #expect(library == StatusPage.LinkFault(kind: .disconnected, code: 7))
        let system = StatusPage.LinkFault(disconnected: 14, 104)
        #expect(system == StatusPage.LinkFault(kind: .system, code: 104))
        #expect(
            StatusPage.LinkFault(ClientError.unresolved(code: -2))
                == StatusPage.LinkFault(kind: .unresolved, code: -2))
    }
}

@Suite struct PublishLoopTests {
    @Test func connectionThatTakesNoFramesIsDroppedAndItsLimitKept() throws {
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        _ = AgentFixture.feed("time_ms,a\n1,2\n", into: &stage)
        stage.finish(at: AgentFixture.start)
        var surroundings = LinkSurroundings()
        surroundings.instant = { AgentFixture.start }
        surroundings.random = { .max }
        var loop = PublishLoop(
            AgentSettings(), BrokerSettings(host: "broker"), spool: fixture.spool,
            shared: fixture.shared, client: RefusingBroker(.library(code: 3)),
            surroundings: surroundings)
        var deadline = loop.step()
        for _ in 0..<50 { deadline = loop.step() }
        let (connections, attempts) = (loop.client.connections, loop.client.attempts)
        #expect(connections == 1)
        #expect(attempts < 10)
        #expect(try #require(deadline) > AgentFixture.start)
        #expect(fixture.log.all.count { $0.hasPrefix("link.failed ") } == 1)
        #expect(!fixture.shared.link.isConnected)
        #expect(fixture.shared.link.frameLimit != nil)
    }
}
