// SPDX-License-Identifier: Apache-2.0

/// What a program may do with a broker. Tests bring a broker without sockets; what each function
/// means is said at `MosquittoClient`.
package protocol BrokerConnection: ~Copyable {
    /// Used by the next `connect`.
    var settings: ClientSettings { get set }
    /// The broker took the connection and it has not ended.
    var isConnected: Bool { get }
    /// The `errno` behind the newest `disconnected`; 0 for none.
    var systemCode: Int32 { get }
    /// Begins a connection.
    mutating func connect(host: String, port: UInt16) throws(ClientError)
    /// Says goodbye.
    mutating func disconnect()
    /// Closes without a word.
    mutating func drop()
    /// Hands a message over; its number for `acknowledged`.
    mutating func publish(
        _ topic: String, _ payload: Span<UInt8>, quality: UInt8, isRetained: Bool
    ) throws(ClientError) -> Int32
    /// Asks for messages.
    mutating func subscribe(_ filters: [String]) throws(ClientError)
    /// Waits for the broker, for `wake` or for the moment.
    mutating func run(until deadlineNanoseconds: Int64, wake: CInt) throws(ClientError)
    /// What happened next; nil when all is told.
    mutating func nextEvent() -> ClientEvent?
}

extension MosquittoClient: BrokerConnection {}
