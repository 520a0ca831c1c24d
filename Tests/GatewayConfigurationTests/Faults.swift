// SPDX-License-Identifier: Apache-2.0

@testable import GatewayConfiguration

/// What a text of settings has wrong, short enough for a table of cases.
enum Faults {
    static func ofAgent(
        _ text: String, flags: [FlagValue] = [], environment: [String: String] = [:]
    ) -> [ConfigurationFault] {
        do throws(ConfigurationError) {
            _ = try AgentConfiguration.read(
                Array(text.utf8), path: "gateway.toml", flags: flags
            ) { environment[$0] }
            return []
        } catch {
            return error.faults
        }
    }

    static func ofReceiver(_ text: String, flags: [FlagValue] = []) -> [ConfigurationFault] {
        do throws(ConfigurationError) {
            _ = try ReceiverConfiguration.read(Array(text.utf8), path: nil, flags: flags)
            return []
        } catch {
            return error.faults
        }
    }

    static func at(
        _ line: Int, _ column: Int, _ reason: ConfigurationFault.Reason
    ) -> ConfigurationFault {
        ConfigurationFault(.file(TextPlace(line: line, column: column)), reason)
    }
}
