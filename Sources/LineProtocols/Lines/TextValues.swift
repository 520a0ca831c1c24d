// SPDX-License-Identifier: Apache-2.0

/// Texts that stand for values, by sensor: `open` is 1 and `closed` is 0 for `door`.
package struct TextValues: Sendable {
    /// What a text is.
    package enum Answer: Equatable, Sendable {
        case value(Double)
        /// The sensor has texts, and this is none of them.
        case unknown
        /// The sensor has no texts.
        case none
    }

    private struct Entry {
        var rule: Int
        var text: [UInt8]
        var value: Double
    }

    /// The names of sensors in full; their index is that of the rule.
    private var exact = SensorNames()
    private var rules: [Int] = []
    /// Beginnings of names, the longest first.
    private var prefixes: [(bytes: [UInt8], rule: Int)] = []
    private var entries: [Entry] = []
    private var ruleCount = 0

    /// No texts.
    package init() {}

    /// Whether there are none.
    package var isEmpty: Bool { entries.isEmpty }

    /// From now on `text` is `value` for `sensor`, which is a name or, with a `*` at its end,
    /// the beginning of names. A full name goes before a beginning, a longer one before a
    /// shorter one. False for a name that no sensor can have.
    package mutating func add(sensor: String, text: String, value: Double) -> Bool {
        let bytes = Array(sensor.utf8)
        guard let rule = bytes.last == UInt8(ascii: "*") ? prefix(bytes.dropLast()) : name(bytes)
        else { return false }
        entries.removeAll { $0.rule == rule && $0.text == Array(text.utf8) }
        entries.append(Entry(rule: rule, text: Array(text.utf8), value: value))
        return true
    }

    /// What `text` is for `sensor`.
    package func answer(sensor: Span<UInt8>, text: Span<UInt8>) -> Answer {
        guard let rule = rule(of: sensor) else { return .none }
        for entry in entries where entry.rule == rule && Self.areEqual(entry.text.span, text) {
            return .value(entry.value)
        }
        return .unknown
    }

    private mutating func name(_ bytes: [UInt8]) -> Int? {
        let count = exact.count
        guard let index = try? exact.index(of: bytes.span, from: 0, to: bytes.count) else {
            return nil
        }
        if exact.count > count { rules.append(nextRule()) }
        return rules[index]
    }

    private mutating func prefix(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count <= SensorNames.maximumLength else { return nil }
        if let known = prefixes.first(where: { $0.bytes == Array(bytes) }) { return known.rule }
        let rule = nextRule()
        prefixes.append((Array(bytes), rule))
        prefixes.sort { $0.bytes.count > $1.bytes.count }
        return rule
    }

    private mutating func nextRule() -> Int {
        ruleCount += 1
        return ruleCount
    }

    private func rule(of sensor: Span<UInt8>) -> Int? {
        if let index = exact.find(sensor, from: 0, to: sensor.count) { return rules[index] }
        for prefix in prefixes where prefix.bytes.count <= sensor.count {
            let start = sensor.extracting(0..<prefix.bytes.count)
            if Self.areEqual(prefix.bytes.span, start) { return prefix.rule }
        }
        return nil
    }

    private static func areEqual(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        for i in a.indices where a[i] != b[i] { return false }
        return true
    }
}
