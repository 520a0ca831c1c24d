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
    /// False if the value is not as expected; then nothing changes.
    let store: @Sendable (TomlValue, inout Owner) -> Bool
    /// The value as TOML; nil if there is none.
    let text: @Sendable (Owner) -> String?

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
    }
}

/// Where a value lies in what owns it.
typealias Slot<Owner, Value> = any WritableKeyPath<Owner, Value> & Sendable
