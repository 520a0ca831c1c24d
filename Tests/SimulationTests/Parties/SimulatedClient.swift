// SPDX-License-Identifier: Apache-2.0

import MosquittoClient

/// The client's end of a line.
struct SimulatedClient: BrokerConnection, ~Copyable {
    let broker: Broker
    let line: Line
    var settings: ClientSettings
    private var nextPublication: Int32 = 0

    init(_ broker: Broker, _ line: Line) {
        self.broker = broker
        self.line = line
        settings = ClientSettings(clientID: line.name)
    }

    var isConnected: Bool { line.isConnected }
    var systemCode: Int32 { 0 }

    mutating func connect(host: String, port: UInt16) throws(ClientError) {
        drop()
        // A broker that is not there refuses; the name is found all the same.
        guard broker.isUp else { throw .system(code: 111) }
        nextPublication = 0
        broker.send(.connect, from: line)
    }

    mutating func disconnect() { drop() }

    mutating func drop() {
        broker.cut(line)
        line.inbox = []
    }

    mutating func publish(
        _ topic: String, _ payload: Span<UInt8>, quality: UInt8, isRetained: Bool
    ) throws(ClientError) -> Int32 {
        guard line.isConnected else { throw .notConnected }
        nextPublication += 1
        let bytes = payload.indices.map { payload[$0] }
        line.onPublish?(nextPublication, bytes)
        broker.send(
            .publish(nextPublication, topic: topic, payload: bytes, isRetained: isRetained),
            from: line)
        return nextPublication
    }

    mutating func subscribe(_ filters: [String]) throws(ClientError) {
        guard line.isConnected else { throw .notConnected }
        broker.send(.subscribe(filters), from: line)
    }

    mutating func run(until deadlineNanoseconds: Int64, wake: CInt) throws(ClientError) {}

    mutating func nextEvent() -> ClientEvent? {
        line.inbox.isEmpty ? nil : line.inbox.removeFirst()
    }
}
