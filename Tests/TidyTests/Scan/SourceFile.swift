// SPDX-License-Identifier: Apache-2.0

/// A text file of the project as the rules see it: its path from the top, and its text.
///
/// Rules are functions of this value and nothing else, so that each is tried on a bad example.
struct SourceFile: Sendable {
    let path: String
    let text: String
    let isExecutable: Bool
    let lines: [String]
    /// The text without comments and literals; empty for what is not Swift.
    let code: SwiftCode

    init(path: String, text: String, isExecutable: Bool = false) {
        self.path = path
        self.text = text
        self.isExecutable = isExecutable
        // By bytes: as characters, "\r\n" is one and no newline.
        var lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        // A text ends with a newline; what follows it is not a line.
        if lines.last == "" { lines.removeLast() }
        self.lines = lines
        code = SwiftCode(path.hasSuffix(".swift") ? text : "")
    }

    var components: [Substring] { path.split(separator: "/") }

    var name: String { components.last.map(String.init) ?? path }

    /// What follows the last dot of the name; empty for `Makefile` and the like.
    var kind: String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        return String(name[name.index(after: dot)...])
    }

    var isSwift: Bool { kind == "swift" }

    /// The target that the file belongs to: the folder below `Sources`, `Tests` or `bench`.
    var target: String? {
        let parts = components
        guard parts.count >= 3, ["Sources", "Tests", "bench"].contains(parts[0]) else { return nil }
        return String(parts[1])
    }

    /// Whether the file is linked into the product or its benchmark: anything but tests.
    var isProduct: Bool {
        isSwift && (components.first == "Sources" || components.first == "bench")
    }

    var isTest: Bool { isSwift && components.first == "Tests" }

    func finding(_ line: Int, _ message: String) -> Finding {
        Finding(path: path, line: line, message: message)
    }

    /// A finding about the file as a whole.
    func finding(_ message: String) -> Finding {
        finding(0, message)
    }
}
