// SPDX-License-Identifier: Apache-2.0

/// One setting: its name, what it may be, its default, and a sentence about it.
struct Key<Owner: Sendable>: Sendable {
    let name: String
    let expectation: ExpectedValue
    /// For the sample file; a sentence or two.
    let help: String
    /// Whether a table without it makes no sense.
    let isRequired: Bool
    /// What the sample file shows where there is no default.
    let example: String?
    /// What a change of it asks of a program that runs; nil: what its table says.
    private(set) var effect: ReloadEffect?
    /// False if the value is not as expected; then nothing changes.
    let store: @Sendable (TomlValue, inout Owner) -> Bool
    /// The value as TOML; nil if there is none.
    let text: @Sendable (Owner) -> String?
    /// From one owner to another.
    let copy: @Sendable (Owner, inout Owner) -> Void
    /// The first element of a list that is not as expected, with its number.
    let misfit: @Sendable (TomlValue) -> (index: Int, node: TomlNode)?

    /// A setting that always has a value.
    init<Value>(
        _ name: String, _ path: Slot<Owner, Value>, _ type: ValueType<Value>,
        isRequired: Bool = false, example: String? = nil, _ help: String
    ) {
        self.name = name
        expectation = type.expectation
        self.help = help
        self.isRequired = isRequired
        self.example = example
        store = { value, owner in
            guard let read = type.read(value) else { return false }
            owner[keyPath: path] = read
            return true
        }
        text = { type.write($0[keyPath: path]) }
        copy = { $1[keyPath: path] = $0[keyPath: path] }
        misfit = type.misfit
    }

    /// A setting that may be left out.
    init<Value>(
        _ name: String, optional path: Slot<Owner, Value?>,
        _ type: ValueType<Value>, example: String, _ help: String
    ) {
        self.name = name
        expectation = type.expectation
        self.help = help
        isRequired = false
        self.example = example
        store = { value, owner in
            guard let read = type.read(value) else { return false }
            owner[keyPath: path] = read
            return true
        }
        text = { $0[keyPath: path].map { type.write($0) } }
        copy = { $1[keyPath: path] = $0[keyPath: path] }
        misfit = type.misfit
    }

    /// The same key, where a change of it asks for `effect`.
    func changing(_ effect: ReloadEffect) -> Self {
        var key = self
        key.effect = effect
        return key
    }
}

/// Where a value lies in what owns it.
typealias Slot<Owner, Value> = any WritableKeyPath<Owner, Value> & Sendable
