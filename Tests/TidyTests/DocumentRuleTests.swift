// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct DocumentRuleTests {
    @Test func linksLeadSomewhere() {
        let paths = Set(Repository.paths)
        expectNone(Repository.findings { DocumentRule.checkLinks($0, among: paths) })
    }

    @Test func commandsExist() throws {
        let makefile = try text(of: "Makefile")
        expectNone(Repository.findings { DocumentRule.checkCommands($0, makefile: makefile) })
    }

    @Test func filesNameNoPlaceOfOneMachine() {
        expectNone(Repository.findings(DocumentRule.checkPlaces))
    }

    @Test func decisionsAreNumberedOnce() {
        expectNone(DocumentRule.checkDecisions(Repository.paths))
    }

    @Test func architectureNamesEveryTarget() throws {
        let page = try text(of: "ARCHITECTURE.md")
        expectNone(DocumentRule.checkTargets(Repository.paths, architecture: page))
    }

    @Test(arguments: ["[a](gone.md)", "see [a](../b/gone.md#part)", "![p](gone.png \"plot\")"])
    func brokenLinksAreFound(text: String) {
        let file = SourceFile(path: "docs/A.md", text: text)
        #expect(DocumentRule.checkLinks(file, among: ["docs/A.md", "b/c.md"]).count == 1)
    }

    @Test(arguments: [
        "[a](B.md)", "[a](../b/c.md#part)", "[a](../b)", "[a](#here)", "[a](https://swift.org)",
        "`[a](gone.md)`", "```\n[a](gone.md)\n```",
    ])
    func goodLinksPass(text: String) {
        let file = SourceFile(path: "docs/A.md", text: text)
        #expect(DocumentRule.checkLinks(file, among: ["docs/A.md", "docs/B.md", "b/c.md"]) == [])
    }

    @Test func unknownCommandsAreFound() {
        let file = SourceFile(
            path: "A.md", text: "Run `make test` or `make coffee`.\nmake tea\nThey make do.")
        let findings = DocumentRule.checkCommands(file, makefile: "test: build\n\tswift test\n")
        #expect(findings.map(\.line) == [1, 2])
    }

    @Test(arguments: ["see /work" + "/main", "in /tmp" + "/a.alec", "../" + "shared/design/a.md"])
    func privatePlacesAreFound(text: String) {
        #expect(DocumentRule.checkPlaces(SourceFile(path: "A.md", text: text)).count == 1)
    }

    @Test(arguments: ["../" + "shared/data/ecg.csv", "../" + "shared/codec/oracle", "a/work-list"])
    func publicPlacesPass(text: String) {
        #expect(DocumentRule.checkPlaces(SourceFile(path: "A.md", text: text)) == [])
    }

    @Test func decisionsWithOneNumberAreFound() {
        let paths = ["A.docc/Decisions/0001-a.md", "A.docc/Decisions/0001-b.md"]
        #expect(DocumentRule.checkDecisions(paths).map(\.path) == [paths[1]])
        #expect(DocumentRule.checkDecisions(["A.docc/Decisions/first.md"]).count == 1)
    }

    @Test func missingTargetsAreFound() {
        let paths = ["Sources/A/A.swift", "Sources/B/B.swift"]
        let findings = DocumentRule.checkTargets(paths, architecture: "| `A` | it |")
        #expect(findings.count == 1)
    }

    private func text(of path: String) throws -> String {
        try #require(Repository.files.first { $0.path == path }).text
    }
}
