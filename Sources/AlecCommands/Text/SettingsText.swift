// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration

/// What `alec config show` prints: the settings in effect as a file that could be read again.
enum SettingsText {
    /// Where the remarks begin.
    private static let column = 40

    static func page(_ tables: [EffectiveTable], path: String?) -> String {
        tables.enumerated().map { i, table in
            var text = i == 0 ? "" : "\n"
            if !table.header.isEmpty { text += table.header + "\n" }
            for setting in table.settings {
                guard let value = setting.text else { continue }
                let line = "\(setting.name) = \(value)"
                text += CountText.left(line, column) + " # " + origin(setting.origin, path) + "\n"
            }
            let isSecret = table.settings.contains {
                $0.name.hasPrefix("password_") && $0.text != nil
            }
            return text + (isSecret ? "#password = \"***\"\n" : "")
        }.joined()
    }

    private static func origin(_ origin: SettingOrigin, _ path: String?) -> String {
        switch origin {
        case .none: "default"
        case .preset(let key): "by " + key
        case .file(let place): "\(path ?? "stdin"):\(place.line)"
        case .environment(let variable): variable
        case .flag(let name): name
        }
    }
}
