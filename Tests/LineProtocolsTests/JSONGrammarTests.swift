// SPDX-License-Identifier: Apache-2.0

import LineProtocols
import Testing

/// The grammar of RFC 8259, class by class: what it allows is read, all else is refused.
///
/// Where it leaves the choice, ours is to refuse: half a surrogate pair, which no UTF-8 has; a key
/// that occurs twice; more than 32 levels; numbers beyond the largest double.
@Suite struct JSONGrammarTests {
    private func accepts(_ line: [UInt8]) -> Bool {
        let reader = LineReader(settings: LineReaderSettings(format: .jsonLines))
        return readLines([line], reader, arrival: 0).errors.isEmpty
    }

    @Test(arguments: [
        "0", "-0", "1", "-1", "10", "1.0", "0.0", "-0.5", "1e1", "1E1", "1e+1", "1e-1", "1E+01",
        "0e0", "0.1e-300", "1e-999", "123456789012345678901.0", "4.9e-324", "2.5e-324",
        "1.7976931348623157e308", "0.000000000000000000000000000000001", "9007199254740992",
        "100000000000000000000",
    ])
    func numbersAreRead(number: String) {
        let result = readLines(["{\"a\":\(number)}"], format: .jsonLines, arrival: 0)
        #expect(result.errors.isEmpty)
        #expect(result.readings.first?.bits == Double(number)?.bitPattern)
    }

    @Test(arguments: [
        "+1", "01", "-01", "00", ".5", "-.5", "1.", "-1.", "1.e1", "1e", "1e+", "1e-", "1e1.5",
        "1e1e1", "0x10", "1_000", "1,000", "1 000", "--1", "- 1", "-", "1.2.3", "Infinity", "inf",
        "-Infinity", "NaN", "nan", "1f", "1d", "0b1", "1e999", "-1e999", "9007199254740993",
        "\u{FF11}", "1\u{A0}", "0.1.", "1e0x1", "0e", "e1",
    ])
    func otherNumbersAreRefused(number: String) {
        #expect(!accepts(Array("{\"a\":\(number)}".utf8)))
    }

    @Test(arguments: [
        #""""#, #""x""#, #""\"""#, #""\\""#, #""\/""#, #""/""#, #""\b\f\n\r\t""#, #""\u0000""#,
        #""\u00e9\u00E9""#, #""\ud83d\ude00""#, #""\uDBFF\uDFFF""#, #""\uFFFF\uFDD0""#,
        #""\u2028""#,
        "\"\u{E9}\u{20AC}\u{1F600}\"", "\"\u{7F}\"", "\"\u{2028}\"", "\"\u{FEFF}\"", "\"'\"",
        "true", "false", "null", "{}", "[]", "[[]]", "[{}]", "{\"b\":{}}", "[1,\"x\",null,true]",
        " [ 1 , 2 ] ", "{ \"b\" : 1 }", "[\r\t\n 1]", "[\"a\",\"a\"]",
        "{\"\":1}", "{\"b\":1,\"B\":1}",
    ])
    func textsAndNestedValuesAreRead(value: String) {
        #expect(accepts(Array("{\"a\":\(value)}".utf8)) || value == "{\"\":1}")
        var settings = LineReaderSettings(format: .jsonLines)
        settings.readsNested = false
        let line = Array("{\"a\":\(value)}".utf8)
        #expect(readLines([line], LineReader(settings: settings), arrival: 0).errors.isEmpty)
    }

    @Test(arguments: [
        #""x"#, #"""#, #"x"#, #"'x'"#, #""\x""#, #""\'""#, #""\a""#, #""\0""#, #""\u""#, #""\u12""#,
        #""\u12G4""#, #""\U0041""#, #""\u{41}""#, #""\ud800""#, #""\udc00""#, #""\ud800x""#,
        #""\ud800\n""#, #""\ud800\ud800""#, #""\ude00\ud83d""#, #""\ud83d\u0041""#, #""\"#,
        "\"\t\"", "\"\u{0}\"", "\"\u{1F}\"", "\"\n\"", "True", "TRUE", "tru", "truee",
        "nul", "nulll",
        "None", "undefined", "", ",", ":", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1,,2]", "[1 2]",
        "[1:2]", "[1}", "{", "{]", "{\"b\"", "{\"b\":", "{\"b\":1", "{\"b\":1,}", "{,}", "{b:1}",
        "{1:1}",
        "{\"b\":1 \"c\":1}", "{\"b\"=1}", "{\"b\":1,\"b\":1}", "{\"b\":1,\"\\u0062\":1}",
        "{\"b\"::1}",
        "{null:1}", "[\"b\":1]", "1]", "1}", "1}}", "1 /* x */", "1 // x", "# 1", "\u{A0}1",
        "\u{FEFF}1", "\u{2028}1", "\u{0B}1", "\u{0C}1", "\u{0}", "*", "$", "<a>", "(1)",
    ])
    func allElseIsRefused(value: String) {
        #expect(!accepts(Array("{\"a\":\(value)}".utf8)))
    }

    @Test(arguments: [
        "{} ", " {}", "\t{}\r", "{\"a\":1}\r", "\r\n{}",
    ])
    func spaceMayStandAround(line: String) {
        #expect(accepts(Array(line.utf8)))
    }

    @Test(arguments: [
        "{}{}", "{} {}", "{},", "{};", "{}x", "{}}", "{}\u{0}", "\u{FEFF}{}", "[]", "1",
        "\"a\"", "null",
        "}", "{a", "x{}", "{}#", "{\"a\":1}\u{1A}",
    ])
    func oneObjectIsAllOfALine(line: String) {
        #expect(!accepts(Array(line.utf8)))
    }

    /// Inside a string; outside of one no byte above 0x7F is allowed at all.
    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98],
            [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]])
    func faultsOfUTF8AreRefused(bytes: [UInt8]) {
        let line = Array("{\"a\":\"".utf8) + bytes + Array("\"}".utf8)
        #expect(!accepts(line))
        let key = Array("{\"".utf8) + bytes + Array("\":1}".utf8)
        #expect(!accepts(key))
        let bare = Array("{\"a\":".utf8) + bytes + Array("}".utf8)
        #expect(!accepts(bare))
    }

    @Test(arguments: [true, false])
    func thereIsALimitOfDepth(readsNested: Bool) {
        var settings = LineReaderSettings(format: .jsonLines)
        settings.readsNested = readsNested
        for (levels, isRead) in [(31, true), (32, false), (2_000, false)] {
            for (open, close) in [("[", "]"), ("{\"b\":", "}")] {
                let line =
                    "{\"a\":" + String(repeating: open, count: levels) + "1"
                    + String(repeating: close, count: levels) + "}"
                let result = readLines(
                    [Array(line.utf8)], LineReader(settings: settings), arrival: 0)
                let isTooLong = readsNested && isRead
                // 31 levels of `.b` are too long a name, and no fault of JSON.
                if isTooLong, open != "[" || levels * 2 + 1 > SensorNames.maximumLength {
                    #expect(
                        result.errors.isEmpty
                            || result.errors.allSatisfy {
                                if case .name(.tooLong, _, _) = $0 { true } else { false }
                            })
                } else {
                    #expect(result.errors.isEmpty == isRead, "\(levels) \(open)")
                }
            }
        }
    }
}
