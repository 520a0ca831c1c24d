// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct WordRuleTests {
    @Test func pureTargetsOnlyCompute() {
        expectNone(Repository.findings(WordRule.pure.check))
    }

    @Test func codecHasNoDictionary() {
        expectNone(Repository.findings(WordRule.codec.check))
    }

    @Test func productHasNoTraps() {
        expectNone(Repository.findings(WordRule.traps.check))
    }

    @Test func productHasNoRegularExpressions() {
        expectNone(Repository.findings(WordRule.expressions.check))
    }

    @Test func searchesOfTheBigLibraryAreFound() {
        let text = "let dots = text.firstRange(of: dot)"
        let bad = SourceFile(path: "Sources/AlecCommands/Bad.swift", text: text)
        #expect(WordRule.expressions.check(bad).count == 1)
        let test = SourceFile(path: "Tests/AlecCodecTests/Good.swift", text: text)
        #expect(WordRule.expressions.check(test) == [])
    }

    @Test func testsDoNotSleep() {
        expectNone(Repository.findings(WordRule.waiting.check))
    }

    @Test(arguments: [
        "let now = ContinuousClock.now", "usleep(1000)", "print(value)", "var sink: any Sink",
        "let x = await y",
    ])
    func effectsInPureTargetsAreFound(text: String) {
        let file = SourceFile(path: "Sources/GatewayCore/Bad.swift", text: text)
        #expect(WordRule.pure.check(file).count == 1)
    }

    @Test func shellMayPrint() {
        let file = SourceFile(path: "Sources/alec/main.swift", text: "print(1)")
        #expect(WordRule.pure.check(file) == [])
    }

    @Test func dictionariesInTheCodecAreFound() {
        let file = SourceFile(path: "Sources/AlecCodec/Bad.swift", text: "Dictionary<Int, Int>()")
        #expect(WordRule.codec.check(file).count == 1)
    }

    @Test(arguments: ["try! run()", "let a = b as! C", "fatalError(\"no\")"])
    func trapsAreFound(text: String) {
        let bad = SourceFile(path: "Sources/AlecCommands/Bad.swift", text: text)
        #expect(WordRule.traps.check(bad).count == 1)
        let test = SourceFile(path: "Tests/AlecCodecTests/Good.swift", text: text)
        #expect(WordRule.traps.check(test) == [])
    }

    @Test(arguments: ["try? run()", "if let a = b as? C {}", "// try! run()", "\"as! C\""])
    func mildFormsAreNoTraps(text: String) {
        let file = SourceFile(path: "Sources/AlecCommands/Good.swift", text: text)
        #expect(WordRule.traps.check(file) == [])
    }

    @Test func sleepingTestsAreFound() {
        let text =
            "try await Task.sleep(for: .seconds(1))\nusleep(1)\nThread.sleep(forTimeInterval: 1)"
        let bad = SourceFile(path: "Tests/AlecCodecTests/Bad.swift", text: text)
        #expect(WordRule.waiting.check(bad).map(\.line) == [1, 2, 3])
        let allowed = SourceFile(path: "Tests/IntegrationTests/Condition.swift", text: text)
        #expect(WordRule.waiting.check(allowed) == [])
    }
}
