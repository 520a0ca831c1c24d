// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration

/// Faults of settings in words.
enum ConfigurationText {
    static func text(_ error: ConfigurationError) -> String { "\(error.faults)\n" }
}
