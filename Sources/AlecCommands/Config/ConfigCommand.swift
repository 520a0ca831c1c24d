// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration

/// `alec config`: which settings are in effect and why, and their schema.
enum ConfigCommand {
    static func run<Host: CommandHost>(
        _ options: Options.Config, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        switch options.action {
        case .schema:
            try host.print(options.isReceiver ? SettingsSchema.receiver : SettingsSchema.agent)
        case .show:
            let text = try CheckCommand.text(options.path, on: &host)
            let tables = try tables(text, options, host)
            try host.print(SettingsText.page(tables, path: options.path))
        }
        return .success
    }

    private static func tables<Host: CommandHost>(
        _ text: [UInt8], _ options: Options.Config, _ host: Host
    ) throws(CommandError) -> [EffectiveTable] {
        do throws(ConfigurationError) {
            if options.isReceiver {
                return try ReceiverConfiguration.tables(
                    text, path: options.path, flags: options.flags,
                    environment: { host.variable($0) })
            }
            return try AgentConfiguration.tables(
                text, path: options.path, flags: options.flags,
                environment: { host.variable($0) })
        } catch {
            throw .configuration(error)
        }
    }
}
