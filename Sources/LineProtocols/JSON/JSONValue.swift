// SPDX-License-Identifier: Apache-2.0

/// A JSON text as a tree, for messages: few, small, and with members that lie inside each other.
///
/// Readings do not go this way; `JSONLinesReader` takes them without a tree.
package enum JSONValue: Equatable, Sendable {
    case null
    case boolean(Bool)
    /// A number without point and exponent that fits, exactly.
    case integer(Int64)
    /// Any other number, rounded to the nearest double.
    case number(Double)
    case text(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// How deep values may lie inside each other.
    package static let depthLimit = 8
    /// How many values a text may hold, so that a short one cannot ask for much memory.
    package static let countLimit = 16_384

    /// Reads all of `text`, strictly: one value, no key twice, nothing behind it but space.
    package static func read(_ text: Span<UInt8>) throws(LineError) -> JSONValue {
        var reader = JSONTreeReader()
        return try reader.read(text)
    }

    /// The member called `key`; nil if there is none, or this is no object.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    /// The text, if it is one.
    package var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// The whole number, if it is one.
    package var integer: Int64? {
        guard case .integer(let integer) = self else { return nil }
        return integer
    }

    /// The Boolean, if it is one.
    package var boolean: Bool? {
        guard case .boolean(let boolean) = self else { return nil }
        return boolean
    }

    /// The elements, if it is an array.
    package var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}

/// Builds the tree with the scanner's grammar; the depth is a number with a limit, so that the
/// recursion has one too.
private struct JSONTreeReader {
    private var scanner = JSONScanner()
    private var count = 0

    mutating func read(_ text: Span<UInt8>) throws(LineError) -> JSONValue {
        var i = 0
        let value = try value(text, &i, depth: 0)
        JSONScanner.skipSpace(text, &i, text.count)
        guard i == text.count else { throw .json(.trailing, at: i) }
        return value
    }

    private mutating func value(
        _ text: Span<UInt8>,
        _ i: inout Int,
        depth: Int
    ) throws(LineError) -> JSONValue {
        let end = text.count
        JSONScanner.skipSpace(text, &i, end)
        guard i < end else { throw .json(.truncated, at: end) }
        count += 1
        guard depth < JSONValue.depthLimit, count <= JSONValue.countLimit else {
            throw .json(.tooDeep, at: i)
        }
        switch text[i] {
        case ASCII.openBrace: return try object(text, &i, depth: depth)
        case ASCII.openBracket: return try array(text, &i, depth: depth)
        case ASCII.quote: return .text(try string(text, &i))
        case UInt8(ascii: "t"):
            try JSONScanner.expect("true", text, &i, end)
            return .boolean(true)
        case UInt8(ascii: "f"):
            try JSONScanner.expect("false", text, &i, end)
            return .boolean(false)
        case UInt8(ascii: "n"):
            try JSONScanner.expect("null", text, &i, end)
            return .null
        default: return try number(text, &i)
        }
    }

    private mutating func object(
        _ text: Span<UInt8>,
        _ i: inout Int,
        depth: Int
    ) throws(LineError) -> JSONValue {
        var members: [String: JSONValue] = [:]
        i += 1
        if isClosed(ASCII.closeBrace, text, &i) { return .object(members) }
        repeat {
            JSONScanner.skipSpace(text, &i, text.count)
            let start = i
            let key = try string(text, &i)
            JSONScanner.skipSpace(text, &i, text.count)
            try JSONScanner.expect(ASCII.colon, text, &i, text.count)
            let value = try value(text, &i, depth: depth + 1)
            guard members.updateValue(value, forKey: key) == nil else {
                throw .json(.duplicateKey, at: start)
            }
        } while try hasAnother(until: ASCII.closeBrace, text, &i)
        return .object(members)
    }

    private mutating func array(
        _ text: Span<UInt8>,
        _ i: inout Int,
        depth: Int
    ) throws(LineError) -> JSONValue {
        var elements: [JSONValue] = []
        i += 1
        if isClosed(ASCII.closeBracket, text, &i) { return .array(elements) }
        repeat {
            elements.append(try value(text, &i, depth: depth + 1))
        } while try hasAnother(until: ASCII.closeBracket, text, &i)
        return .array(elements)
    }

    /// Passes the closing byte of something empty.
    private func isClosed(_ closing: UInt8, _ text: Span<UInt8>, _ i: inout Int) -> Bool {
        JSONScanner.skipSpace(text, &i, text.count)
        guard i < text.count, text[i] == closing else { return false }
        i += 1
        return true
    }

    /// Passes a comma, and says so, or the closing byte.
    private func hasAnother(
        until closing: UInt8,
        _ text: Span<UInt8>,
        _ i: inout Int
    ) throws(LineError) -> Bool {
        JSONScanner.skipSpace(text, &i, text.count)
        if i < text.count, text[i] == ASCII.comma {
            i += 1
            return true
        }
        try JSONScanner.expect(closing, text, &i, text.count)
        return false
    }

    private mutating func string(_ text: Span<UInt8>, _ i: inout Int) throws(LineError) -> String {
        scanner.reset()
        let found = try scanner.string(text, &i, text.count)
        if found.isUnescaped {
            return String(decoding: scanner.unescaped[found.start..<found.end], as: UTF8.self)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(found.end - found.start)
        for k in found.start..<found.end { bytes.append(text[k]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func number(_ text: Span<UInt8>, _ i: inout Int) throws(LineError) -> JSONValue {
        let start = i
        let decimal = try JSONScanner.number(text, &i, text.count)
        if decimal.exponent == 0, !decimal.isTruncated, decimal.mantissa <= UInt64(Int64.max) {
            let magnitude = Int64(decimal.mantissa)
            // Minus nothing is a number, and no integer.
            if !decimal.isNegative { return .integer(magnitude) }
            if magnitude != 0 { return .integer(-magnitude) }
        }
        let value = decimal.rounded(text, start, i)
        guard value.isFinite else { throw .value(.outOfRange, at: start, column: 0) }
        return .number(value)
    }
}
