// SPDX-License-Identifier: Apache-2.0

/// What names and units may consist of.
enum TableText {
    /// Whether the bytes are UTF-8 (RFC 3629) without control characters of ASCII.
    static func isPlain(_ text: [UInt8]) -> Bool {
        var i = 0
        while i < text.count {
            let length = scalarLength(text, at: i)
            guard length > 0 else { return false }
            i += length
        }
        return true
    }

    /// Bytes of the scalar at `i`; 0 if there is none that may stand here.
    private static func scalarLength(_ text: [UInt8], at i: Int) -> Int {
        let lead = text[i]
        // What the second byte may be: shortest form, no surrogates, not beyond U+10FFFF.
        var second: ClosedRange<UInt8> = 0x80...0xBF
        let length: Int
        switch lead {
        case 0x20...0x7E: return 1
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if lead == 0xE0 { second = 0xA0...0xBF }
            if lead == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if lead == 0xF0 { second = 0x90...0xBF }
            if lead == 0xF4 { second = 0x80...0x8F }
        default: return 0
        }
        guard text.count - i >= length, second.contains(text[i + 1]) else { return 0 }
        for k in 2..<max(length, 2) where text[i + k] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
