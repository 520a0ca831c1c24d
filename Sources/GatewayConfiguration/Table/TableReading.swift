// SPDX-License-Identifier: Apache-2.0

/// What came up while tables were read: all faults, and where each setting was said.
struct TableReading {
    private(set) var faults: [ConfigurationFault] = []
    /// By the full name of the key, as in `windows.age` and `input[0].from`.
    private(set) var origins: [String: SettingOrigin] = [:]
    /// The last element of each list of tables that says something, by the key's full name.
    private var last: [String: Int] = [:]

    mutating func add(_ place: TextPlace, _ reason: ConfigurationFault.Reason) {
        faults.append(ConfigurationFault(.file(place), reason))
    }

    /// The members of a table into `owner`. `element` is its number in a list of tables.
    mutating func read<Owner>(
        _ node: TomlNode, _ keys: [Key<Owner>], prefix: String, _ element: Int? = nil,
        into owner: inout Owner
    ) {
        guard case .table(let members) = node.value else { return }
        for member in members {
            guard let key = keys.first(where: { $0.name == member.key }) else {
                add(member.keyPlace, .unknownKey(member.key, known: keys.map(\.name)))
                continue
            }
            read(member, key, prefix: prefix, element, into: &owner)
        }
        for key in keys where key.isRequired && !members.contains(where: { $0.key == key.name }) {
            add(node.place, .missingKey(prefix + key.name))
        }
    }

    /// One member into `owner`.
    mutating func read<Owner>(
        _ member: TomlNode, _ key: Key<Owner>, prefix: String, _ element: Int? = nil,
        into owner: inout Owner
    ) {
        let name = prefix + key.name
        setOrigin(.file(member.place), of: name, element)
        if key.store(member.value, &owner) { return }
        guard let (index, node) = key.misfit(member.value),
            case .list(let expectation) = key.expectation
        else {
            add(member.place, .badValue(key: name, found: member.value.text, key.expectation))
            return
        }
        add(
            node.place,
            .badValue(key: "\(name)[\(index)]", found: node.value.text, expectation))
    }

    /// A name that stands for nothing.
    mutating func addUnknown(_ member: TomlNode, known: [String]) {
        add(member.keyPlace, .unknownKey(member.key, known: known))
    }

    /// Something that is wrong with several settings together; told where `key` was said. In a
    /// list of tables that is `element`, or the last one that says something.
    mutating func add(
        about key: String, element: Int? = nil, _ reason: ConfigurationFault.Reason
    ) {
        let name = Self.name(key, element ?? last[key])
        let origin: ConfigurationFault.Origin =
            switch origins[name] ?? .none {
            case .none, .preset: .everywhere
            case .file(let place): .file(place)
            case .environment(let variable): .environment(variable)
            case .flag(let flag): .flag(flag)
            }
        faults.append(ConfigurationFault(origin, reason))
    }

    /// A fault of a flag or a variable.
    mutating func add(_ fault: ConfigurationFault) { faults.append(fault) }

    /// `key` has its value from `origin`.
    mutating func setOrigin(_ origin: SettingOrigin, of key: String, _ element: Int? = nil) {
        origins[Self.name(key, element)] = origin
        if let element { last[key] = element }
    }

    /// `input.from` of element 2 is `input[2].from`.
    private static func name(_ key: String, _ element: Int?) -> String {
        guard let element, let point = key.firstIndex(of: ".") else { return key }
        return key[..<point] + "[\(element)]" + key[point...]
    }
}
