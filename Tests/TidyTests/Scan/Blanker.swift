// SPDX-License-Identifier: Apache-2.0

/// Walks over Swift text and writes spaces over comments and the content of string literals.
///
/// Code inside `\(…)` of a literal is code and stays. Regex literals are not known.
struct Blanker {
    private let bytes: [UInt8]
    private(set) var out: [UInt8]
    private var i = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        out = bytes
    }

    /// Walks over code to the end, or to the parenthesis that closes an interpolation.
    mutating func code(insideInterpolation: Bool) {
        var depth = 0
        while i < bytes.count {
            switch bytes[i] {
            case UInt8(ascii: "/") where at(1) == UInt8(ascii: "/"):
                while i < bytes.count, bytes[i] != UInt8(ascii: "\n") { blank() }
            case UInt8(ascii: "/") where at(1) == UInt8(ascii: "*"):
                blockComment()
            case UInt8(ascii: "\""):
                string(hashes: 0)
            case UInt8(ascii: "#"):
                var hashes = 0
                while at(hashes) == UInt8(ascii: "#") { hashes += 1 }
                i += hashes
                if at(0) == UInt8(ascii: "\"") { string(hashes: hashes) }
            case UInt8(ascii: "("):
                depth += 1
                i += 1
            case UInt8(ascii: ")"):
                i += 1
                if insideInterpolation && depth == 0 { return }
                depth -= 1
            default:
                i += 1
            }
        }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if at(0) == UInt8(ascii: "/") && at(1) == UInt8(ascii: "*") {
                depth += 1
                blank()
            } else if at(0) == UInt8(ascii: "*") && at(1) == UInt8(ascii: "/") {
                depth -= 1
                blank()
            }
            blank()
        } while depth > 0 && i < bytes.count
    }

    private mutating func string(hashes: Int) {
        let quotes = at(1) == UInt8(ascii: "\"") && at(2) == UInt8(ascii: "\"") ? 3 : 1
        i += quotes
        while i < bytes.count {
            if run(of: UInt8(ascii: "\""), count: quotes, from: 0),
                run(of: UInt8(ascii: "#"), count: hashes, from: quotes)
            {
                i += quotes + hashes
                return
            }
            if bytes[i] == UInt8(ascii: "\\"), run(of: UInt8(ascii: "#"), count: hashes, from: 1) {
                for _ in 0...hashes { blank() }
                if at(0) == UInt8(ascii: "(") {
                    i += 1
                    code(insideInterpolation: true)
                } else {
                    blank()
                }
                continue
            }
            // A literal on one line ends with it, whatever this scanner believed.
            if quotes == 1 && bytes[i] == UInt8(ascii: "\n") { return }
            blank()
        }
    }

    private func run(of byte: UInt8, count: Int, from offset: Int) -> Bool {
        (0..<count).allSatisfy { at(offset + $0) == byte }
    }

    /// The byte `offset` further on; 0 behind the end.
    private func at(_ offset: Int) -> UInt8 {
        i + offset < bytes.count ? bytes[i + offset] : 0
    }

    private mutating func blank() {
        guard i < bytes.count else { return }
        if bytes[i] != UInt8(ascii: "\n") { out[i] = UInt8(ascii: " ") }
        i += 1
    }
}
