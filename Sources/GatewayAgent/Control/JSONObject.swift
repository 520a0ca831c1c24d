// SPDX-License-Identifier: Apache-2.0

internal import LineProtocols

/// A JSON object that grows member by member, for pages that people and programs ask for.
struct JSONObject {
    private var text = TextBuffer()

    init() { text.append(UInt8(ascii: "{")) }

    mutating func add(_ key: String, _ value: String) {
        addKey(key)
        JSONLinesWriter.appendString(Array(value.utf8).span, to: &text)
    }

    mutating func add(_ key: String, _ value: some BinaryInteger) { addRaw(key, String(value)) }

    mutating func add(_ key: String, _ value: Bool) { addRaw(key, value ? "true" : "false") }

    /// With one digit behind the point.
    mutating func add(_ key: String, tenths value: Double) {
        let scaled = Int64((min(max(value, 0), 1e15) * 10).rounded())
        addRaw(key, "\(scaled / 10).\(scaled % 10)")
    }

    mutating func add(_ key: String, _ value: JSONObject) { addRaw(key, value.string) }

    mutating func add(_ key: String, _ values: [JSONObject]) {
        addRaw(key, "[" + values.map(\.string).joined(separator: ",") + "]")
    }

    mutating func add(_ key: String, texts values: [String]) {
        var list = JSONObject()
        for value in values { list.append(value) }
        addRaw(key, "[" + list.string.dropFirst().dropLast() + "]")
    }

    /// The object.
    var string: String { String(decoding: text.bytes, as: UTF8.self) + "}" }

    /// The object as a line.
    var line: [UInt8] { Array((string + "\n").utf8) }

    private mutating func append(_ value: String) {
        if text.count > 1 { text.append(UInt8(ascii: ",")) }
        JSONLinesWriter.appendString(Array(value.utf8).span, to: &text)
    }

    private mutating func addRaw(_ key: String, _ value: String) {
        addKey(key)
        text.append(Array(value.utf8).span)
    }

    private mutating func addKey(_ key: String) {
        if text.count > 1 { text.append(UInt8(ascii: ",")) }
        JSONLinesWriter.appendString(Array(key.utf8).span, to: &text)
        text.append(UInt8(ascii: ":"))
    }
}
