// SPDX-License-Identifier: Apache-2.0

/// A string of a JSON line, without its quotes.
struct JSONText {
    var start: Int
    var end: Int
    /// Where its opening quote is in the line.
    var quote: Int
    /// It had escapes; what they stand for lies in the scanner's `unescaped`, not in the line.
    var isUnescaped: Bool
}

/// The grammar of RFC 8259, strictly: strings, values to be skipped, keys that occur twice.
///
/// Nothing recurses: how deep values lie inside each other is a number with a limit.
struct JSONScanner: Sendable {
    /// Strings of this line that had escapes.
    private(set) var unescaped: [UInt8] = []
    private var keys = JSONKeySet()
    private var objects = 0

    /// Whether there is anything to be reset.
    var isUsed: Bool { objects > 0 || !unescaped.isEmpty }

    /// Begins another line.
    mutating func reset() {
        unescaped.removeAll(keepingCapacity: true)
        keys.removeAll()
        objects = 0
    }

    /// Forgets the keys, and keeps the strings that had escapes.
    mutating func forgetKeys() {
        keys.removeAll()
    }

    @inline(__always)
    static func skipSpace(_ line: Span<UInt8>, _ i: inout Int, _ end: Int) {
        while i < end {
            switch line[i] {
            case ASCII.space, ASCII.tab, ASCII.carriageReturn, ASCII.newline: i &+= 1
            default: return
            }
        }
    }

    /// Passes one `byte`, or says what stands there instead.
    @inline(__always)
    static func expect(
        _ byte: UInt8,
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int
    ) throws(LineError) {
        guard i < end else { throw .json(.truncated, at: end) }
        guard line[i] == byte else { throw .json(.unexpected, at: i) }
        i &+= 1
    }

    /// Passes `true`, `false` or `null`.
    static func expect(
        _ word: StaticString,
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int
    ) throws(LineError) {
        let next = i + word.utf8CodeUnitCount
        guard line.equals(word, from: i, to: min(next, end)) else {
            throw .json(.unexpected, at: i)
        }
        i = next
    }

    /// Remembers a key of object number `object`; throws if it was there before.
    @inline(__always)
    mutating func insert(
        _ key: JSONText,
        of object: Int,
        _ line: Span<UInt8>
    ) throws(LineError) {
        guard keys.insert(key, of: object, line: line, unescaped: unescaped) else {
            throw .json(.duplicateKey, at: key.quote)
        }
    }

    /// The string whose opening quote is at `i`.
    @inline(__always)
    mutating func string(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int
    ) throws(LineError) -> JSONText {
        try Self.expect(ASCII.quote, line, &i, end)
        let start = i
        while i < end {
            let byte = line[i]
            if byte == ASCII.quote {
                i &+= 1
                return JSONText(start: start, end: i &- 1, quote: start &- 1, isUnescaped: false)
            }
            if byte == ASCII.backslash || byte < 0x20 || byte >= 0x80 { break }
            i &+= 1
        }
        return try unusualString(line, start, &i, end)
    }

    /// The string from `start`, once a byte at `i` was met that needs a closer look.
    @inline(never)
    private mutating func unusualString(
        _ line: Span<UInt8>,
        _ start: Int,
        _ i: inout Int,
        _ end: Int
    ) throws(LineError) -> JSONText {
        let unescapedStart = unescaped.count
        var copied = start
        var hasEscapes = false
        while i < end {
            let byte = line[i]
            if byte == ASCII.quote { break }
            guard byte >= 0x20 else { throw .json(.controlInString, at: i) }
            if byte == ASCII.backslash {
                hasEscapes = true
                for k in copied..<i { unescaped.append(line[k]) }
                try escape(line, &i, end)
                copied = i
            } else {
                i += 1
            }
        }
        guard i < end else { throw .json(.truncated, at: end) }
        let stringEnd = i
        i += 1
        // Escapes are ASCII and stand for whole characters, so the raw bytes tell it all.
        if let fault = UTF8Check.firstFault(in: line, from: start, to: stringEnd) {
            throw .json(.notUTF8, at: fault)
        }
        guard hasEscapes else {
            return JSONText(start: start, end: stringEnd, quote: start - 1, isUnescaped: false)
        }
        for k in copied..<stringEnd { unescaped.append(line[k]) }
        return JSONText(
            start: unescapedStart, end: unescaped.count, quote: start - 1, isUnescaped: true)
    }

