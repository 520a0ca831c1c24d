// SPDX-License-Identifier: Apache-2.0

package import AlecCodec
internal import LineProtocols

/// `state`, retained: whether a node is there. The broker publishes the offline one as the will.
///
///     {"state":"online","sid":"k3f9abcd","connection":3,"transport":"mqtt","ts":1790000000123}
///
/// Messages of an old connection may come late, so readers believe the newest.
package struct StateMessage: Equatable, Sendable {
    /// Whether the node is there.
    package var isOnline: Bool
    /// The life of its encoder.
    package var stream: StreamID
    /// Which connection of this life, counted from 1.
    package var connection: UInt32
    /// When the connection began, or was ended by the node.
    package var time: WallTime

    /// State at `time`.
    package init(isOnline: Bool, stream: StreamID, connection: UInt32, time: WallTime) {
        self.isOnline = isOnline
        self.stream = stream
        self.connection = connection
        self.time = time
    }

    /// Reads a payload, or says what is wrong with it.
    package init(_ payload: Span<UInt8>) throws(MessageError) {
        let object = try Message.read(payload)
        switch object[.state]?.text {
        case "online": isOnline = true
        case "offline": isOnline = false
        default: throw .badField(.state)
        }
        stream = try object.stream()
        connection = try object.integer(.connection)
        guard let time = try object.time(.time) else { throw .badField(.time) }
        self.time = time
    }

    /// The JSON text.
    package var payload: [UInt8] {
        var writer = MessageWriter()
        writer.append(.state, isOnline ? "online" : "offline")
        writer.append(.stream, stream.string)
        writer.append(.connection, connection)
        writer.append(.transport, "mqtt")
        writer.append(.time, time.milliseconds)
        return writer.finish()
    }

    /// Whether this is news to one who has read `other`.
    package func isNewer(than other: StateMessage) -> Bool {
        guard stream == other.stream else { return time > other.time }
        guard connection == other.connection else { return connection > other.connection }
        // A connection begins online and ends offline.
        return other.isOnline && !isOnline
    }
}
