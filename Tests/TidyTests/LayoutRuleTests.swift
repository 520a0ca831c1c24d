// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct LayoutRuleTests {
    @Test func everySourceNamesItsLicence() {
        expectNone(Repository.findings(LayoutRule.checkLicence))
    }

    @Test func linesFitOneHundredColumns() {
        expectNone(Repository.findings(LayoutRule.checkLength))
    }

    @Test func linesEndWithoutWhiteSpace() {
        expectNone(Repository.findings(LayoutRule.checkWhitespace))
    }

    @Test func noFileIsEmpty() {
        expectNone(Repository.findings(LayoutRule.checkEmpty))
    }

    @Test func openWorkNamesItsIssue() {
        expectNone(Repository.findings(LayoutRule.checkMarks))
    }

    @Test func scriptsAreExecutable() {
        expectNone(Repository.findings(LayoutRule.checkExecutable))
    }

    @Test func pathsDifferByMoreThanCase() {
        expectNone(LayoutRule.checkCase(Repository.paths))
    }

    @Test func generatedFilesExist() {
        #expect(LayoutRule.generated.subtracting(Repository.paths) == [])
    }

    @Test(arguments: [
        "import Testing\n", "// SPDX-License-Identifier: Apache-2.0\nimport Testing\n",
    ])
    func badHeadersAreFound(text: String) {
        #expect(LayoutRule.checkLicence(SourceFile(path: "A.swift", text: text)).count == 1)
    }

    @Test func headersMayFollowTheInterpreter() {
        let text = "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\ntrue\n"
        #expect(LayoutRule.checkLicence(SourceFile(path: ".ci/run", text: text)) == [])
        let bare = SourceFile(path: ".ci/run", text: "#!/bin/sh\ntrue\n")
        #expect(LayoutRule.checkLicence(bare).count == 1)
    }

    @Test func longLinesAreFound() {
        let fits = String(repeating: "é", count: 100)
        let file = SourceFile(path: "A.swift", text: "\(fits)\n\(fits)x\n")
        #expect(LayoutRule.checkLength(file).map(\.line) == [2])
    }

    @Test(arguments: ["a \n", "a\t\n", "a\r\n", "a"])
    func looseEndsAreFound(text: String) {
        #expect(LayoutRule.checkWhitespace(SourceFile(path: "A.md", text: text)).count == 1)
    }

    @Test(arguments: ["", "\n\n", "  "])
    func emptyFilesAreFound(text: String) {
        #expect(LayoutRule.checkEmpty(SourceFile(path: "A.md", text: text)).count == 1)
    }

    @Test(arguments: ["// TO" + "DO later", "// TO" + "DO(me) later", "// FIX" + "ME now"])
    func marksWithoutIssueAreFound(text: String) {
        #expect(LayoutRule.checkMarks(SourceFile(path: "A.swift", text: text)).count == 1)
    }

    @Test func marksWithIssuePass() {
        let file = SourceFile(path: "A.swift", text: "// TO" + "DO(#12): preloads")
        #expect(LayoutRule.checkMarks(file) == [])
    }

    @Test func executableBitFollowsTheInterpreter() {
        let script = SourceFile(path: "run", text: "#!/bin/sh\n", isExecutable: false)
        #expect(LayoutRule.checkExecutable(script).count == 1)
        let page = SourceFile(path: "A.md", text: "A\n", isExecutable: true)
        #expect(LayoutRule.checkExecutable(page).count == 1)
    }

    @Test func pathsAlikeAreFound() {
        let findings = LayoutRule.checkCase(["Sources/a.swift", "sources/A.swift", "b"])
        #expect(findings.map(\.path) == ["Sources/a.swift"])
    }
}
