// SPDX-License-Identifier: Apache-2.0

/// What came up while tables were read: all faults, and where each setting stood.
struct TableReading {
    private(set) var faults: [ConfigurationFault] = []
    /// By the full name of the key, as in `windows.age`; of a repeated table the last.
    private(set) var places: [String: TextPlace] = [:]

    mutating func add(_ place: TextPlace, _ reason: ConfigurationFault.Reason) {
        faults.append(ConfigurationFault(.file(place), reason))
    }

    /// The members of a table into `owner`; false if one of them was not as expected.
    mutating func read<Owner>(
        _ node: TomlNode, _ keys: [Key<Owner>], prefix: String, into owner: inout Owner
    ) {
        guard case .table(let members) = node.value else { return }
        for member in members {
            guard let key = keys.first(where: { $0.name == member.key }) else {
                add(member.keyPlace, .unknownKey(member.key, known: keys.map(\.name)))
                continue
            }
            read(member, key, prefix: prefix, into: &owner)
        }
        for key in keys where key.isRequired && !members.contains(where: { $0.key == key.name }) {
            add(node.place, .missingKey(prefix + key.name))
        }
    }

    /// One member into `owner`.
    mutating func read<Owner>(
        _ member: TomlNode, _ key: Key<Owner>, prefix: String, into owner: inout Owner
    ) {
        places[prefix + key.name] = member.place
        if !key.store(member.value, &owner) {
            add(
                member.place,
                .badValue(key: prefix + key.name, found: member.value.text, key.expectation))
        }
    }

    /// A name that stands for nothing.
    mutating func addUnknown(_ member: TomlNode, known: [String]) {
        add(member.keyPlace, .unknownKey(member.key, known: known))
    }

    /// Something that is wrong with several settings together; told where `key` stands.
    mutating func add(about key: String, _ reason: ConfigurationFault.Reason) {
        let origin = places[key].map { ConfigurationFault.Origin.file($0) } ?? .everywhere
        faults.append(ConfigurationFault(origin, reason))
    }

    /// A fault of a flag or a variable.
    mutating func add(_ fault: ConfigurationFault) { faults.append(fault) }
}
