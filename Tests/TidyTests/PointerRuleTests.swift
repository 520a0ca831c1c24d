// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct PointerRuleTests {
    @Test func rawMemoryStaysInNamedFiles() {
        expectNone(Repository.findings(PointerRule.check))
    }

    @Test func everyNamedFileNeedsIt() {
        expectNone(PointerRule.stale(among: Repository.files))
    }

    @Test(arguments: [
        "var p: UnsafeMutablePointer<UInt8>", "a.withUnsafeBytes { $0.count }",
        "let x = unsafe y", "let u = Unmanaged.passRetained(self)", "unsafeBitCast(a, to: B.self)",
    ])
    func pointersAreFound(text: String) {
        let file = SourceFile(path: "Sources/AlecCodec/Bad.swift", text: text)
        #expect(PointerRule.check(file).count == 1)
    }

    @Test func spansAreFine() {
        let file = SourceFile(path: "Sources/AlecCodec/Good.swift", text: "let s: Span<UInt8>")
        #expect(PointerRule.check(file) == [])
    }
}
