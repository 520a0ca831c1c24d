// SPDX-License-Identifier: Apache-2.0

/// What the process leaves to whoever started it. The numbers are those of `sysexits.h`.
package enum CommandStatus: UInt8, Equatable, Sendable {
    case success = 0
    /// It was told to go on, and left something out; or what it was asked about is not well.
    case dropped = 1
    case usage = 64
    case damagedData = 65
    /// Nobody answers.
    case unavailable = 69
    case inputOutput = 74
    /// Something is stored that nobody has acknowledged.
    case unacknowledged = 75
    /// The settings are wrong.
    case configuration = 78
}
