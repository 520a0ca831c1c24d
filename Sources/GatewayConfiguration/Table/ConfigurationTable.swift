// SPDX-License-Identifier: Apache-2.0

/// All settings of one program: the one place that the parser, `alec check`, the flags, the
/// variables, the sample file and the schema come from.
struct ConfigurationTable<Settings: Equatable & Sendable>: Sendable {
    /// The largest file.
    static var fileLimit: Int { 256 << 10 }
    /// Each point can lead one table deeper, and the parser descends by recursion.
    static var dotLimit: Int { 4096 }

    let defaults: Settings
    /// The top comes first.
    let sections: [Section<Settings>]
    let flags: [Flag<Settings>]
    /// Keys of the top that bring other defaults along, in the order in which they do.
    var presets: [Preset<Settings>] = []
    /// What only all settings together can have wrong.
    let check: @Sendable (Settings, inout TableReading) -> Void
    /// Reads passwords from where they are.
    let complete: @Sendable (inout Settings, inout TableReading, (String) -> String?) -> Void
}

/// A key of the top whose value changes defaults. It is read before all others, wherever it
/// stands: what is said goes before what it brings along.
struct Preset<Settings: Sendable>: Sendable {
    let key: Key<Settings>
    let apply: @Sendable (inout Settings) -> Void
}

extension ConfigurationTable {
    /// The settings from the file at `path`, then the environment, then flags.
    func load(
        path: String?, flags given: [FlagValue], environment: (String) -> String?
    ) throws(ConfigurationError) -> EvaluatedSettings<Settings> {
        let path = path ?? environment("ALEC_CONFIG")
        var text: [UInt8] = []
        if let path {
            do throws(ConfigurationFault.Reason) {
                text = try SettingsFile.bytes(of: path, limit: Self.fileLimit)
            } catch {
                throw ConfigurationError(
                    path: path, faults: [ConfigurationFault(.everywhere, error)])
            }
        }
        return try read(text, path: path, flags: given, environment: environment)
    }

    /// The same for a file that was read already.
    func read(
        _ text: [UInt8], path: String?, flags given: [FlagValue],
        environment: (String) -> String?
    ) throws(ConfigurationError) -> EvaluatedSettings<Settings> {
        var settings = defaults
        var reading = TableReading()
        do throws(ConfigurationFault) {
            let root = try Self.root(of: text, path: path)
            applyPresets(root, given, environment, &reading, &settings)
            readFile(root, &reading, &settings)
        } catch {
            throw ConfigurationError(path: path, faults: [error])
        }
        overlayVariables(environment, &reading, &settings)
        overlayFlags(given, environment, &reading, &settings)
        // What does not fit together is of interest when each for itself is right.
        if reading.faults.isEmpty { check(settings, &reading) }
        if reading.faults.isEmpty { complete(&settings, &reading, environment) }
        guard reading.faults.isEmpty else {
            throw ConfigurationError(path: path, faults: reading.faults.map { placed($0) })
        }
        return EvaluatedSettings(settings: settings, tables: tables(settings, reading.origins))
    }

    /// A key that another table knows was meant for it: TOML is easily misread there.
    private func placed(_ fault: ConfigurationFault) -> ConfigurationFault {
        guard case .unknownKey(let key, _) = fault.reason,
            let section = sections.first(where: { $0.rows.contains { $0.name == key } })
        else { return fault }
        return ConfigurationFault(fault.origin, .misplacedKey(key, table: section.name))
    }

    private static func root(
        of text: [UInt8], path: String?
    ) throws(ConfigurationFault) -> TomlNode {
        guard text.count <= fileLimit else {
            throw ConfigurationFault(.everywhere, .tooLarge(path: path, limit: fileLimit))
        }
        guard text.count(where: { $0 == UInt8(ascii: ".") }) <= dotLimit else {
            throw ConfigurationFault(.everywhere, .tooManyDots(limit: dotLimit))
        }
        do throws(TomlDocument.Fault) {
            return try TomlDocument.parse(text)
        } catch {
            throw ConfigurationFault(.file(error.place), .syntax(error.text))
        }
    }

    private func readFile(
        _ root: TomlNode, _ reading: inout TableReading, _ settings: inout Settings
    ) {
        guard case .table(let members) = root.value, let top = sections.first else { return }
        let known = top.rows.map(\.name) + sections.dropFirst().map(\.name)
        for member in members {
            if let section = sections.dropFirst().first(where: { $0.name == member.key }) {
                section.read(member, &reading, &settings)
            } else if known.contains(member.key) {
                top.read(member, &reading, &settings)
            } else {
                reading.addUnknown(member, known: known)
            }
        }
    }

    /// All tables as they are, with the origin of each value.
    private func tables(
        _ settings: Settings, _ origins: [String: SettingOrigin]
    ) -> [EffectiveTable] {
        sections.flatMap { section in
            section.texts(settings).enumerated().map { number, texts in
                let element = section.form == .once ? nil : number
                return EffectiveTable(
                    header: section.header,
                    settings: zip(section.rows, texts).map { row, text in
                        EffectiveSetting(
                            name: row.name, text: text,
                            origin: origins[section.fullName(row, element)]
                                ?? unsaid(row, text))
                    })
            }
        }
    }

    /// Where a value comes from that nobody has said: a table that was made later than the presets
    /// were read began with what they bring along.
    private func unsaid(_ row: Section<Settings>.Row, _ text: String?) -> SettingOrigin {
        guard let preset = presets.first, let standard = row.standard, text != standard else {
            return .none
        }
        return .preset(preset.key.name)
    }
}
