// SPDX-License-Identifier: Apache-2.0

/// What is declared: names, the file it stands in, its documentation, typed errors.
enum DeclarationRule {
    private static let keywords: Set = [
        "struct", "class", "enum", "actor", "protocol", "typealias",
    ]

    /// Suffixes that say nothing about what a type does.
    private static let emptySuffixes = ["Manager", "Helper", "Helpers", "Util", "Utils", "Base"]
    /// A fleet is managed: there the word is the thing.
    private static let exceptions: Set = ["FleetManager"]

    /// The types a file declares, each with its line.
    static func types(in file: SourceFile) -> [(name: String, line: Int)] {
        zip(file.code.words, file.code.words.dropFirst()).compactMap { keyword, name in
            // `.class` and `struct:` are other uses of the words.
            guard keywords.contains(keyword.text), keyword.before != UInt8(ascii: "."),
                keyword.after == UInt8(ascii: " "), name.text.first?.isUppercase == true
            else { return nil }
            return (name.text, name.line)
        }
    }

    static func checkNames(_ file: SourceFile) -> [Finding] {
        types(in: file).compactMap { type in
            guard !exceptions.contains(type.name),
                let suffix = emptySuffixes.first(where: type.name.hasSuffix)
            else { return nil }
            return file.finding(
                type.line, "\(type.name): say what it does instead of \(suffix)")
        }
    }

    /// `Type.swift` declares the type; `Type+Concern.swift` extends or declares it.
    static func checkFileName(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, !["main.swift", "Package.swift"].contains(file.name) else { return [] }
        let stem = String(file.name.dropLast(".swift".count))
        let type = String(stem.prefix { $0 != "+" })
        let declared = types(in: file).contains { $0.name == type }
        if declared || (stem != type && extended(in: file).contains(type)) { return [] }
        return [file.finding("declares no type \(type); an extension's file is Type+Concern.swift")]
    }

    private static func extended(in file: SourceFile) -> Set<String> {
        var names: Set<String> = []
        let words = file.code.words
        for i in words.indices where words[i].text == "extension" && i + 1 < words.count {
            var j = i + 1
            names.insert(words[j].text)
            while words[j].after == UInt8(ascii: "."), j + 1 < words.count {
                j += 1
                names.insert(words[j].text)
            }
        }
        return names
    }

    /// Whoever uses the codec reads its documentation first.
    static func checkDocumented(_ file: SourceFile) -> [Finding] {
        guard file.isProduct, file.target == "AlecCodec" else { return [] }
        let code = file.code.lines
        return code.indices.compactMap { i in
            var words = code[i].split(separator: " ")
            words.removeAll { $0.hasPrefix("@") }
            guard words.first == "public", words.count > 1,
                !["import", "extension"].contains(words[1])
            else { return nil }
            var above = i - 1
            while above >= 0, file.lines[above].drop(while: \.isWhitespace).hasPrefix("@") {
                above -= 1
            }
            let documented =
                above >= 0 && file.lines[above].drop(while: \.isWhitespace).hasPrefix("///")
            return documented ? nil : file.finding(i + 1, "public, but has no `///` summary")
        }
    }

    /// Below the shell, `throws` names its error.
    static func checkThrows(_ file: SourceFile) -> [Finding] {
        let shell: Set = ["AlecCommands", "GatewayAgent", "GatewayReceiver", "alec", "alec-bench"]
        guard file.isProduct, let target = file.target, !shell.contains(target) else { return [] }
        return file.code.words.compactMap { word in
            word.text == "throws" && file.code.next(from: word.end)?.byte != UInt8(ascii: "(")
                ? file.finding(word.line, "name the error: `throws(SomeError)`") : nil
        }
    }
}
