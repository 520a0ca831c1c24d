// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import Testing

@Suite struct CommandWordsTests {
    @Test(arguments: [
        ("a", ["a"]), ("  a  b\tc ", ["a", "b", "c"]), ("a 'b c' d", ["a", "b c", "d"]),
        ("a \"b c\"d", ["a", "b cd"]), ("a '' \"\"", ["a", "", ""]),
        (#"a\ b c\\"#, ["a b", #"c\"#]),
        (#"a "x\"y\\z\n""#, ["a", #"x"y\z\n"#]), (#"a '\n"'"#, ["a", #"\n""#]),
        ("a $HOME *.c | b > c", ["a", "$HOME", "*.c", "|", "b", ">", "c"]),
        ("/opt/ä 'ö ü'", ["/opt/ä", "ö ü"]),
    ])
    func wordsAreSplit(text: String, words: [String]) {
        #expect(CommandWords.split(text) == words)
    }

    @Test(arguments: ["", "  ", "'a", "\"a", "a \\", "\"a\\", "'' a", "a 'b\"c"])
    func whatIsNoCommandIsRefused(text: String) { #expect(CommandWords.split(text) == nil) }
}
