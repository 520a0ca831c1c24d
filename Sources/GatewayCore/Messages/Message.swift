// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import LineProtocols

/// What the JSON messages between agent and receiver have in common.
///
/// Readers are strict about the fields they know and pass over those they do not: keys are only
/// ever added.
package enum Message {
    /// No message of ours comes near it.
    package static let byteLimit = 64 << 10
    /// The longest identifier of a command or a receiver.
    package static let identifierLimit = 64

    /// The object that `payload` holds.
    static func read(_ payload: Span<UInt8>) throws(MessageError) -> MessageObject {
        guard payload.count <= byteLimit else { throw .tooLarge(bytes: payload.count) }
        guard let value = try? JSONValue.read(payload), case .object = value else {
            throw .notAnObject
        }
        return MessageObject(value: value)
    }
}

/// A JSON object whose fields are asked for by name, each with what it must be.
struct MessageObject {
    var value: JSONValue

    subscript(field: MessageField) -> JSONValue? {
        let member = value[field.rawValue]
        return member == .null ? nil : member
    }

    func integer<Value: FixedWidthInteger>(
        _ field: MessageField, as type: Value.Type = Value.self
    ) throws(MessageError) -> Value {
        guard let integer = self[field]?.integer, let value = Value(exactly: integer) else {
            throw .badField(field)
        }
        return value
    }

    /// A text of 1 to `Message.identifierLimit` bytes.
    func identifier(_ field: MessageField) throws(MessageError) -> String {
        guard let text = self[field]?.text, !text.isEmpty,
            text.utf8.count <= Message.identifierLimit
        else { throw .badField(field) }
        return text
    }

    func stream() throws(MessageError) -> StreamID {
        guard let text = self[.stream]?.text, let stream = StreamID(text: text) else {
            throw .badField(.stream)
        }
        return stream
    }

    func lane() throws(MessageError) -> Lane {
        guard let text = self[.lane]?.text, let lane = Lane(text: text) else {
            throw .badField(.lane)
        }
        return lane
    }

    func group() throws(MessageError) -> GroupIdentity {
        GroupIdentity(stream: try stream(), lane: try lane(), group: try integer(.group))
    }

    /// Milliseconds since 1970; nil where the field is not there.
    func time(_ field: MessageField) throws(MessageError) -> WallTime? {
        guard self[field] != nil else { return nil }
        let milliseconds: Int64 = try integer(field)
        let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { throw .badField(field) }
        return WallTime(nanoseconds: nanoseconds)
    }

    /// The elements of an array of at most `limit` objects.
    func objects(_ field: MessageField, limit: Int) throws(MessageError) -> [MessageObject] {
        guard let elements = self[field]?.elements else { throw .badField(field) }
        guard elements.count <= limit else { throw .tooManyEntries(elements.count) }
        var objects: [MessageObject] = []
        for element in elements {
            guard case .object = element else { throw .badField(field) }
            objects.append(MessageObject(value: element))
        }
        return objects
    }
}

/// Writes an object member by member.
struct MessageWriter {
    private(set) var text: TextBuffer
    private var isFirst = true

    init(into text: consuming TextBuffer = TextBuffer(capacity: 128)) {
        self.text = text
        self.text.append(UInt8(ascii: "{"))
    }

    /// Ends the object and gives its bytes.
    consuming func finish() -> [UInt8] {
        text.append(UInt8(ascii: "}"))
        return text.bytes
    }

    mutating func append(_ field: MessageField, _ value: String) {
        key(field.rawValue)
        text.appendString(value)
    }

    mutating func append(_ field: MessageField, _ value: some FixedWidthInteger) {
        key(field.rawValue)
        text.append(number: Int64(clamping: value))
    }

    mutating func append(_ field: MessageField, _ value: Bool) {
        key(field.rawValue)
        text.append(value ? "true" : "false")
    }

    mutating func appendNull(_ field: MessageField) {
        key(field.rawValue)
        text.append("null")
    }

    mutating func append(_ field: MessageField, _ numbers: [UInt32]) {
        key(field.rawValue)
        text.append(UInt8(ascii: "["))
        for (i, number) in numbers.enumerated() {
            if i > 0 { text.append(UInt8(ascii: ",")) }
            text.append(decimal: UInt64(number))
        }
        text.append(UInt8(ascii: "]"))
    }

    mutating func append(group: GroupIdentity) {
        append(.stream, group.stream.string)
        append(.lane, group.lane.text)
        append(.group, group.group)
    }

    /// Opens something that lies inside, as `"key":[` or `"key":{`.
    mutating func open(_ key: String, _ bracket: UInt8) {
        self.key(key)
        text.append(bracket)
        isFirst = true
    }

    /// Opens an object that is an element of an array.
    mutating func openElement() {
        if !isFirst { text.append(UInt8(ascii: ",")) }
        text.append(UInt8(ascii: "{"))
        isFirst = true
    }

    mutating func close(_ bracket: UInt8) {
        text.append(bracket)
        isFirst = false
    }

    /// Writes a key; a value must follow.
    mutating func key(_ name: String) {
        if !isFirst { text.append(UInt8(ascii: ",")) }
        isFirst = false
        text.appendString(name)
        text.append(UInt8(ascii: ":"))
    }

    /// Writes the comma between the elements of an array.
    mutating func separate() { text.append(UInt8(ascii: ",")) }

    /// Writes a text behind `key`.
    mutating func value(_ bytes: [UInt8]) { JSONLinesWriter.appendString(bytes.span, to: &text) }

    /// Writes a number behind `key`.
    mutating func value(_ number: Int64) { text.append(number: number) }
}

extension TextBuffer {
    /// A JSON string with its quotes.
    mutating func appendString(_ string: String) {
        let bytes = Array(string.utf8)
        JSONLinesWriter.appendString(bytes.span, to: &self)
    }

    mutating func append(number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        append(decimal: number.magnitude)
    }
}
