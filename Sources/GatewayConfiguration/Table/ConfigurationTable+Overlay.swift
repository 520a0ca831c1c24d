// SPDX-License-Identifier: Apache-2.0

/// What is said beside the file, and in which order.
///
///     default < preset < file < variable of a key < variable of a flag < flag
extension ConfigurationTable {
    /// Reads the keys that bring defaults along, without a word about faults: they are read again
    /// in their place.
    func applyPresets(
        _ root: TomlNode, _ given: [FlagValue], _ environment: (String) -> String?,
        _ reading: inout TableReading, _ settings: inout Settings
    ) {
        guard !presets.isEmpty, case .table(let members) = root.value else { return }
        for preset in presets {
            let before = settings
            for member in members where member.key == preset.key.name {
                _ = preset.key.store(member.value, &settings)
            }
            if let row = sections[0].rows.first(where: { $0.name == preset.key.name }),
                let text = environment(sections[0].variable(row))
            {
                store(text) { preset.key.store($0, &settings) }
            }
            for flag in flags where flag.keys == [preset.key.name] {
                let values = given.filter { $0.name == flag.form.name }.map(\.value)
                if !values.isEmpty { _ = flag.store(values, &settings) }
            }
            preset.apply(&settings)
            note(preset.key.name, before, settings, &reading)
        }
    }

    /// What differs was brought along by the preset.
    private func note(
        _ preset: String, _ before: Settings, _ after: Settings, _ reading: inout TableReading
    ) {
        for section in sections where section.form == .once {
            // A table that is not there yet is made with what the presets said so far.
            let (old, new) = (section.texts(before).first, section.texts(after).first)
            guard let new else { continue }
            for (i, row) in section.rows.enumerated() where old?[i] != new[i] {
                guard row.name != preset else { continue }
                reading.setOrigin(.preset(preset), of: section.fullName(row))
            }
        }
    }

    /// Variables of keys: `ALEC_WINDOWS_AGE` is `age` of `[windows]`. One that is set to nothing
    /// says nothing. Keys that a flag sets too have one variable, which is the flag's.
    func overlayVariables(
        _ environment: (String) -> String?, _ reading: inout TableReading,
        _ settings: inout Settings
    ) {
        let known = Set(flags.map(\.form.variable))
        for section in sections {
            guard let put = section.store else { continue }
            for (i, row) in section.rows.enumerated() {
                let variable = section.variable(row)
                guard !known.contains(variable), let text = environment(variable), !text.isEmpty
                else { continue }
                reading.setOrigin(.environment(variable), of: section.fullName(row))
                guard !store(text, { put(i, $0, &settings) }) else { continue }
                let reason = ConfigurationFault.Reason.badValue(
                    key: variable, found: TomlValue.quoted(text), row.expectation)
                reading.add(ConfigurationFault(.environment(variable), reason))
            }
        }
    }

    /// Flags, and their variables where they are not given.
    func overlayFlags(
        _ given: [FlagValue], _ environment: (String) -> String?,
        _ reading: inout TableReading, _ settings: inout Settings
    ) {
        for flag in flags {
            let name = flag.form.name
            let fromFlags = given.filter { $0.name == name }.map(\.value)
            let variable = flag.form.variable
            let fromEnvironment = [environment(variable) ?? ""].filter { !$0.isEmpty }
            let isFlag = !fromFlags.isEmpty
            let values = isFlag ? fromFlags : fromEnvironment
            guard !values.isEmpty else { continue }
            let bad = flag.store(values, &settings)
            let origin: SettingOrigin = isFlag ? .flag(name) : .environment(variable)
            for key in flag.keys { setOrigin(origin, of: key, settings, &reading) }
            guard let bad else { continue }
            let reason = ConfigurationFault.Reason.badValue(
                key: isFlag ? name : variable, found: TomlValue.quoted(bad), flag.expectation)
            reading.add(
                ConfigurationFault(isFlag ? .flag(name) : .environment(variable), reason))
        }
        findMissing(&reading, settings)
    }

    /// A table that only variables speak of may lack what it needs.
    private func findMissing(_ reading: inout TableReading, _ settings: Settings) {
        for section in sections where section.form == .once && section.isOptional {
            guard !section.texts(settings).isEmpty else { continue }
            let said = section.rows.compactMap { row -> String? in
                if case .environment(let variable)? = reading.origins[section.fullName(row)] {
                    return variable
                }
                return nil
            }
            guard let variable = said.first else { continue }
            for row in section.rows where row.isRequired {
                let name = section.fullName(row)
                guard reading.origins[name] == nil,
                    !reading.faults.contains(where: { $0.reason == .missingKey(name) })
                else { continue }
                reading.add(ConfigurationFault(.environment(variable), .missingKey(name)))
            }
        }
    }

    /// A flag that speaks of a list of tables speaks of all its elements.
    private func setOrigin(
        _ origin: SettingOrigin, of key: String, _ settings: Settings,
        _ reading: inout TableReading
    ) {
        guard
            let section = sections.first(where: {
                $0.form != .once && key.hasPrefix($0.name + ".")
            })
        else {
            reading.setOrigin(origin, of: key)
            return
        }
        for element in section.texts(settings).indices {
            reading.setOrigin(origin, of: key, element)
        }
    }

    /// The text of a variable as whatever the key takes: text first, then the other types.
    @discardableResult
    private func store(_ text: String, _ put: (TomlValue) -> Bool) -> Bool {
        TomlValue.readings(of: text).contains { put($0) }
    }
}

extension TomlValue {
    /// What the text of a variable may stand for.
    static func readings(of text: String) -> [TomlValue] {
        var values: [TomlValue] = [.string(text)]
        if text == "true" || text == "false" { values.append(.boolean(text == "true")) }
        if let number = Int64(text) { values.append(.integer(number)) }
        if let number = Double(text) { values.append(.float(number)) }
        let start = TextPlace(line: 1, column: 1)
        let elements = text.split(separator: ",").map { part in
            TomlNode(key: "", keyPlace: start, place: start, value: .string(String(part)))
        }
        values.append(.array(elements))
        return values
    }
}
