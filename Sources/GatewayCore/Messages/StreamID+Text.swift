// SPDX-License-Identifier: Apache-2.0

package import AlecCodec

extension StreamID {
    /// The eight letters as a string.
    package var string: String {
        let letters = text
        var bytes: [UInt8] = []
        for i in letters.indices { bytes.append(letters[i]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The stream that is called `text`; nil unless it is eight letters a to z and 2 to 7.
    package init?(text: String) {
        guard text.utf8.count == Self.textLength else { return nil }
        var bits: UInt64 = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): bits = bits << 5 | UInt64(byte - 97)
            case UInt8(ascii: "2")...UInt8(ascii: "7"): bits = bits << 5 | UInt64(byte - 24)
            default: return nil
            }
        }
        self.init(random: bits)
    }
}
