// SPDX-License-Identifier: Apache-2.0

/// An error that no test names is an error that nobody has seen thrown.
enum ErrorCaseRule {
    struct Case: Equatable {
        var type: String
        var name: String
        var line: Int
    }

    static func check(_ files: [SourceFile]) -> [Finding] {
        var named: Set<String> = []
        for file in files where file.isTest {
            for word in file.code.words where word.before == UInt8(ascii: ".") {
                named.insert(word.text)
            }
        }
        return files.filter(\.isProduct).flatMap { file in
            cases(in: file).filter { !named.contains($0.name) }.map {
                file.finding($0.line, "no test names .\($0.name) of \($0.type)")
            }
        }
    }

    /// The cases of each `enum …Error` in the file.
    static func cases(in file: SourceFile) -> [Case] {
        let words = file.code.words
        return zip(words, words.dropFirst()).flatMap { keyword, name -> [Case] in
            guard keyword.text == "enum", name.text.hasSuffix("Error") else { return [] }
            let body = body(of: name, in: file.code)
            return words.filter { $0.text == "case" && body.contains($0.start) }.flatMap { word in
                names(behind: word, in: file.code).map {
                    Case(type: name.text, name: $0, line: word.line)
                }
            }
        }
    }

    /// The offsets directly inside the braces of the type: not those of its members' bodies.
    private static func body(of name: SwiftCode.Word, in code: SwiftCode) -> Set<Int> {
        var inside: Set<Int> = []
        var depth = 0
        for i in name.end..<code.bytes.count {
            switch code.bytes[i] {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            default: if depth == 1 { inside.insert(i) }
            }
            if depth == 0 && code.bytes[i] == UInt8(ascii: "}") { break }
        }
        return inside
    }

    /// The names in `case a, b(Int), c`.
    private static func names(behind keyword: SwiftCode.Word, in code: SwiftCode) -> [String] {
        var names: [String] = []
        var offset = keyword.end
        while let name = code.words.first(where: { $0.start >= offset }) {
            names.append(name.text)
            offset = name.end
            if code.next(from: offset)?.byte == UInt8(ascii: "(") {
                var depth = 0
                repeat {
                    if code.bytes[offset] == UInt8(ascii: "(") { depth += 1 }
                    if code.bytes[offset] == UInt8(ascii: ")") { depth -= 1 }
                    offset += 1
                } while depth > 0 && offset < code.bytes.count
            }
            guard let next = code.next(from: offset), next.byte == UInt8(ascii: ",") else { break }
            offset = next.offset + 1
        }
        return names
    }
}
