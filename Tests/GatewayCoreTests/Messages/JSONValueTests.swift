// SPDX-License-Identifier: Apache-2.0

import LineProtocols
import Testing

@Suite struct JSONValueTests {
    private func read(_ text: String) throws -> JSONValue {
        try JSONValue.read(Array(text.utf8).span)
    }

    @Test func everyKindOfValueIsRead() throws {
        let value = try read(
            #" {"a":[1,-2,3.5,1e3,-0],"b":{"c":"x\u00e9\n","d":"°"},"e":true,"f":false,"g":null} "#)
        #expect(value["a"]?.elements?.prefix(2) == [.integer(1), .integer(-2)])
        #expect(value["a"]?.elements?.suffix(3) == [.number(3.5), .number(1000), .number(-0.0)])
        #expect(value["b"]?["c"]?.text == "xé\n")
        #expect(value["b"]?["d"]?.text == "°")
        #expect(value["e"]?.boolean == true && value["f"]?.boolean == false)
        #expect(value["g"] == .null && value["h"] == nil && value["a"]?["x"] == nil)
        #expect(try read("9223372036854775807") == .integer(.max))
        #expect(try read("9223372036854775808") == .number(0x1p63))
        #expect(try read("[]") == .array([]) && read("{}") == .object([:]))
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "tru",
        "nul", "01", "1.", "+1", "\"\u{1}\"", "\"\\x\"", "\"", "1 2", "[1}", "{\"a\":1]", "1e999",
        "{\"a\":1,\"a\":1}",
    ])
    func whatIsNotJSONIsRefused(text: String) {
        #expect(throws: LineError.self) { try read(text) }
    }

    @Test func depthAndNumberOfValuesHaveLimits() throws {
        let deepest = String(repeating: "[", count: JSONValue.depthLimit)
        let closed = deepest + String(repeating: "]", count: JSONValue.depthLimit)
        _ = try read(closed)
        #expect(throws: LineError.json(.tooDeep, at: JSONValue.depthLimit)) {
            try read("[" + closed + "]")
        }
        let many = Array(repeating: "1", count: JSONValue.countLimit).joined(separator: ",")
        #expect(throws: LineError.self) { try read("[" + many + "]") }
    }
}
