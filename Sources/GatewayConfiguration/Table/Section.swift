// SPDX-License-Identifier: Apache-2.0

/// A table of the file, with the keys in it.
struct Section<Settings: Sendable>: Sendable {
    /// How often it may be there.
    enum Form: Equatable, Sendable {
        case once
        /// `[[name]]`, so many times at most.
        case repeated(limit: Int)
    }

    /// A key, whatever the type of its table.
    struct Row: Sendable {
        let name: String
        let help: String
        let isRequired: Bool
        let expectation: ExpectedValue
        let effect: ReloadEffect
        /// The default as TOML, or an example where there is none.
        let shown: String
        /// The default as TOML; nil where there is none.
        let standard: String?
    }

    /// Empty for the top of the file.
    let name: String
    let form: Form
    let help: String
    /// Whether the sample file shows it as something that must be there.
    let isNeeded: Bool
    /// Whether the table as a whole may be missing.
    let isOptional: Bool
    let rows: [Row]
    /// From the table, or the list of tables, into the settings.
    let read: @Sendable (TomlNode, inout TableReading, inout Settings) -> Void
    /// For each table that there is, the values of all rows as TOML.
    let texts: @Sendable (Settings) -> [[String?]]
    /// Whether both have the same, also in what no row shows.
    let isSame: @Sendable (Settings, Settings) -> Bool
    /// Sets the value of a row; false if it is not as expected. nil for lists of tables, whose
    /// elements have no names that a variable could use.
    var store: (@Sendable (Int, TomlValue, inout Settings) -> Bool)?
    /// Takes the value of a row over; does nothing for lists of tables.
    let copy: @Sendable (Int, Settings, inout Settings) -> Void

    /// As the header of the table in a file; empty for the top.
    var header: String {
        if name.isEmpty { return "" }
        return form == .once ? "[\(name)]" : "[[\(name)]]"
    }

    /// The full name of a row; of lists of tables with the number of the element.
    func fullName(_ row: Row, _ element: Int? = nil) -> String {
        if name.isEmpty { return row.name }
        return name + (element.map { "[\($0)]" } ?? "") + "." + row.name
    }

    /// The variable that sets a row, for tables that are there once.
    func variable(_ row: Row) -> String {
        "ALEC_" + ((name.isEmpty ? "" : name + "_") + row.name).uppercased()
    }
}

extension Section {
    /// The keys at the top of the file. What else stands there is read by others.
    static func top(_ keys: [Key<Settings>], defaults: Settings) -> Self {
        Self(
            name: "", form: .once, help: "", isNeeded: false, isOptional: false,
            rows: rows(keys, defaults, .live)
        ) { member, reading, settings in
            guard let key = keys.first(where: { $0.name == member.key }) else { return }
            reading.read(member, key, prefix: "", into: &settings)
        } texts: { settings in
            [keys.map { $0.text(settings) }]
        } isSame: { _, _ in
            true
        } store: { row, value, settings in
            keys[row].store(value, &settings)
        } copy: { row, old, settings in
            keys[row].copy(old, &settings)
        }
    }

    /// A table that always has a value.
    static func table<Part: Equatable & Sendable>(
        _ name: String, _ path: Slot<Settings, Part>, _ keys: [Key<Part>],
        defaults: Settings, changing effect: ReloadEffect = .live, _ help: String
    ) -> Self {
        Self(
            name: name, form: .once, help: help, isNeeded: false, isOptional: false,
            rows: rows(keys, defaults[keyPath: path], effect)
        ) { node, reading, settings in
            guard isTable(node, name, &reading) else { return }
            reading.read(node, keys, prefix: name + ".", into: &settings[keyPath: path])
        } texts: { settings in
            [keys.map { $0.text(settings[keyPath: path]) }]
        } isSame: {
            $0[keyPath: path] == $1[keyPath: path]
        } store: { row, value, settings in
            keys[row].store(value, &settings[keyPath: path])
        } copy: { row, old, settings in
            keys[row].copy(old[keyPath: path], &settings[keyPath: path])
        }
    }

    /// A table that may be left out; `initial` is what it has before its keys are read.
    static func table<Part: Equatable & Sendable>(
        _ name: String, optional path: Slot<Settings, Part?>, _ keys: [Key<Part>],
        defaults: Settings, initial: @escaping @Sendable (Settings) -> Part,
        changing effect: ReloadEffect = .live, _ help: String
    ) -> Self {
        Self(
            name: name, form: .once, help: help, isNeeded: false, isOptional: true,
            rows: rows(keys, initial(defaults), effect)
        ) { node, reading, settings in
            guard isTable(node, name, &reading) else { return }
            var part = initial(settings)
            reading.read(node, keys, prefix: name + ".", into: &part)
            settings[keyPath: path] = part
        } texts: { settings in
            settings[keyPath: path].map { part in [keys.map { $0.text(part) }] } ?? []
        } isSame: {
            $0[keyPath: path] == $1[keyPath: path]
        } store: { row, value, settings in
            var part = settings[keyPath: path] ?? initial(settings)
            guard keys[row].store(value, &part) else { return false }
            settings[keyPath: path] = part
            return true
        } copy: { row, old, settings in
            guard let old = old[keyPath: path], var part = settings[keyPath: path] else { return }
            keys[row].copy(old, &part)
            settings[keyPath: path] = part
        }
    }

    /// A table for each element; they replace the elements of the default.
    static func list<Part: Equatable & Sendable>(
        _ name: String, _ path: Slot<Settings, [Part]>, _ keys: [Key<Part>],
        initial: Part, limit: Int, isNeeded: Bool = false,
        changing effect: ReloadEffect = .live, _ help: String
    ) -> Self {
        Self(
            name: name, form: .repeated(limit: limit), help: help, isNeeded: isNeeded,
            isOptional: true, rows: rows(keys, initial, effect)
        ) { node, reading, settings in
            guard let elements = elements(node, name, limit, &reading) else { return }
            settings[keyPath: path] = elements.enumerated().map { number, element in
                var part = initial
                if isTable(element, name, &reading) {
                    reading.read(element, keys, prefix: name + ".", number, into: &part)
                }
                return part
            }
        } texts: { settings in
            settings[keyPath: path].map { part in keys.map { $0.text(part) } }
        } isSame: {
            $0[keyPath: path] == $1[keyPath: path]
        } copy: { _, _, _ in
        }
    }

    private static func elements(
        _ node: TomlNode, _ name: String, _ limit: Int, _ reading: inout TableReading
    ) -> [TomlNode]? {
        guard case .array(let elements) = node.value else {
            reading.add(
                node.keyPlace, .badValue(key: name, found: node.value.text, .listOfTables))
            return nil
        }
        if elements.count > limit {
            reading.add(elements[limit].place, .tooMany(key: name, limit: limit))
            return nil
        }
        return elements
    }

    private static func isTable(
        _ node: TomlNode, _ name: String, _ reading: inout TableReading
    ) -> Bool {
        if case .table = node.value { return true }
        reading.add(node.place, .badValue(key: name, found: node.value.text, .table))
        return false
    }

    private static func rows<Owner>(
        _ keys: [Key<Owner>], _ defaults: Owner, _ effect: ReloadEffect
    ) -> [Row] {
        keys.map { key in
            let text = key.text(defaults)
            return Row(
                name: key.name, help: key.help, isRequired: key.isRequired,
                expectation: key.expectation, effect: key.effect ?? effect,
                shown: key.example ?? text ?? "", standard: key.isRequired ? nil : text)
        }
    }
}
