// SPDX-License-Identifier: Apache-2.0

internal import GatewayAgent
internal import GatewayConfiguration
internal import GatewayReceiver
internal import HostSystem
internal import LineProtocols
internal import StoreAndForward

/// Why a command stopped. `CommandError+Text.swift` says it in words.
enum CommandError: Error, Equatable {
    case usage(UsageFault)
    case cannotOpen(path: String, SystemError)
    case cannotRead(path: String?, SystemError)
    case cannotWrite(SystemError)
    /// A file that is to be new.
    case cannotCreate(path: String, SystemError)
    /// No agent answers at the socket.
    case noAnswer(path: String, SystemError)
    /// What answers is no agent, or one of another time.
    case badAnswer(path: String)
    /// Nobody reads the output any more.
    case outputClosed
    case badLine(LineFault)
    case damagedFile(StreamFault, path: String?)
    case configuration(ConfigurationError)
    /// The agent did not start.
    case agent(AgentError)
    /// The spool cannot be looked into.
    case spool(path: String, SpoolError)
    /// The receiver did not start, or could not go on.
    case receiver(ReceiverError)

    /// Whether the input ended too soon, and the output could still be written.
    var isOfInput: Bool {
        switch self {
        case .cannotRead, .badLine: true
        case .usage, .cannotOpen, .cannotWrite, .cannotCreate, .noAnswer, .badAnswer,
            .outputClosed, .damagedFile, .configuration, .agent, .spool, .receiver:
            false
        }
    }

    var status: CommandStatus {
        switch self {
        case .usage: .usage
        case .cannotOpen, .cannotRead, .cannotWrite, .cannotCreate: .inputOutput
        case .noAnswer, .badAnswer: .unavailable
        case .outputClosed: .success
        case .badLine, .damagedFile: .damagedData
        case .configuration: .configuration
        case .agent, .spool: .inputOutput
        case .receiver: .inputOutput
        }
    }
}

/// What is wrong with the arguments.
enum UsageFault: Error, Equatable {
    case unknownCommand(String)
    case unknownOption(String, CommandName)
    case missingValue(option: String, CommandName)
    case needlessValue(option: String, CommandName)
    case badValue(option: String, value: String, expected: String, CommandName)
    case twoFiles(String, String, CommandName)
    /// The command reads nothing.
    case needlessFile(String, CommandName)
    /// The command does one of these.
    case unknownAction(String?, known: [String], CommandName)
    /// `alec encode` would fill the screen with bytes.
    case outputIsTerminal
}

/// A line that was refused, and where.
struct LineFault: Error, Equatable {
    enum Reason: Equatable {
        case refused(LineError)
        /// Longer than the most bytes that a line may have.
        case tooLong(limit: Int)
    }

    var path: String?
    var line: Int
    /// From 1, in bytes.
    var column: Int
    var reason: Reason
    /// What stands at the place, for the message; short.
    var excerpt: String = ""
}
