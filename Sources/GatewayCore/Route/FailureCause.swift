// SPDX-License-Identifier: Apache-2.0

/// Something that failed, by the number that whoever noticed it has for it.
package enum FailureCause: Equatable, Sendable {
    /// CONNACK with a reason of MQTT 5, or a return code of MQTT 3.1.1: the two do not overlap.
    case connect(reason: UInt8)
    /// PUBACK with a reason of MQTT 5.
    case publish(reason: UInt8)
    /// DISCONNECT of the broker with a reason of MQTT 5.
    case disconnect(reason: UInt8)
    /// A `MOSQ_ERR_…`.
    case library(code: Int32)
    /// An `errno` of Linux.
    case system(code: Int32)
    /// A code of `getaddrinfo`.
    case resolver(code: Int32)
    /// An `X509_V_ERR_…` of the check of a certificate.
    case certificate(code: Int32)

    /// What is to be done; nil where the number says that nothing failed.
    package var verdict: FailureVerdict? {
        switch self {
        case .connect(let reason): Self.connect(reason)
        case .publish(let reason): Self.publish(reason)
        case .disconnect(let reason): Self.disconnect(reason)
        case .library(let code): Self.library(code)
        case .system(let code): Self.system(code)
        case .resolver(let code): Self.resolver(code)
        case .certificate(let code): Self.certificate(code)
        }
    }

    /// What `ClientEvent.disconnected` says: a reason of the broker from 0x80 on, below it an error
    /// of the library, with the `errno` behind it.
    package init(disconnected reason: Int32, systemCode: Int32) {
        if let reason = UInt8(exactly: reason), reason >= 0x80 {
            self = .disconnect(reason: reason)
        } else if reason == 14, systemCode != 0 {
            self = .system(code: systemCode)
        } else {
            self = .library(code: reason)
        }
    }
}

// The tables. A number that stands in none of them is `unknown`.
extension FailureCause {
    private static func connect(_ reason: UInt8) -> FailureVerdict? {
        switch reason {
        case 0x00: nil
        // The next attempt speaks 3.1.1.
        case 0x01, 0x84: FailureVerdict(.now, .protocolVersion)
        case 0x02, 0x85: FailureVerdict(.fatalConfiguration, .clientIDRefused)
        case 0x03, 0x88, 0x89: FailureVerdict(.backOff, .serverBusy)
        case 0x04, 0x86: FailureVerdict(.longBackOff, .badPassword)
        case 0x05, 0x87: FailureVerdict(.longBackOff, .notAuthorized)
        case 0x81, 0x82: FailureVerdict(.longBackOff, .protocolError)
        case 0x8A: FailureVerdict(.longBackOff, .banned)
        case 0x8C: FailureVerdict(.fatalConfiguration, .authenticationMethod)
        // The will is the only topic and payload of a CONNECT.
        case 0x90: FailureVerdict(.fatalConfiguration, .topicRefused)
        case 0x95: FailureVerdict(.longBackOff, .packetTooLarge)
        case 0x97: FailureVerdict(.longBackOff, .quota)
        case 0x99: FailureVerdict(.longBackOff, .payloadRefused)
        case 0x9A, 0x9B: FailureVerdict(.fatalConfiguration, .unsupported)
        case 0x9C, 0x9D: FailureVerdict(.longBackOff, .serverMoved)
        // The rate of all clients together: waiting is all that is asked for.
        case 0x9F: FailureVerdict(.backOff, .serverBusy)
        default: .unknown
        }
    }

    private static func publish(_ reason: UInt8) -> FailureVerdict? {
        switch reason {
        // 0x10 says that nobody subscribes, which is no failure.
        case 0x00..<0x80: nil
        case 0x80, 0x83: FailureVerdict(.hold)
        // An access list is corrected one day: not the fault of the message.
        case 0x87: FailureVerdict(.hold, .notAuthorized)
        case 0x90: FailureVerdict(.quarantine, .topicRefused)
        case 0x91: FailureVerdict(.backOff, .protocolError)
        case 0x95: FailureVerdict(.hold, .packetTooLarge)
        case 0x97: FailureVerdict(.longBackOff, .quota)
        case 0x99: FailureVerdict(.quarantine, .payloadRefused)
        default: .unknown
        }
    }

