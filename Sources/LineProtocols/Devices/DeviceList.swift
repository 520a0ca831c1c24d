// SPDX-License-Identifier: Apache-2.0

/// Lists as small devices print them, parted by commas, semicolons, spaces or tabs.
enum DeviceList {
    /// The comma, semicolon, space or tab behind what begins at `start`, or the end.
    @inline(__always)
    static func wordEnd(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var i = start
        while i < end, !isDelimiter(line[i]) { i &+= 1 }
        return i
    }

    @inline(__always)
    static func isDelimiter(_ byte: UInt8) -> Bool {
        byte == ASCII.comma || byte == ASCII.semicolon || isBlank(byte)
    }

    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool { byte == ASCII.space || byte == ASCII.tab }

    @inline(__always)
    static func skipBlanks(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var i = start
        while i < end, isBlank(line[i]) { i &+= 1 }
        return i
    }

    /// The end of the line without blanks.
    @inline(__always)
    static func trimmedEnd(_ line: Span<UInt8>) -> Int {
        var end = line.endWithoutReturn
        while end > 0, isBlank(line[end &- 1]) { end &-= 1 }
        return end
    }
}

/// A number, a text or nothing, somewhere in a line.
struct DeviceField {
    enum Kind {
        case number, text, absent
    }

    /// What names it, if anything does.
    var keyStart = 0
    var keyEnd = 0
    /// The value; of a quoted text without its quotes.
    var start: Int
    var end: Int
    var kind: Kind
    var value = 0.0
}
