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
