// SPDX-License-Identifier: Apache-2.0

package import HostSystem
package import StoreAndForward

/// Why a receiver cannot start.
package enum ReceiverError: Error, Equatable, Sendable {
    /// Another process works in the state directory.
    case inUse(path: String)
    /// A file or folder that is needed.
    case file(path: String, SystemError)
    case journal(path: String, SpoolError)
    case checkpoint(path: String, CheckpointError)
    /// Threads, signals or descriptors.
    case system(SystemError)
}
