// SPDX-License-Identifier: Apache-2.0

/// Documents that stay true: links that lead somewhere, commands and targets that exist.
enum DocumentRule {
    /// Relative links of a Markdown file to what is not among `paths`.
    static func checkLinks(_ file: SourceFile, among paths: Set<String>) -> [Finding] {
        guard file.kind == "md" else { return [] }
        let folder = file.components.dropLast().map(String.init)
        return prose(of: file).flatMap { number, line in
            links(in: line).compactMap { link in
                let target = link.prefix { $0 != "#" && $0 != " " }
                guard !target.isEmpty, !target.contains(":") else { return nil }
                let path = resolve(String(target), in: folder)
                let isThere = paths.contains(path) || paths.contains { $0.hasPrefix(path + "/") }
                return isThere ? nil : file.finding(number, "leads nowhere: \(link)")
            }
        }
    }

    /// `make` commands that a Markdown file names and the Makefile does not know.
    static func checkCommands(_ file: SourceFile, makefile: String) -> [Finding] {
        guard file.kind == "md" else { return [] }
        let known = Set(
            makefile.split(separator: "\n").compactMap { line in
                line.first?.isLetter == true && line.contains(":")
                    ? line.prefix { $0 != ":" && $0 != " " } : nil
            })
        return file.lines.enumerated().flatMap { i, line in
            commands(in: line).filter { !known.contains($0) }.map {
                file.finding(i + 1, "the Makefile has no command \($0)")
            }
        }
    }

    /// Names of places that only the author's machine has.
    static func checkPlaces(_ file: SourceFile) -> [Finding] {
        let absolute = ["/work", "/home", "/root", "/tmp"].map { $0 + "/" }
        let outside = "../" + "shared/"
        let allowed = ["data", "codec/"].map { outside + $0 }
        return file.lines.enumerated().flatMap { i, line -> [Finding] in
            var findings: [Finding] = []
            for place in absolute where line.contains(place) {
                // Programs and tests may use what every machine has; documents name no such file.
                if place == "/tmp" + "/" && file.kind != "md" { continue }
                findings.append(file.finding(i + 1, "\(place) is a place on one machine"))
            }
            for found in line.ranges(of: outside) {
                let rest = line[found.lowerBound...]
                if !allowed.contains(where: rest.hasPrefix) {
                    findings.append(file.finding(i + 1, "only \(allowed) lie outside"))
                }
            }
            return findings
        }
    }

    /// Decision pages are `0001-what-was-decided.md`; a number is given once.
    static func checkDecisions(_ paths: [String]) -> [Finding] {
        var first: [Substring: String] = [:]
        return paths.filter { $0.contains("/Decisions/") }.sorted().flatMap { path -> [Finding] in
            guard let name = path.split(separator: "/").last, name.hasSuffix(".md") else {
                return []
            }
            let number = name.prefix { $0 != "-" }
            guard number.count == 4, number.allSatisfy(\.isNumber) else {
                return [Finding(path: path, line: 0, message: "begins with no four digits and `-`")]
            }
            if let other = first[number] {
                return [Finding(path: path, line: 0, message: "has the number of \(other)")]
            }
            first[number] = path
            return []
        }
    }

    /// ARCHITECTURE.md has a row for each folder of `Sources`.
    static func checkTargets(_ paths: [String], architecture: String) -> [Finding] {
        let targets = Set(
            paths.filter { $0.hasPrefix("Sources/") }.compactMap {
                $0.split(separator: "/").dropFirst().first
            })
        return targets.sorted().compactMap { target in
            architecture.contains("| `\(target)` |")
                ? nil
                : Finding(
                    path: "ARCHITECTURE.md", line: 0,
                    message: "the table of targets has no row for \(target)")
        }
    }

    /// The lines outside fenced code, numbered, without `inline code`.
    private static func prose(of file: SourceFile) -> [(number: Int, text: String)] {
        var fenced = false
        return file.lines.enumerated().compactMap { i, line in
            if line.drop(while: \.isWhitespace).hasPrefix("```") {
                fenced.toggle()
                return nil
            }
            if fenced { return nil }
            let parts = line.split(separator: "`", omittingEmptySubsequences: false)
            let text = parts.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            return (i + 1, text.joined(separator: "`"))
        }
    }

    private static func links(in line: String) -> [String] {
        line.ranges(of: "](").map { String(line[$0.upperBound...].prefix { $0 != ")" }) }
    }

    private static func resolve(_ link: String, in folder: [String]) -> String {
        var parts = folder
        for part in link.split(separator: "/") where part != "." {
            if part == ".." && !parts.isEmpty && parts.last != ".." {
                parts.removeLast()
            } else {
                parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }

    /// The words behind `make ` at the start of inline code or of a line of fenced code.
    private static func commands(in line: String) -> [Substring] {
        let starts = line.hasPrefix("make ") ? [line.startIndex..<line.startIndex] : []
        return (starts + line.ranges(of: "`").map { $0.upperBound..<$0.upperBound }).compactMap {
            let rest = line[$0.lowerBound...]
            guard rest.hasPrefix("make ") else { return nil }
            let word = rest.dropFirst(5).prefix { $0.isLetter || $0.isNumber || $0 == "-" }
            return word.isEmpty ? nil : word
        }
    }
}
