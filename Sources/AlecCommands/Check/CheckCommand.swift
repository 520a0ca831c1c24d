// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration
internal import HostSystem

/// `alec check`: whether a file of settings is right, and all that is wrong with it.
enum CheckCommand {
    static func run<Host: CommandHost>(
        _ options: Options.Check, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        if options.wantsSample {
            try host.print(options.isReceiver ? SampleFile.receiver : SampleFile.agent)
            return .success
        }
        let text = try text(options.path, on: &host)
        let environment = CheckCommand.credentials(of: host)
        do throws(ConfigurationError) {
            if options.isReceiver {
                _ = try ReceiverConfiguration.read(
                    text, path: options.path, environment: environment)
            } else {
                _ = try AgentConfiguration.read(
                    text, path: options.path, environment: environment)
            }
        } catch {
            throw .configuration(error)
        }
        try host.print(ConfigurationText.allIsWell(options.path))
        return .success
    }

    /// The text of a file, or of stdin.
    static func text<Host: CommandHost>(
        _ path: String?, on host: inout Host
    ) throws(CommandError) -> [UInt8] {
        if let path { try open(path, on: &host) }
        return try content(path, on: &host)
    }

    /// A file is checked for itself: of the environment only passwords are taken, which no variable
    /// of a key can be meant by.
    private static func credentials<Host: CommandHost>(
        of host: Host
    ) -> (String) -> String? {
        { name in name.hasPrefix("ALEC_") ? nil : host.variable(name) }
    }

    /// A file that is not there is wrong settings, as it is for whoever runs with it.
    private static func open<Host: CommandHost>(
        _ path: String, on host: inout Host
    ) throws(CommandError) {
        do throws(SystemError) {
            try host.open(path)
        } catch {
            let reason = ConfigurationFault.Reason.unreadable(path: path, code: error.code)
            throw .configuration(
                ConfigurationError(path: path, faults: [.init(.everywhere, reason)]))
        }
    }

    /// All of the input, as far as any configuration may go.
    private static func content<Host: CommandHost>(
        _ path: String?, on host: inout Host
    ) throws(CommandError) -> [UInt8] {
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: Host.chunkBytes)
        while text.count <= AgentConfiguration.fileLimit {
            let count = try host.readInput(path, into: &piece)
            if count == 0 { break }
            text += piece[..<count]
        }
        return text
    }
}
