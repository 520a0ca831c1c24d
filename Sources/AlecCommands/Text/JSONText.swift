// SPDX-License-Identifier: Apache-2.0

internal import LineProtocols

/// A JSON object on one line, member by member.
struct JSONText {
    private var buffer = TextBuffer()

    init() { buffer.append(UInt8(ascii: "{")) }

    mutating func add(_ key: StaticString, _ value: Int) { addRaw(key, String(value)) }

    mutating func add(_ key: StaticString, _ value: Bool) { addRaw(key, value ? "true" : "false") }

    /// With `places` digits behind the point.
    mutating func add(_ key: StaticString, _ value: Double, places: Int) {
        addRaw(key, CountText.fixed(value, places: places))
    }

    mutating func add(_ key: StaticString, _ value: String) {
        addKey(key)
        JSONLinesWriter.appendString(Array(value.utf8).span, to: &buffer)
    }

    mutating func add(_ key: StaticString, utf8 value: [UInt8]) {
        addKey(key)
        JSONLinesWriter.appendString(value.span, to: &buffer)
    }

    /// A number or another object that is text already.
    mutating func addRaw(_ key: StaticString, _ value: String) {
        addKey(key)
        buffer.append(Array(value.utf8).span)
    }

    /// The object, without an end of line.
    var text: String { String(decoding: buffer.bytes, as: UTF8.self) + "}" }

    private mutating func addKey(_ key: StaticString) {
        if buffer.count > 1 { buffer.append(UInt8(ascii: ",")) }
        buffer.append(UInt8(ascii: "\""))
        buffer.append(key)
        buffer.append("\":")
    }
}
