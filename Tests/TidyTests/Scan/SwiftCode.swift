// SPDX-License-Identifier: Apache-2.0

/// Swift text without comments and without the content of string literals, cut into words.
///
/// Not a parser: it knows just enough that a banned word in a comment or a string is no finding.
/// Blanked characters become spaces, so offsets and lines stay those of the text.
struct SwiftCode: Sendable {
    /// An identifier or keyword.
    struct Word: Sendable {
        var text: String
        var line: Int
        /// Where it begins in `bytes`, and where it ends.
        var start: Int
        var end: Int
        /// The bytes beside it; 0 at the ends of the file.
        var before: UInt8
        var after: UInt8
    }

    let bytes: [UInt8]
    let words: [Word]

    init(_ text: String) {
        var blanker = Blanker(Array(text.utf8))
        blanker.code(insideInterpolation: false)
        bytes = blanker.out
        words = Self.words(in: blanker.out)
    }

    /// The blanked text line by line.
    var lines: [String] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// The first byte at or behind `offset` that is no space, with its place.
    func next(from offset: Int) -> (byte: UInt8, offset: Int)? {
        var i = offset
        while i < bytes.count, bytes[i] == 0x20 || bytes[i] == 0x0A { i += 1 }
        return i < bytes.count ? (bytes[i], i) : nil
    }

    private static func words(in bytes: [UInt8]) -> [Word] {
        var words: [Word] = []
        var line = 1
        var i = 0
        while i < bytes.count {
            let byte = bytes[i]
            if byte == UInt8(ascii: "\n") { line += 1 }
            guard isWordByte(byte) else {
                i += 1
                continue
            }
            let start = i
            while i < bytes.count, isWordByte(bytes[i]) { i += 1 }
            // A number is not a word.
            if byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") { continue }
            words.append(
                Word(
                    text: String(decoding: bytes[start..<i], as: UTF8.self), line: line,
                    start: start, end: i,
                    before: start > 0 ? bytes[start - 1] : 0, after: i < bytes.count ? bytes[i] : 0
                ))
        }
        return words
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xFF:
            true
        default:
            false
        }
    }
}
