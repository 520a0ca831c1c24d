// SPDX-License-Identifier: Apache-2.0

/// What a change of a setting asks of a program that runs.
enum ReloadEffect: Equatable, Sendable {
    /// It holds from the next reading on.
    case live
    /// The connection to the broker is made again.
    case reconnect
    /// Inputs that changed are closed and opened.
    case reopen
    /// It holds from the next start on: what is on the disk or at readers depends on it.
    case restart
}
