// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration
internal import LineProtocols

/// What `alec reload` says.
enum ReloadText {
    static func done(_ value: JSONValue) -> String {
        var text = ""
        text += line("in effect: ", texts(value, "live"))
        text += line("in effect on a new connection: ", texts(value, "reconnecting"))
        text += line("inputs added: ", texts(value, "inputs_added"))
        text += line("inputs removed: ", texts(value, "inputs_removed"))
        for refusal in value["refused"]?.elements ?? [] {
            let obstacle = SettingsChange.Obstacle(rawValue: refusal["obstacle"]?.text ?? "")
            text += "\(refusal["key"]?.text ?? "?") keeps its value until the next start: "
            text += words(obstacle) + "\n"
        }
        return text.isEmpty ? "nothing has changed\n" : text
    }

    static func failed(_ value: JSONValue) -> String {
        let faults = texts(value, "faults")
        guard !faults.isEmpty else {
            return Notes.message(
                "alec reload: the agent does not read settings now",
                cause: "it is about to end", next: "start it again with the new ones")
        }
        return Notes.message(
            faults.joined(separator: "\n"), cause: "the old settings stay in effect",
            next: "mend the " + CountText.counted(faults.count, "fault", "faults")
                + ", then alec reload again")
    }

    private static func words(_ obstacle: SettingsChange.Obstacle?) -> String {
        switch obstacle {
        case .fixed: "stored frames and receivers know the old one"
        case .brokerPresence: "an agent is started with a broker or without"
        case .durabilityKind: "what is never forced to the disk lies in another place"
        case nil: "this program does not know why"
        }
    }

    private static func texts(_ value: JSONValue, _ key: String) -> [String] {
        value[key]?.elements?.compactMap(\.text) ?? []
    }

    private static func line(_ head: String, _ keys: [String]) -> String {
        keys.isEmpty ? "" : head + keys.joined(separator: ", ") + "\n"
    }
}
