// SPDX-License-Identifier: Apache-2.0

/// What the process leaves to whoever started it. The numbers are those of `sysexits.h`.
package enum CommandStatus: UInt8, Equatable, Sendable {
    case success = 0
    /// It was told to go on, and left something out.
    case dropped = 1
    case usage = 64
    case damagedData = 65
    case inputOutput = 74
    /// The settings are wrong.
    case configuration = 78
}
