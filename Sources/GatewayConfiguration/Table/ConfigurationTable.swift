// SPDX-License-Identifier: Apache-2.0

/// All settings of one program: the one place that the parser, `alec check`, the flags and the
/// sample file come from.
struct ConfigurationTable<Settings: Sendable>: Sendable {
    /// The largest file.
    static var fileLimit: Int { 256 << 10 }
    /// Each point can lead one table deeper, and the parser descends by recursion.
    static var dotLimit: Int { 4096 }

    let defaults: Settings
    /// The top comes first.
    let sections: [Section<Settings>]
    let flags: [Flag<Settings>]
    /// What only all settings together can have wrong.
    let check: @Sendable (Settings, inout TableReading) -> Void
    /// Reads passwords from their files.
    let complete: @Sendable (inout Settings, inout TableReading) -> Void
}

extension ConfigurationTable {
    /// The settings from the file at `path`, then the environment, then flags.
    func load(
        path: String?, flags given: [FlagValue], environment: (String) -> String?
    ) throws(ConfigurationError) -> Settings {
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
    ) throws(ConfigurationError) -> Settings {
        var settings = defaults
        var reading = TableReading()
        do throws(ConfigurationFault) {
            readFile(try Self.root(of: text, path: path), &reading, &settings)
        } catch {
            throw ConfigurationError(path: path, faults: [error])
        }
        overlay(given, environment, &reading, &settings)
        // What does not fit together is of interest when each for itself is right.
        if reading.faults.isEmpty { check(settings, &reading) }
        if reading.faults.isEmpty { complete(&settings, &reading) }
        guard reading.faults.isEmpty else {
            throw ConfigurationError(path: path, faults: reading.faults.map { placed($0) })
        }
        return settings
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

    /// Variables over the file, flags over variables.
    private func overlay(
        _ given: [FlagValue], _ environment: (String) -> String?,
        _ reading: inout TableReading, _ settings: inout Settings
    ) {
        for flag in flags {
            let name = flag.form.name
            let fromFlags = given.filter { $0.name == name }.map(\.value)
            let variable = flag.form.variable
            // A variable that is set to nothing says nothing.
            let fromEnvironment = [environment(variable) ?? ""].filter { !$0.isEmpty }
            let isFlag = !fromFlags.isEmpty
            let values = isFlag ? fromFlags : fromEnvironment
            guard !values.isEmpty, let bad = flag.store(values, &settings) else { continue }
            let reason = ConfigurationFault.Reason.badValue(
                key: isFlag ? name : variable, found: TomlValue.quoted(bad), flag.expectation)
            reading.add(
                ConfigurationFault(isFlag ? .flag(name) : .environment(variable), reason))
        }
    }
}
