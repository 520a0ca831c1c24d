// SPDX-License-Identifier: Apache-2.0

/// What other settings ask of an agent that runs.
package struct SettingsChange: Equatable, Sendable {
    /// Why a key keeps its old value until the next start.
    package enum Obstacle: String, CaseIterable, Sendable {
        /// Topics, stored frames and receivers know the old value.
        case fixed
        /// Whether there is a broker at all decides which threads there are.
        case brokerPresence
        /// Whether frames reach the disk at all decides where they lie.
        case durabilityKind
    }

    /// A key that keeps its old value.
    package struct Refusal: Equatable, Sendable {
        package var key: String
        package var obstacle: Obstacle
    }

    /// What holds from now on.
    package private(set) var settings: AgentSettings
    /// The full names of keys that hold at once; of a list of tables its name.
    package private(set) var live: [String] = []
    /// Keys for which the connection to the broker is made again.
    package private(set) var reconnecting: [String] = []
    package private(set) var addedInputs: [InputSettings] = []
    package private(set) var removedInputs: [InputSettings] = []
    /// Keys that keep their old value.
    package private(set) var refused: [Refusal] = []

    /// Whether all is as it was.
    package var isEmpty: Bool {
        live.isEmpty && reconnecting.isEmpty && addedInputs.isEmpty && removedInputs.isEmpty
            && refused.isEmpty
    }

    /// From `old`, which hold now, to `new`, which were asked for and are right in themselves.
    package init(from old: AgentSettings, to new: AgentSettings) {
        settings = new
        for section in AgentConfiguration.table.sections { compare(section, old, new) }
        keepBroker(old)
        keepDurability(old)
        addedInputs = settings.inputs.filter { !old.inputs.contains($0) }
        removedInputs = old.inputs.filter { !settings.inputs.contains($0) }
    }

    private mutating func compare(
        _ section: Section<AgentSettings>, _ old: AgentSettings, _ new: AgentSettings
    ) {
        guard section.form == .once else {
            let effect = section.rows.first?.effect
            if effect == .live, !section.isSame(old, new) { live.append(section.name) }
            return
        }
        let (before, after) = (section.texts(old).first, section.texts(new).first)
        var isTold = false
        for (i, row) in section.rows.enumerated() where before?[i] != after?[i] {
            isTold = true
            let name = section.fullName(row)
            switch row.effect {
            case .live: live.append(name)
            case .reconnect: reconnecting.append(name)
            case .reopen: break
            case .restart:
                section.copy(i, old, &settings)
                refused.append(Refusal(key: name, obstacle: .fixed))
            }
        }
        // What no key shows, as a password behind the same path.
        if !isTold, !section.isSame(old, new) { reconnecting.append(section.name) }
    }

    private mutating func keepBroker(_ old: AgentSettings) {
        guard (old.broker == nil) != (settings.broker == nil) else { return }
        settings.broker = old.broker
        reconnecting.removeAll { $0.hasPrefix("broker") }
        refused.append(Refusal(key: "broker", obstacle: .brokerPresence))
    }

    private mutating func keepDurability(_ old: AgentSettings) {
        guard (old.durability == .ram) != (settings.durability == .ram) else { return }
        settings.durability = old.durability
        live.removeAll { $0 == "durability" }
        refused.append(Refusal(key: "durability", obstacle: .durabilityKind))
    }
}
