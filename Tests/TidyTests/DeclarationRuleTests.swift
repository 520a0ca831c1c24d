// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct DeclarationRuleTests {
    @Test func typesSayWhatTheyDo() {
        expectNone(Repository.findings(DeclarationRule.checkNames))
    }

    @Test func filesAreNamedAfterTheirType() {
        expectNone(Repository.findings(DeclarationRule.checkFileName))
    }

    @Test func publicCodecIsDocumented() {
        expectNone(Repository.findings(DeclarationRule.checkDocumented))
    }

    @Test func errorsBelowTheShellAreTyped() {
        expectNone(Repository.findings(DeclarationRule.checkThrows))
    }

    @Test(arguments: [
        "struct SpoolManager {}", "final class TestHelper {}", "enum StringUtils {}",
        "protocol SinkBase {}",
    ])
    func emptyNamesAreFound(text: String) {
        #expect(DeclarationRule.checkNames(SourceFile(path: "A.swift", text: text)).count == 1)
    }

    @Test(arguments: ["struct FleetManager {}", "// struct SpoolManager", "let m: FileManager"])
    func otherNamesPass(text: String) {
        #expect(DeclarationRule.checkNames(SourceFile(path: "A.swift", text: text)) == [])
    }

    @Test(arguments: [
        ("Sources/A/Frame.swift", "struct Other {}"),
        ("Sources/A/Frame.swift", "extension Frame { func f() {} }"),
        ("Sources/A/Frame+Text.swift", "extension Other {}"),
    ])
    func misnamedFilesAreFound(path: String, text: String) {
        #expect(DeclarationRule.checkFileName(SourceFile(path: path, text: text)).count == 1)
    }

    @Test(arguments: [
        ("Sources/A/Frame.swift", "public struct Frame: ~Copyable {}"),
        ("Sources/A/Step.swift", "extension Frame { enum Step { case a } }"),
        ("Sources/A/Step+Text.swift", "extension Frame.Step { var text: Int { 1 } }"),
        ("Sources/alec/main.swift", "run()"),
    ])
    func wellNamedFilesPass(path: String, text: String) {
        #expect(DeclarationRule.checkFileName(SourceFile(path: path, text: text)) == [])
    }

    @Test(arguments: [
        "public struct A {}", "    @inlinable\n    public init() {}",
        "// no summary\npublic let a = 1", "/// For another.\n\n@frozen public enum B {}",
    ])
    func undocumentedInterfacesAreFound(text: String) {
        let file = SourceFile(path: "Sources/AlecCodec/A.swift", text: text)
        #expect(DeclarationRule.checkDocumented(file).count == 1)
    }

    @Test(arguments: [
        "/// A.\npublic struct A {}", "/// A.\n@inlinable\npublic init() {}",
        "/// A.\n@inlinable public var a: Int { 1 }", "public import B", "struct C {}",
    ])
    func documentedInterfacesPass(text: String) {
        let file = SourceFile(path: "Sources/AlecCodec/A.swift", text: text)
        #expect(DeclarationRule.checkDocumented(file) == [])
    }

    @Test func untypedErrorsAreFound() {
        let text = "func a() throws {}\nfunc b() throws(BError) {}\nfunc c() throws -> Int { 1 }"
        let core = SourceFile(path: "Sources/AlecCodec/A.swift", text: text)
        #expect(DeclarationRule.checkThrows(core).map(\.line) == [1, 3])
        let shell = SourceFile(path: "Sources/AlecCommands/A.swift", text: text)
        #expect(DeclarationRule.checkThrows(shell) == [])
    }
}
