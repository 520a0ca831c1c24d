// SPDX-License-Identifier: Apache-2.0

/// How a file looks: its header, its lines, its marks.
enum LayoutRule {
    static let columns = 100

    /// Files written by a program, whose lines nobody reads.
    static let generated: Set<String> = []

    private static let licence = "SPDX-License-Identifier: Apache-2.0"
    private static let sourceKinds: Set = ["swift", "sh", "py", "c", "cpp", "h", "s", "ld"]
    private static let proseKinds: Set = ["md", "toml", "yml", "yaml", "service"]

    private static func isSource(_ file: SourceFile) -> Bool {
        sourceKinds.contains(file.kind) || file.name == "Makefile" || file.text.hasPrefix("#!")
    }

    static func checkLicence(_ file: SourceFile) -> [Finding] {
        guard isSource(file) else { return [] }
        guard
            let at = file.lines.prefix(3).firstIndex(where: {
                $0.hasSuffix(licence) || $0.hasSuffix("\(licence) */")
            })
        else {
            return [file.finding(1, "the header lacks `\(licence)`")]
        }
        guard file.isSwift, at + 1 < file.lines.count, !file.lines[at + 1].isEmpty else {
            return []
        }
        return [file.finding(at + 2, "a blank line follows the header")]
    }

    static func checkLength(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, !generated.contains(file.path) else { return [] }
        return file.lines.enumerated().compactMap { i, line in
            line.count > columns ? file.finding(i + 1, "longer than \(columns) columns") : nil
        }
    }

    static func checkWhitespace(_ file: SourceFile) -> [Finding] {
        guard isSource(file) || proseKinds.contains(file.kind) else { return [] }
        var findings = file.lines.enumerated().compactMap { i, line in
            line.last == " " || line.last == "\t" || line.last == "\r"
                ? file.finding(i + 1, "white space at the end of the line") : nil
        }
        if file.text.utf8.last != 10 {
            findings.append(file.finding(file.lines.count, "the last line has no end"))
        }
        return findings
    }

    static func checkEmpty(_ file: SourceFile) -> [Finding] {
        file.text.allSatisfy(\.isWhitespace) ? [file.finding("nothing in it")] : []
    }

    /// `TODO(#12)` names the issue in which the work is planned.
    static func checkMarks(_ file: SourceFile) -> [Finding] {
        let later = "TO" + "DO"
        let broken = "FIX" + "ME"
        guard isSource(file) || proseKinds.contains(file.kind) else { return [] }
        return file.lines.enumerated().flatMap { i, line -> [Finding] in
            var findings: [Finding] = []
            if line.contains(broken) {
                findings.append(file.finding(i + 1, "\(broken): fix it before it lands"))
            }
            for part in line.ranges(of: later) {
                let rest = line[part.upperBound...]
                if !rest.hasPrefix("(#") || rest.dropFirst(2).first?.isNumber != true {
                    findings.append(file.finding(i + 1, "\(later) needs an issue: \(later)(#12)"))
                }
            }
            return findings
        }
    }

    /// A script starts by itself, and only scripts do.
    static func checkExecutable(_ file: SourceFile) -> [Finding] {
        switch (file.text.hasPrefix("#!"), file.isExecutable) {
        case (true, false): [file.finding(1, "has `#!` but is not executable")]
        case (false, true): [file.finding(1, "is executable but has no `#!`")]
        default: []
        }
    }

    /// Some file systems cannot hold both.
    static func checkCase(_ paths: [String]) -> [Finding] {
        Dictionary(grouping: paths, by: { $0.lowercased() }).values
            .filter { $0.count > 1 }
            .map { alike in
                let alike = alike.sorted()
                return Finding(
                    path: alike[0], line: 0,
                    message: "differs only by case from \(alike[1...].joined(separator: ", "))")
            }
            .sorted { $0.path < $1.path }
    }
}
