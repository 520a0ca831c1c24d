// SPDX-License-Identifier: Apache-2.0

/// Where the value of a setting comes from.
package enum SettingOrigin: Equatable, Sendable {
    /// Nobody said anything.
    case none
    /// Another setting, as `profile`, brings it along.
    case preset(String)
    case file(TextPlace)
    case environment(String)
    /// With its dashes.
    case flag(String)
}

/// A setting as it is in effect.
package struct EffectiveSetting: Equatable, Sendable {
    /// Without its table.
    package var name: String
    /// As TOML; nil where the setting has no value.
    package var text: String?
    package var origin: SettingOrigin
}

/// A table of settings as they are in effect.
package struct EffectiveTable: Equatable, Sendable {
    /// As it stands in a file, with its brackets; empty for the top.
    package var header: String
    package var settings: [EffectiveSetting]
}

/// All settings of a program, and where they come from.
struct EvaluatedSettings<Settings: Sendable>: Sendable {
    var settings: Settings
    var tables: [EffectiveTable]
}
