// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct ErrorCaseRuleTests {
    @Test func testsNameEveryErrorCase() {
        expectNone(ErrorCaseRule.check(Repository.swift))
    }

    private let source = SourceFile(
        path: "Sources/AlecCodec/DecodeError.swift",
        text: """
            public enum DecodeError: Error {
                case truncated(at: Int), badCheck
                case limit(Limit, at: Int)
                /// case notOne
                var offset: Int { switch self { case .truncated(let at): at } }
            }
            enum Limit { case channels }
            """)

    @Test func casesAreThoseOfErrorsOnly() {
        #expect(
            ErrorCaseRule.cases(in: source).map(\.name) == ["truncated", "badCheck", "limit"])
    }

    @Test func unseenErrorsAreFound() {
        let test = SourceFile(
            path: "Tests/AlecCodecTests/A.swift",
            text: "#expect(throws: DecodeError.badCheck) { x } // .limit\nthrow .truncated(at: 1)")
        #expect(ErrorCaseRule.check([source, test]).map(\.line) == [3])
    }
}
