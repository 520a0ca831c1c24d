// SPDX-License-Identifier: Apache-2.0

/// Which MQTT is spoken.
package enum MQTTVersion: Equatable, Sendable {
    case v5
    case v311
}

/// What the broker publishes when the connection ends without a DISCONNECT. Quality 1.
package struct Will: Equatable, Sendable {
    package var topic: String
    package var payload: [UInt8]
    package var isRetained: Bool

    /// A will on `topic`.
    package init(topic: String, payload: [UInt8], isRetained: Bool = true) {
        self.topic = topic
        self.payload = payload
        self.isRetained = isRetained
    }
}

/// How a connection is made.
package struct ClientSettings: Equatable, Sendable {
    /// The broker ends an older connection of the same name.
    package var clientID: String
    package var user: String?
    package var password: String?
    /// At least 5. A line that is silent for so long, and then again, is given up.
    package var keepAliveSeconds = 30
    package var will: Will?
    package var version = MQTTVersion.v5
    /// Publications of quality 1 that may wait for their PUBACK; more of them queue in the library.
    package var sendMaximum: UInt16 = 64
    /// The same for the broker, as far as it speaks MQTT 5.
    package var receiveMaximum: UInt16 = 64

    /// A connection without user and will.
    package init(clientID: String) { self.clientID = clientID }
}
