// SPDX-License-Identifier: Apache-2.0

/// How a setting can be told on the command line or in the environment.
package struct ConfigurationFlag: Equatable, Sendable {
    /// With its dashes.
    package var name: String
    /// What the help page calls its value; nil if it takes none and means `true`.
    package var placeholder: String?
    /// Whether several may be given, which then all count; of others the last counts.
    package var isRepeatable: Bool
    /// What the help page says.
    package var help: String

    /// `--state-dir` is `ALEC_STATE_DIR` in the environment.
    package var variable: String {
        "ALEC_"
            + name.dropFirst(2).map { $0 == "-" ? "_" : $0.uppercased() }.joined()
    }
}

/// A flag as it was given.
package struct FlagValue: Equatable, Sendable {
    /// With its dashes.
    package var name: String
    /// `true` for a flag that takes no value.
    package var value: String

    /// `name` with `value`.
    package init(_ name: String, _ value: String = "true") {
        self.name = name
        self.value = value
    }
}

/// A flag and what it does to the settings.
struct Flag<Settings: Sendable>: Sendable {
    let form: ConfigurationFlag
    let expectation: ExpectedValue
    /// The full names of the keys that it sets; of a list of tables without a number.
    let keys: [String]
    /// The first value that is not as expected.
    let store: @Sendable ([String], inout Settings) -> String?

    /// Sets `key`, which takes text or a boolean.
    init(_ name: String, _ placeholder: String?, _ key: Key<Settings>, _ help: String) {
        form = ConfigurationFlag(
            name: name, placeholder: placeholder, isRepeatable: false, help: help)
        expectation = key.expectation
        keys = [key.name]
        store = { values, settings in
            guard let last = values.last else { return nil }
            let value: TomlValue =
                key.expectation == .boolean && (last == "true" || last == "false")
                ? .boolean(last == "true") : .string(last)
            return key.store(value, &settings) ? nil : last
        }
    }

    /// Reads the values with `type` and gives all of them to `set`.
    init<Value>(
        _ name: String, _ placeholder: String, _ type: ValueType<Value>, sets keys: [String],
        isRepeatable: Bool = false, _ help: String,
        set: @escaping @Sendable ([Value], inout Settings) -> Void
    ) {
        form = ConfigurationFlag(
            name: name, placeholder: placeholder, isRepeatable: isRepeatable, help: help)
        expectation = type.expectation
        self.keys = keys
        store = { values, settings in
            let relevant = isRepeatable ? values[...] : values.suffix(1)
            var read: [Value] = []
            for value in relevant {
                guard let one = type.read(.string(value)) else { return value }
                read.append(one)
            }
            set(read, &settings)
            return nil
        }
    }
}
