// SPDX-License-Identifier: Apache-2.0

internal import GatewayAgent
internal import HostSystem

/// Why there is no connection to a broker, and what to do about it.
enum LinkText {
    static func words(_ fault: StatusPage.LinkFault) -> (what: String, next: String) {
        switch fault.kind {
        case .refused: refused(fault.code)
        case .disconnected: disconnected(fault.code)
        case .system: system(fault.code)
        case .unresolved:
            ("the broker's name has no address", "check broker.address and the name server")
        case .library:
            ("the MQTT library refuses: error \(fault.code)", "check the settings of the broker")
        case .silent:
            ("the broker did not answer in time", "check that an MQTT broker listens there")
        }
    }

    /// Reasons of CONNACK in MQTT 5, and in 3.1.1 those below 6.
    private static func refused(_ code: Int) -> (what: String, next: String) {
        switch code {
        case 4, 0x86:
            ("the broker refuses user or password", "check broker.user and its password")
        case 5, 0x87:
            ("the broker does not allow it", "check its access list and the login")
        case 2, 0x85:
            ("the broker refuses the name of the client", "give site and node other names")
        case 3, 0x88, 0x89: ("the broker is busy or not ready", "wait, and look into its log")
        case 0x8A: ("the broker has banned this client", "look into the log of the broker")
        default:
            (
                "the broker refuses with reason \(code)", "look into the log of the broker"
            )
        }
    }

    private static func disconnected(_ code: Int) -> (what: String, next: String) {
        switch code {
        case 0x8E:
            (
                "somebody else uses the name of this client",
                "give each gateway of a site a node of its own"
            )
        case 0x8B: ("the broker was stopped", "wait until it is back")
        case 0x97: ("a quota of the broker is used up", "raise it, or send less")
        case 0x80...: ("the broker ended the connection, reason \(code)", "look into its log")
        default: ("the connection was lost, error \(code)", "check network and broker")
        }
    }

    private static func system(_ code: Int) -> (what: String, next: String) {
        let error = SystemError(code: Int32(truncatingIfNeeded: code))
        return (
            "the network says: \(error.name)",
            error == .timedOut
                ? "check the way to the broker, and its firewall"
                : "check that the broker runs, and broker.address"
        )
    }
}
