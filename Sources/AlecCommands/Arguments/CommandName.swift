// SPDX-License-Identifier: Apache-2.0

/// The subcommands.
enum CommandName: String, CaseIterable {
    case encode
    case decode
    case inspect
    case classify
    case run
    case status
    case reload
    case spool
    case serial
    case `init`
    case check
    case config
    case simulate
    case receive
    case help
}
