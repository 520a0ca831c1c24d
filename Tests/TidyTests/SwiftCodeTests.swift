// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct SwiftCodeTests {
    @Test(arguments: [
        ("a // b", ["a"]),
        ("a /* b /* c */ d */ e", ["a", "e"]),
        ("a \"b\" c", ["a", "c"]),
        (#"a "b \" c" d"#, ["a", "d"]),
        (#"a "b \(c("d")) e" f"#, ["a", "c", "f"]),
        (##"a #"b " c \(d)"# e"##, ["a", "e"]),
        ("a \"\"\"\nb \"c\" d\n\"\"\" e", ["a", "e"]),
        ("#if a\n0x1F b1", ["if", "a", "b1"]),
        ("\"open\na", ["a"]),
    ])
    func commentsAndLiteralsHoldNoWords(text: String, words: [String]) {
        #expect(SwiftCode(text).words.map(\.text) == words)
    }

    @Test func linesStayTheirOwn() {
        let text = "/* a\nb */ c\n\"\"\"\nd\n\"\"\"\ne"
        let code = SwiftCode(text)
        #expect(code.words.map(\.line) == [2, 6])
        #expect(code.bytes.count == text.utf8.count)
    }
}
