// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct ImportRuleTests {
    @Test func importsGoDownwards() {
        expectNone(Repository.findings(ImportRule.check))
    }

    @Test func nothingImportsFoundation() {
        expectNone(Repository.findings(ImportRule.checkFoundation))
    }

    @Test(arguments: [
        "import Glibc", "public import Synchronization", "@testable import LineProtocols",
        "import struct LineProtocols.Line", "import AlecCodec",
    ])
    func codecImportsNothing(text: String) {
        let file = SourceFile(path: "Sources/AlecCodec/Bad.swift", text: text)
        #expect(ImportRule.check(file).count == 1)
    }

    @Test func coreImportsTheCodecOnly() {
        let file = SourceFile(
            path: "Sources/GatewayCore/Bad.swift", text: "import AlecCodec\nimport HostSystem\n")
        #expect(ImportRule.check(file).map(\.line) == [2])
    }

    @Test func unknownTargetsAreTold() {
        let file = SourceFile(path: "Sources/Novelty/Novelty.swift", text: "struct Novelty {}\n")
        #expect(ImportRule.check(file).first?.message.contains("ImportRule.allowed") == true)
    }

    @Test(arguments: ["import Foundation", "internal import FoundationEssentials"])
    func foundationIsFound(text: String) {
        let file = SourceFile(path: "Sources/alec/main.swift", text: text)
        #expect(ImportRule.checkFoundation(file).count == 1)
    }

    @Test func commentsImportNothing() {
        let file = SourceFile(
            path: "Sources/AlecCodec/Good.swift", text: "// import Foundation\nlet a = \"import B\""
        )
        #expect(ImportRule.check(file) == [])
    }
}
