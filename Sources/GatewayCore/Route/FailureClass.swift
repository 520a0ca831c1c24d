// SPDX-License-Identifier: Apache-2.0

/// What to do after something failed.
package enum FailureClass: CaseIterable, Sendable {
    /// It will most likely work at once, done a little differently or simply again.
    case now
    /// It may heal by itself: wait, longer each time.
    case backOff
    /// It will hardly heal by itself: wait long, and tell the operator.
    case longBackOff
    /// The connection is good, and this message cannot go now: keep it, go on with others.
    case hold
    /// The connection is good, and this message will never go.
    case quarantine
    /// It cannot work with these settings.
    case fatalConfiguration
}

/// What an operator should look at. The shell makes sentences of it.
package enum OperatorHint: String, CaseIterable, Sendable {
    /// The broker knows the user and not the password, or not the user.
    case badPassword
    /// The user may not do this.
    case notAuthorized
    /// Somebody else connects with the same client id.
    case clientIDTaken
    /// The broker does not take the client id.
    case clientIDRefused
    /// The client, or its address, is banned.
    case banned
    /// The broker wants another way of authentication.
    case authenticationMethod
    /// The broker's certificate is not one that is trusted.
    case certificate
    /// The broker's certificate is for another name.
    case certificateName
    /// The broker's certificate, or one above it, has expired.
    case certificateExpired
    /// A certificate is not valid yet: most likely the clock of this machine is wrong.
    case certificateNotYetValid
    /// The two sides have no version or cipher of TLS in common, or one of them speaks no TLS.
    case handshake
    /// The broker's limit of messages, bytes or connections is reached.
    case quota
    /// A packet is larger than the broker takes.
    case packetTooLarge
    /// The broker does not take the topic.
    case topicRefused
    /// The broker does not take the payload.
    case payloadRefused
    /// The name of the broker has no address.
    case unknownHost
    /// Nobody listens on the port.
    case portClosed
    /// There is no way to the broker.
    case noRoute
    /// The broker, or what is between, does not answer.
    case silent
    /// The connection was cut.
    case connectionLost
    /// The broker is busy, starting or stopping.
    case serverBusy
    /// The broker says that another one is to be used.
    case serverMoved
    /// The broker's operator ended the connection.
    case administrative
    /// The broker speaks another version of MQTT.
    case protocolVersion
    /// One side does not keep to MQTT, or it is no MQTT broker.
    case protocolError
    /// The broker cannot do what is needed: quality of service 1, or retained messages.
    case unsupported
    /// This machine has no memory, descriptors or ports left, or forbids the connection.
    case localResources
    /// A setting that the library does not take.
    case settings
}

/// What a failure is, and what is to be said of it.
package struct FailureVerdict: Equatable, Sendable {
    /// What to do.
    package var kind: FailureClass
    /// What to say; nil if nothing is known.
    package var hint: OperatorHint?

    /// A verdict.
    package init(_ kind: FailureClass, _ hint: OperatorHint? = nil) {
        self.kind = kind
        self.hint = hint
    }

    /// What nobody has met before may heal by itself.
    package static let unknown = FailureVerdict(.backOff)
}
