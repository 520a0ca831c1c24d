// SPDX-License-Identifier: Apache-2.0

/// A line that is shown to people, whatever its bytes are.
package enum LineSample {
    /// Text as it is; bytes that are none as `\x00`. In a line that is no UTF-8, all bytes above
    /// 127 are shown so. With `quote` the text can stand between double quotes.
    package static func text(_ bytes: [UInt8], quote: Bool = false) -> String {
        let isText = String(validating: bytes, as: UTF8.self) != nil
        var text: [UInt8] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""): text.append(quote ? UInt8(ascii: "'") : byte)
            case UInt8(ascii: "\t") where !quote: text.append(byte)
            case 0x20..<0x7F: text.append(byte)
            case 0x80... where isText: text.append(byte)
            default: text += Array(("\\x" + String(Int(byte) + 0x100, radix: 16).dropFirst()).utf8)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