    private static func disconnect(_ reason: UInt8) -> FailureVerdict? {
        switch reason {
        case 0x81, 0x82, 0x93, 0x94: FailureVerdict(.backOff, .protocolError)
        case 0x87: FailureVerdict(.longBackOff, .notAuthorized)
        case 0x89, 0x8B, 0x9F: FailureVerdict(.backOff, .serverBusy)
        // The broker heard nothing for a while: the line was bad, and is tried at once.
        case 0x8D: FailureVerdict(.now, .silent)
        // Who takes the session back at once makes a duel of it.
        case 0x8E: FailureVerdict(.longBackOff, .clientIDTaken)
        case 0x8F, 0x90: FailureVerdict(.longBackOff, .topicRefused)
        case 0x95: FailureVerdict(.hold, .packetTooLarge)
        case 0x96: FailureVerdict(.backOff, .quota)
        case 0x97: FailureVerdict(.longBackOff, .quota)
        case 0x98: FailureVerdict(.longBackOff, .administrative)
        // It does not say which message it was, so that none can be set aside for it.
        case 0x99: FailureVerdict(.backOff, .payloadRefused)
        case 0x9A, 0x9B: FailureVerdict(.fatalConfiguration, .unsupported)
        case 0x9C, 0x9D: FailureVerdict(.longBackOff, .serverMoved)
        // Subscriptions of a kind that we do not make.
        case 0x9E, 0xA1, 0xA2: FailureVerdict(.longBackOff, .protocolError)
        // Its connections end after a while, and a new one is welcome.
        case 0xA0: FailureVerdict(.now)
        default: .unknown
        }
    }

    private static func library(_ code: Int32) -> FailureVerdict? {
        switch code {
        case 0: nil
        case 1: FailureVerdict(.backOff, .localResources)  // NOMEM
        case 2, 21, 22, 29: FailureVerdict(.backOff, .protocolError)
        case 3, 10, 18: FailureVerdict(.fatalConfiguration, .settings)  // INVAL, MALFORMED_UTF8
        case 4, 7: FailureVerdict(.backOff, .connectionLost)
        case 8, 26: FailureVerdict(.longBackOff, .certificate)  // TLS, OCSP
        case 23: FailureVerdict(.longBackOff, .handshake)
        case 9, 25: FailureVerdict(.hold, .packetTooLarge)  // PAYLOAD_SIZE, OVERSIZE_PACKET
        case 11: FailureVerdict(.longBackOff, .badPassword)  // AUTH
        case 12: FailureVerdict(.longBackOff, .notAuthorized)  // ACL_DENIED
        case 15, 20: FailureVerdict(.backOff, .unknownHost)  // EAI, LOOKUP
        case 16: FailureVerdict(.longBackOff, .settings)  // PROXY
        case 19, 27: FailureVerdict(.backOff, .silent)  // KEEPALIVE, TIMEOUT
        case 24, 28: FailureVerdict(.fatalConfiguration, .unsupported)  // QoS, retain
        case 30: FailureVerdict(.longBackOff, .administrative)
        default: .unknown
        }
    }

    private static func system(_ code: Int32) -> FailureVerdict? {
        switch code {
        case 0: nil
        case 1, 13: FailureVerdict(.longBackOff, .localResources)  // EPERM, EACCES: a fire wall
        case 2: FailureVerdict(.fatalConfiguration, .settings)  // ENOENT: a certificate's file
        case 11, 110: FailureVerdict(.backOff, .silent)  // EAGAIN, ETIMEDOUT
        case 12, 23, 24, 98, 105: FailureVerdict(.backOff, .localResources)
        case 22: FailureVerdict(.fatalConfiguration, .settings)  // EINVAL
        case 32, 103, 104, 107, 108: FailureVerdict(.backOff, .connectionLost)
        case 71: FailureVerdict(.longBackOff, .handshake)  // EPROTO: what TLS leaves behind
        case 99, 100, 101, 102, 112, 113: FailureVerdict(.backOff, .noRoute)
        case 111: FailureVerdict(.backOff, .portClosed)  // ECONNREFUSED
        default: .unknown
        }
    }

    private static func resolver(_ code: Int32) -> FailureVerdict? {
        switch code {
        case 0: nil
        case -8: FailureVerdict(.fatalConfiguration, .settings)  // EAI_SERVICE
        case -10: FailureVerdict(.backOff, .localResources)  // EAI_MEMORY
        // A name that is unknown now may be known once the network is up.
        case -2, -3, -4, -5, -11: FailureVerdict(.backOff, .unknownHost)
        default: .unknown
        }
    }

    private static func certificate(_ code: Int32) -> FailureVerdict? {
        switch code {
        case 0: nil
        case 9: FailureVerdict(.longBackOff, .certificateNotYetValid)
        case 10: FailureVerdict(.longBackOff, .certificateExpired)
        case 62, 64: FailureVerdict(.longBackOff, .certificateName)
        // Whatever else is wrong with it, somebody must look at it.
        default: FailureVerdict(.longBackOff, .certificate)
        }
    }
}
