// SPDX-License-Identifier: Apache-2.0

package import GatewayConfiguration
package import GatewayCore
internal import LineProtocols

extension EncodeStage {
    /// Other settings hold from now on: rules for readings that come, limits also for what is open.
    package mutating func apply(_ settings: AgentSettings, at now: MonotonicInstant) {
        // Rules know sensors by their number, so all that have one must be known.
        if names.count > knownSensors { meetSensors(at: now) }
        rules = RuleBook(settings.rules)
        rules.meet(names, from: 0)
        dataSync = settings.durability.syncWithin
        let windows = settings.windows
        let limits = WindowPolicy.Limits(windows)
        data.policy.setLimits(limits)
        alert.policy.setLimits(limits)
        groups.setLimits(GroupPolicy.Limits(windows))
        tableDelay.setDelay(windows.tableDelay)
        expectNext()
    }
}

extension WindowPolicy.Limits {
    init(_ windows: WindowSettings) {
        self.init(
            age: windows.age, offlineAge: windows.offlineAge, frameBytes: windows.frameBytes)
    }
}

extension GroupPolicy.Limits {
    init(_ windows: WindowSettings) {
        self.init()
        samples = windows.groupSamples
        frames = windows.groupFrames
        age = windows.groupAge
        bytes = windows.groupBytes
    }
}
