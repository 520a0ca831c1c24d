// SPDX-License-Identifier: Apache-2.0

/// Whether bytes are UTF-8: shortest forms only, no surrogates, nothing above U+10FFFF.
enum UTF8Check {
    /// The offset of the first byte in `start..<end` that breaks the rules, nil if none does.
    static func firstFault(in text: Span<UInt8>, from start: Int, to end: Int) -> Int? {
        var i = start
        while i < end {
            let lead = text[i]
            if lead < 0x80 {
                i += 1
                continue
            }
            guard let length = sequenceLength(lead), end - i >= length else { return i }
            guard allowedSecond(after: lead).contains(text[i + 1]) else { return i }
            for k in 2..<max(2, length) where text[i + k] & 0xC0 != 0x80 { return i }
            i += length
        }
        return nil
    }

    private static func sequenceLength(_ lead: UInt8) -> Int? {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: nil
        }
    }

    /// The second byte alone tells long forms, surrogates and code points that are too large.
    private static func allowedSecond(after lead: UInt8) -> ClosedRange<UInt8> {
        switch lead {
        case 0xE0: 0xA0...0xBF
        case 0xED: 0x80...0x9F
        case 0xF0: 0x90...0xBF
        case 0xF4: 0x80...0x8F
        default: 0x80...0xBF
        }
    }
}
