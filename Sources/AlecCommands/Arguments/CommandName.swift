// SPDX-License-Identifier: Apache-2.0

/// The subcommands.
enum CommandName: String, CaseIterable {
    case encode
    case decode
    case inspect
    case classify
    case run
    case spool
    case serial
    case check
    case simulate
    case receive
    case help
}