    /// Writes what the escape at `i` stands for to `unescaped`.
    private mutating func escape(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int
    ) throws(LineError) {
        let start = i
        guard start + 1 < end else { throw .json(.truncated, at: end) }
        i += 2
        switch line[start + 1] {
        case ASCII.quote, ASCII.backslash, UInt8(ascii: "/"): unescaped.append(line[start + 1])
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "u"): try unicodeEscape(line, start, &i, end)
        default: throw .json(.badEscape, at: start)
        }
    }

    private mutating func unicodeEscape(
        _ line: Span<UInt8>,
        _ start: Int,
        _ i: inout Int,
        _ end: Int
    ) throws(LineError) {
        var code = try Self.fourDigits(line, start, &i, end)
        if code >= 0xD800, code < 0xDC00 {
            // The first half of a pair: the second must follow at once.
            guard i + 1 < end, line[i] == ASCII.backslash, line[i + 1] == UInt8(ascii: "u") else {
                throw .json(.badEscape, at: start)
            }
            i += 2
            let second = try Self.fourDigits(line, start, &i, end)
            guard second >= 0xDC00, second < 0xE000 else { throw .json(.badEscape, at: start) }
            code = 0x10000 + (code - 0xD800) << 10 + (second - 0xDC00)
        }
        // Half a pair alone is the only code that is no scalar.
        guard let scalar = Unicode.Scalar(code) else { throw .json(.badEscape, at: start) }
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
            unescaped.append(byte)
        }
    }

    private static func fourDigits(
        _ line: Span<UInt8>,
        _ start: Int,
        _ i: inout Int,
        _ end: Int
    ) throws(LineError) -> UInt32 {
        guard end - i >= 4 else { throw .json(.truncated, at: end) }
        var code: UInt32 = 0
        for k in i..<(i + 4) {
            guard let digit = ASCII.hexValue(line[k]) else { throw .json(.badEscape, at: start) }
            code = code << 4 | UInt32(digit)
        }
        i += 4
        return code
    }

    /// Passes the object or array at `i`, checking all of it, and notes the values in it.
    mutating func readNested(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ leaves: inout JSONLeaves
    ) throws(LineError) {
        // Numbers of the objects that are open, 0 for an array; `maximumDepth` of them fit.
        var open = InlineArray<32, Int>(repeating: 0)
        var depth = 0
        while true {
            if try enter(line, &i, end, &open, &depth, &leaves) { continue }
            // A value ended: so do all that it was the last of.
            while depth > 0 {
                Self.skipSpace(line, &i, end)
                guard i < end else { throw .json(.truncated, at: end) }
                let object = open[depth - 1]
                if line[i] == ASCII.comma {
                    i += 1
                    if object != 0 {
                        try key(of: object, line, &i, end, &leaves)
                    } else {
                        leaves.nextElement()
                    }
                    break
                }
                try Self.expect(
                    object != 0 ? ASCII.closeBrace : ASCII.closeBracket, line, &i, end)
                depth -= 1
                leaves.close()
            }
            if depth == 0 { return }
        }
    }

    /// Passes a scalar or an empty object or array, or goes into one: true if a value follows.
    private mutating func enter(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ open: inout InlineArray<32, Int>,
        _ depth: inout Int,
        _ leaves: inout JSONLeaves
    ) throws(LineError) -> Bool {
        Self.skipSpace(line, &i, end)
        guard i < end else { throw .json(.truncated, at: end) }
        let isObject = line[i] == ASCII.openBrace
        guard isObject || line[i] == ASCII.openBracket else {
            try readScalar(line, &i, end, &leaves)
            return false
        }
        // The line's own object is the first level.
        guard depth + 1 < JSONLinesReader.maximumDepth else { throw .json(.tooDeep, at: i) }
        i += 1
        Self.skipSpace(line, &i, end)
        if i < end, line[i] == (isObject ? ASCII.closeBrace : ASCII.closeBracket) {
            i += 1
            return false
        }
        if isObject { objects += 1 }
        open[depth] = isObject ? objects : 0
        depth += 1
        leaves.open(isObject: isObject)
        if isObject { try key(of: objects, line, &i, end, &leaves) }
        return true
    }

    private mutating func key(
        of object: Int,
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ leaves: inout JSONLeaves
    ) throws(LineError) {
        Self.skipSpace(line, &i, end)
        let key = try string(line, &i, end)
        try insert(key, of: object, line)
        leaves.next(key, line, unescaped)
        Self.skipSpace(line, &i, end)
        try Self.expect(ASCII.colon, line, &i, end)
    }

    private mutating func readScalar(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ leaves: inout JSONLeaves
    ) throws(LineError) {
        let start = i
        var kind = JSONMember.Kind.number
        var decimal = Decimal(mantissa: 0, exponent: 0, isNegative: false, isTruncated: false)
        var text = JSONText(start: 0, end: 0, quote: 0, isUnescaped: false)
        try scalar(line, &i, end, &kind, &decimal, &text)
        leaves.add(kind, start, i, decimal, text)
    }

    /// Passes the value at `i`, which is no object and no array, and says what it is.
    @inline(__always)
    mutating func scalar(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ kind: inout JSONMember.Kind,
        _ decimal: inout Decimal,
        _ text: inout JSONText
    ) throws(LineError) {
        switch line[i] {
        case ASCII.quote:
            kind = .text
            text = try string(line, &i, end)
        case UInt8(ascii: "t"):
            kind = .boolean
            decimal.mantissa = 1
            try Self.expect("true", line, &i, end)
        case UInt8(ascii: "f"):
            kind = .boolean
            try Self.expect("false", line, &i, end)
        case UInt8(ascii: "n"):
            kind = .null
            try Self.expect("null", line, &i, end)
        default:
            decimal = try Self.number(line, &i, end)
        }
    }

    /// The number at `i`.
    @inline(__always)
    static func number(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int
    ) throws(LineError) -> Decimal {
        var next = i
        guard let decimal = Decimal.scan(line, from: i, to: end, next: &next) else {
            // What does not even begin like a number is just out of place.
            let first = line[i]
            guard first == ASCII.minus || first &- ASCII.zero < 10 else {
                throw .json(.unexpected, at: i)
            }
            throw next < end ? .json(.badNumber, at: next) : .json(.truncated, at: end)
        }
        i = next
        return decimal
    }
}
