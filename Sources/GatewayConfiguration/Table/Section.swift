// SPDX-License-Identifier: Apache-2.0

/// A table of the file, with the keys in it.
struct Section<Settings: Sendable>: Sendable {
    /// How often it may be there.
    enum Form: Equatable, Sendable {
        case once
        /// `[[name]]`, so many times at most.
        case repeated(limit: Int)
    }

    /// A key as the sample file shows it.
    struct Row: Sendable {
        let name: String
        let help: String
        let isRequired: Bool
        /// The default as TOML, or an example where there is none.
        let shown: String
    }

    /// Empty for the top of the file.
    let name: String
    let form: Form
    let help: String
    /// Whether the sample file shows it as something that must be there.
    let isNeeded: Bool
    let rows: [Row]
    /// From the table, or the list of tables, into the settings.
    let read: @Sendable (TomlNode, inout TableReading, inout Settings) -> Void
}

extension Section {
    /// The keys at the top of the file. What else stands there is read by others.
    static func top(_ keys: [Key<Settings>], defaults: Settings) -> Self {
        Self(
            name: "", form: .once, help: "", isNeeded: false, rows: rows(keys, defaults)
        ) { member, reading, settings in
            guard let key = keys.first(where: { $0.name == member.key }) else { return }
            reading.read(member, key, prefix: "", into: &settings)
        }
    }

    /// A table that always has a value.
    static func table<Part: Sendable>(
        _ name: String, _ path: Slot<Settings, Part>, _ keys: [Key<Part>],
        defaults: Settings, _ help: String
    ) -> Self {
        Self(
            name: name, form: .once, help: help, isNeeded: false,
            rows: rows(keys, defaults[keyPath: path])
        ) { node, reading, settings in
            guard isTable(node, name, &reading) else { return }
            reading.read(node, keys, prefix: name + ".", into: &settings[keyPath: path])
        }
    }

    /// A table that may be left out.
    static func table<Part: Sendable>(
        _ name: String, optional path: Slot<Settings, Part?>,
        _ keys: [Key<Part>], initial: Part, _ help: String
    ) -> Self {
        Self(
            name: name, form: .once, help: help, isNeeded: false, rows: rows(keys, initial)
        ) { node, reading, settings in
            guard isTable(node, name, &reading) else { return }
            var part = initial
            reading.read(node, keys, prefix: name + ".", into: &part)
            settings[keyPath: path] = part
        }
    }

    /// A table for each element; they replace the elements of the default.
    static func list<Part: Sendable>(
        _ name: String, _ path: Slot<Settings, [Part]>, _ keys: [Key<Part>],
        initial: Part, limit: Int, isNeeded: Bool = false, _ help: String
    ) -> Self {
        Self(
            name: name, form: .repeated(limit: limit), help: help, isNeeded: isNeeded,
            rows: rows(keys, initial)
        ) { node, reading, settings in
            guard case .array(let elements) = node.value else {
                let fault = (found: node.value.text, expectation: ExpectedValue.listOfTables)
                reading.add(
                    node.keyPlace,
                    .badValue(key: name, found: fault.found, fault.expectation))
                return
            }
            if elements.count > limit {
                reading.add(elements[limit].place, .tooMany(key: name, limit: limit))
                return
            }
            settings[keyPath: path] = elements.map { element in
                var part = initial
                if isTable(element, name, &reading) {
                    reading.read(element, keys, prefix: name + ".", into: &part)
                }
                return part
            }
        }
    }

    private static func isTable(
        _ node: TomlNode, _ name: String, _ reading: inout TableReading
    ) -> Bool {
        if case .table = node.value { return true }
        reading.add(node.place, .badValue(key: name, found: node.value.text, .table))
        return false
    }

    private static func rows<Owner>(_ keys: [Key<Owner>], _ defaults: Owner) -> [Row] {
        keys.map { key in
            Row(
                name: key.name, help: key.help, isRequired: key.isRequired,
                shown: key.example ?? key.text(defaults) ?? "")
        }
    }
}
