// SPDX-License-Identifier: Apache-2.0

package import GatewayConfiguration
internal import LineProtocols

/// What came of reading the settings again.
package enum ReloadOutcome: Sendable {
    /// There is nothing to read again, or the agent is about to end.
    case unavailable
    /// The old settings hold on; a sentence for each fault.
    case faults([String])
    case changed(SettingsChange)

    /// As a line for whoever asked.
    package var json: [UInt8] {
        var object = JSONObject()
        switch self {
        case .unavailable:
            object.add("ok", false)
            object.add("error", "unavailable")
        case .faults(let faults):
            object.add("ok", false)
            object.add("error", "faults")
            object.add("faults", texts: faults)
        case .changed(let change):
            object.add("ok", true)
            object.add("live", texts: change.live)
            object.add("reconnecting", texts: change.reconnecting)
            object.add("inputs_added", texts: change.addedInputs.map(\.label))
            object.add("inputs_removed", texts: change.removedInputs.map(\.label))
            object.add(
                "refused",
                change.refused.map { refusal in
                    var told = JSONObject()
                    told.add("key", refusal.key)
                    told.add("obstacle", refusal.obstacle.rawValue)
                    return told
                })
        }
        return object.line
    }

    /// Says it in the log.
    func tell(_ log: AgentLog) {
        switch self {
        case .unavailable: log.warning("settings.not_reread", "reason=unavailable")
        case .faults(let faults):
            log.error("settings.wrong", "faults=\(faults.count) kept=old")
            for fault in faults {
                log.error("settings.fault", "text=\(AgentLog.quoted(fault))")
            }
        case .changed(let change):
            for refusal in change.refused {
                log.warning(
                    "settings.refused",
                    "key=\(refusal.key) reason=\(refusal.obstacle.rawValue) until=restart")
            }
            log.info(
                "settings.reread",
                "live=\(Self.list(change.live)) reconnecting=\(Self.list(change.reconnecting)) "
                    + "inputs_added=\(change.addedInputs.count) "
                    + "inputs_removed=\(change.removedInputs.count) "
                    + "refused=\(change.refused.count)")
        }
    }

    private static func list(_ keys: [String]) -> String {
        keys.isEmpty ? "none" : keys.joined(separator: ",")
    }
}
