// SPDX-License-Identifier: Apache-2.0

package import GatewayConfiguration

/// Settings that hold from some moment on.
package struct SettingsRelease: Sendable {
    /// Counts up from 1 with each change; 0 are the settings at the start.
    package var version: Int
    package var settings: AgentSettings
}

/// Where the settings of a program that runs are read again: file, variables and the same flags.
package struct SettingsSource: Sendable {
    /// What reading gave.
    package enum Reading: Sendable {
        case settings(AgentSettings)
        /// All that is wrong, a sentence each: texts are made by the commands.
        case faults([String])
    }

    /// Reads them.
    package let read: @Sendable () -> Reading

    /// Settings that `read` gives.
    package init(_ read: @escaping @Sendable () -> Reading) { self.read = read }
}

/// What an agent is told of the world that it runs in.
package struct AgentSurroundings: Sendable {
    /// Where SIGHUP finds settings; nil where there is nothing to read again.
    package var source: SettingsSource?
    /// Where the agent can be asked; nil for nowhere.
    package var controlPath: String?
    /// What pages call the program.
    package var software: String

    /// Nothing to read again, and nobody to ask.
    package init(
        source: SettingsSource? = nil, controlPath: String? = nil, software: String = "alec"
    ) {
        self.source = source
        self.controlPath = controlPath
        self.software = software
    }
}
