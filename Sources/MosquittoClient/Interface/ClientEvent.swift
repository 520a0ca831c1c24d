// SPDX-License-Identifier: Apache-2.0

/// What a broker or the line to it did.
package enum ClientEvent: Equatable, Sendable {
    /// CONNACK: the broker took the connection.
    case connected(ConnectAnswer)
    /// CONNACK: the broker refused, with the reason of MQTT 5 or 3.1.1.
    case refused(reason: UInt8)
    /// The connection ended. `reason` is the broker's DISCONNECT reason or an error of the library.
    case disconnected(reason: Int32)
    /// PUBACK of a publication; below 0x80 the broker has it, 0x10 says that nobody listens.
    case acknowledged(publication: Int32, reason: UInt8)
    /// SUBACK with a granted quality, or a refusal from 0x80 on, per filter.
    case subscribed(grants: [UInt8])
    case message(ClientMessage)
}

/// What the broker said of the connection that it took.
package struct ConnectAnswer: Equatable, Sendable {
    /// The largest packet that the broker takes; nil for no limit.
    package var maximumPacketBytes: UInt32?

    /// An answer that says nothing.
    package init(maximumPacketBytes: UInt32? = nil) {
        self.maximumPacketBytes = maximumPacketBytes
    }
}

/// A message that came in.
package struct ClientMessage: Equatable, Sendable {
    package var topic: String
    package var payload: [UInt8]
    /// The broker kept it from an earlier time.
    package var isRetained: Bool

    /// A message on `topic`.
    package init(topic: String, payload: [UInt8], isRetained: Bool = false) {
        self.topic = topic
        self.payload = payload
        self.isRetained = isRetained
    }
}
