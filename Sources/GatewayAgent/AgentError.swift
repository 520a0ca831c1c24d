// SPDX-License-Identifier: Apache-2.0

package import HostSystem
package import StoreAndForward

/// Why an agent did not start.
package enum AgentError: Error, Equatable, Sendable {
    /// The state directory cannot be made or written.
    case stateDirectory(path: String, SystemError)
    /// Another process has the state directory.
    case stateInUse(path: String)
    /// The spool in the state directory cannot be opened.
    case spool(path: String, SpoolError)
    /// The system has no threads or descriptors left.
    case system(SystemError)
}
