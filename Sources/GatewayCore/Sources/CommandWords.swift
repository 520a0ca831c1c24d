// SPDX-License-Identifier: Apache-2.0

/// The words of a command that is started without a shell.
///
/// Blanks part them. Single quotes keep all between them, double quotes all but `\"` and `\\`, and
/// outside of quotes a backslash keeps the character behind it. Nothing else has a meaning: no
/// variables, no `*`, no `|`.
package enum CommandWords {
    /// nil where a quote is never closed or nothing is named.
    package static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word: [Unicode.Scalar]?
        var quote: Unicode.Scalar?
        var scalars = text.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            switch (scalar, quote) {
            case ("\\", nil):
                guard let next = scalars.next() else { return nil }
                word = (word ?? []) + [next]
            case ("\\", "\""):
                guard let next = scalars.next() else { return nil }
                word = (word ?? []) + (next == "\"" || next == "\\" ? [next] : [scalar, next])
            case ("'", nil), ("\"", nil):
                quote = scalar
                word = word ?? []
            case (let scalar, .some(let open)) where scalar == open:
                quote = nil
            case (" ", nil), ("\t", nil):
                if let word { words.append(string(word)) }
                word = nil
            case (let scalar, _):
                word = (word ?? []) + [scalar]
            }
        }
        guard quote == nil else { return nil }
        if let word { words.append(string(word)) }
        guard let first = words.first, !first.isEmpty else { return nil }
        return words
    }

    private static func string(_ scalars: [Unicode.Scalar]) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }
}
