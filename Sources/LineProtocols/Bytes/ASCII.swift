// SPDX-License-Identifier: Apache-2.0

/// The bytes that the grammars here are made of, by name.
enum ASCII {
    static let tab = UInt8(ascii: "\t")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let quote = UInt8(ascii: "\"")
    static let comma = UInt8(ascii: ",")
    static let dot = UInt8(ascii: ".")
    static let equals = UInt8(ascii: "=")
    static let minus = UInt8(ascii: "-")
    static let plus = UInt8(ascii: "+")
    static let colon = UInt8(ascii: ":")
    static let backslash = UInt8(ascii: "\\")
    static let semicolon = UInt8(ascii: ";")
    static let underscore = UInt8(ascii: "_")
    static let dollar = UInt8(ascii: "$")
    static let star = UInt8(ascii: "*")
    static let zero = UInt8(ascii: "0")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")

    /// The worth of a hexadecimal digit, nil for any other byte.
    static func hexValue(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 0x30...0x39: UInt64(byte &- 0x30)
        case 0x41...0x46: UInt64(byte &- 0x37)
        case 0x61...0x66: UInt64(byte &- 0x57)
        default: nil
        }
    }
}

extension Span<UInt8> {
    /// The eight bytes from `offset` as one word, the first byte lowest.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        // Bounds are checked by the call, and any eight bytes are a valid UInt64.
        UInt64(
            littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Fewer than eight bytes from `offset`, zeros above them.
    @inline(__always)
    func partialWord(at offset: Int, count partial: Int) -> UInt64 {
        let bits = UInt64(truncatingIfNeeded: partial &* 8)
        if offset &+ 8 <= count { return word(at: offset) & ((1 << bits) &- 1) }
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < bits {
            value |= UInt64(self[offset &+ Int(truncatingIfNeeded: shift >> 3)]) << shift
            shift &+= 8
        }
        return value
    }

    /// The offset of the first `byte` in `start..<end`, nil if there is none.
    @inline(__always)
    func firstOffset(of byte: UInt8, from start: Int, to end: Int) -> Int? {
        let low: UInt64 = 0x0101_0101_0101_0101
        let pattern = low &* UInt64(byte)
        var i = start
        while i &+ 8 <= end {
            let x = word(at: i) ^ pattern
            // The lowest set bit marks the first zero byte of x; higher ones may be wrong.
            let zeros = (x &- low) & ~x & (low << 7)
            if zeros != 0 { return i &+ zeros.trailingZeroBitCount >> 3 }
            i &+= 8
        }
        while i < end {
            if self[i] == byte { return i }
            i &+= 1
        }
        return nil
    }

    /// Whether `start..<end` is exactly `text`.
    func equals(_ text: StaticString, from start: Int, to end: Int) -> Bool {
        guard end - start == text.utf8CodeUnitCount else { return false }
        // A literal's bytes live for ever; the count above is theirs.
        let literal = unsafe UnsafeBufferPointer(
            start: text.utf8Start,
            count: text.utf8CodeUnitCount
        )
        for i in 0..<(end - start) where unsafe literal[i] != self[start + i] { return false }
        return true
    }

    /// The same, letters in any case; `text` is in lower case.
    func equalsIgnoringCase(_ text: StaticString, from start: Int, to end: Int) -> Bool {
        guard end - start == text.utf8CodeUnitCount else { return false }
        // As above.
        let literal = unsafe UnsafeBufferPointer(
            start: text.utf8Start,
            count: text.utf8CodeUnitCount
        )
        for i in 0..<(end - start) {
            let byte = self[start + i]
            let isUpper = byte >= 0x41 && byte <= 0x5A
            if unsafe literal[i] != (isUpper ? byte | 0x20 : byte) { return false }
        }
        return true
    }

    /// The end of the line without its carriage return, where it has one.
    @inline(__always)
    var endWithoutReturn: Int {
        count > 0 && self[count &- 1] == ASCII.carriageReturn ? count &- 1 : count
    }
}
