// SPDX-License-Identifier: Apache-2.0

/// How a value of a setting is read, and written into the sample file.
struct ValueType<Value: Sendable>: Sendable {
    let expectation: ExpectedValue
    /// nil for what is not as expected.
    let read: @Sendable (TomlValue) -> Value?
    /// As TOML.
    let write: @Sendable (Value) -> String
    /// Of a list, the first element that is not as expected, with its number.
    var misfit: @Sendable (TomlValue) -> (index: Int, node: TomlNode)? = { _ in nil }
}

extension TomlValue {
    fileprivate var string: String? {
        if case .string(let text) = self { text } else { nil }
    }
}

extension ValueType<String> {
    static func text(maximumBytes: Int) -> Self {
        string(.text(maximumBytes: maximumBytes)) {
            !$0.isEmpty && $0.utf8.count <= maximumBytes && !$0.utf8.contains(0)
        }
    }

    /// `text=number`, which `SensorSettings.mapping` takes apart.
    static var mapping: Self {
        string(.mapping) { $0.utf8.count <= 96 && SensorSettings.mapping($0) != nil }
    }

    static func topicLevel(orAny: Bool = false) -> Self {
        let maximumBytes = 32
        return string(.topicLevel(maximumBytes: maximumBytes, orAny: orAny)) { text in
            if orAny && text == "+" { return true }
            return (1...maximumBytes).contains(text.utf8.count) && text.utf8.allSatisfy(isPlain)
        }
    }

    static var path: Self {
        string(.path) { $0.hasPrefix("/") && $0.utf8.count <= 4096 && !$0.utf8.contains(0) }
    }

    /// The name of a credential: a file in a folder that somebody else names.
    static var credential: Self {
        string(.credential) { text in
            (1...255).contains(text.utf8.count) && text.utf8.allSatisfy(isPlain)
                && !text.hasPrefix(".")
        }
    }

    /// The name of a variable of the environment.
    static var variable: Self {
        string(.variable) { text in
            (1...255).contains(text.utf8.count)
                && text.utf8.allSatisfy { isPlain($0) && $0 != 0x2E && $0 != 0x2D }
        }
    }

    private static func string(
        _ expectation: ExpectedValue, _ isRight: @escaping @Sendable (String) -> Bool
    ) -> Self {
        Self(expectation: expectation) { value in
            value.string.flatMap { isRight($0) ? $0 : nil }
        } write: {
            TomlValue.quoted($0)
        }
    }

    /// What a level of a topic is made of, so that no name needs an escape.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension ValueType
where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    static var word: Self {
        Self(expectation: .word(Value.allCases.map(\.rawValue))) { value in
            value.string.flatMap { Value(rawValue: $0) }
        } write: {
            TomlValue.quoted($0.rawValue)
        }
    }
}

extension ValueType<Bool> {
    static var boolean: Self {
        Self(expectation: .boolean) { value in
            if case .boolean(let isTrue) = value { isTrue } else { nil }
        } write: {
            $0 ? "true" : "false"
        }
    }
}

extension ValueType<Int> {
    static func integer(_ range: ClosedRange<Int>) -> Self {
        Self(expectation: .integer(range)) { value in
            guard case .integer(let number) = value, range.contains(Int(number)) else {
                return nil
            }
            return Int(number)
        } write: {
            String($0)
        }
    }

    /// Bytes, as a number or as text with a unit.
    static func size(_ range: ClosedRange<Int>) -> Self {
        Self(expectation: .size(range)) { value in
            let bytes: Int? =
                switch value {
                case .integer(let number): Int(number)
                case .string(let text): Quantity.size(text)
                case .float, .boolean, .date, .array, .table: nil
                }
            return bytes.flatMap { range.contains($0) ? $0 : nil }
        } write: {
            TomlValue.quoted(Quantity.text(size: $0))
        }
    }
}

extension ValueType<Double> {
    /// Any number but NaN.
    static var number: Self {
        Self(expectation: .number) { value in
            switch value {
            case .integer(let number): Double(number)
            case .float(let number): number.isNaN ? nil : number
            case .string, .boolean, .date, .array, .table: nil
            }
        } write: { number in
            number.isInfinite ? (number < 0 ? "-inf" : "inf") : "\(number)"
        }
    }
}

extension ValueType<Duration> {
    static func duration(_ range: ClosedRange<Duration>) -> Self {
        Self(expectation: .duration(range)) { value in
            value.string.flatMap { Quantity.duration($0) }
                .flatMap { range.contains($0) ? $0 : nil }
        } write: {
            TomlValue.quoted(Quantity.text(duration: $0))
        }
    }
}

extension ValueType {
    /// A list of what `element` reads.
    static func list<Element>(of element: ValueType<Element>) -> Self where Value == [Element] {
        var list = Self(expectation: .list(of: element.expectation)) { value in
            guard case .array(let nodes) = value else { return nil }
            let elements = nodes.compactMap { element.read($0.value) }
            return elements.count == nodes.count ? elements : nil
        } write: { elements in
            "[" + elements.map { element.write($0) }.joined(separator: ", ") + "]"
        }
        list.misfit = { value in
            guard case .array(let nodes) = value,
                let index = nodes.firstIndex(where: { element.read($0.value) == nil })
            else { return nil }
            return (index, nodes[index])
        }
        return list
    }
}
