// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatewayConfiguration

/// Texts at which the parser once ended the program.
@Suite struct ParserAssertionTests {
    @Test(arguments: [
        "[[[a]]\n", "[&]", "[=", "[[=]]", "[.a]", "[a.]", "[a.&]", "[\u{E9}]", "a.&=1", "a={&=1}",
        "a={b.=1}", "a={,}", "a.=1", "[[", "[", "[\"", "[[[broker]].address \"+\"\n= \"",
    ])
    func aMistakeIsSaidWhereItIs(text: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try AgentConfiguration.read(Array(text.utf8), path: nil)
        }
        #expect(error?.faults.count == 1)
        guard case .syntax = error?.faults.first?.reason else {
            Issue.record("\(text) is no fault of syntax")
            return
        }
    }
}
