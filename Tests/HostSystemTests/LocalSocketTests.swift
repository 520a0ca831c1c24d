// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostSystem
import Testing

@Suite struct LocalSocketTests {
    private static func path() -> String {
        let name = "alec-\(UInt64.random(in: 0 ... .max)).sock"
        return FileManager.default.temporaryDirectory.appending(path: name).path
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func bytesGoBothWaysAndTheEndIsSeen() throws {
        let path = Self.path()
        let listener = try LocalListener(path)
        let none = try listener.accept()
        #expect(none == nil)
        var client: LocalStream? = try .connect(path)
        let server = try #require(try listener.accept())
        var buffer = [UInt8](repeating: 0, count: 16)
        #expect(try server.receive(into: &buffer) == .nothing)
        #expect(try client?.send(Self.bytes("hello").span) == 5)
        #expect(try server.receive(into: &buffer) == .bytes(5))
        #expect(buffer.prefix(5) == Self.bytes("hello")[...])
        #expect(try server.send(Self.bytes("yes").span) == 3)
        #expect(try client?.receive(into: &buffer) == .bytes(3))
        client = nil
        #expect(try server.receive(into: &buffer) == .ended)
    }

    @Test func fullSocketTakesNothingMoreAndBlocksNobody() throws {
        let path = Self.path()
        let listener = try LocalListener(path)
        let client = try LocalStream.connect(path)
        let server = try #require(try listener.accept())
        let block = [UInt8](repeating: 1, count: 1 << 20)
        var sent = 0
        while true {
            let count = try server.send(block.span)
            if count == 0 { break }
            sent += count
        }
        #expect(sent > 0)
        _ = client
    }

    @Test func socketIsForOwnerAndGroupAndGoesWithTheListener() throws {
        let path = Self.path()
        do {
            let listener = try LocalListener(path)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            #expect(mode as? Int == 0o660)
            _ = listener.descriptor
        }
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(throws: SystemError(code: 2)) { _ = try LocalStream.connect(path) }
    }

    @Test func socketOfAKilledProcessIsReplaced() throws {
        let path = Self.path()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [
            "-c", "import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])", path,
        ]
        try process.run()
        process.waitUntilExit()
        try #require(FileManager.default.fileExists(atPath: path))
        #expect(throws: SystemError(code: 111)) { _ = try LocalStream.connect(path) }
        let listener = try LocalListener(path)
        _ = try LocalStream.connect(path)
        let accepted = try listener.accept()
        #expect(accepted != nil)
    }

    @Test func pathAtWhichSomebodyAnswersIsInUse() throws {
        let path = Self.path()
        let listener = try LocalListener(path)
        do {
            _ = try LocalListener(path)
            Issue.record("two listen at one path")
        } catch {
            #expect(error == SystemError(code: 98))
        }
        // The one that listens is still there.
        _ = try LocalStream.connect(path)
        _ = listener.descriptor
    }

    @Test func fileThatIsNoSocketIsLeftAlone() throws {
        let path = Self.path()
        try Data("mine".utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            _ = try LocalListener(path)
            Issue.record("a file was taken for a socket")
        } catch {
            #expect(error == SystemError(code: 98))
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    }

    @Test func pathThatIsTooLongIsRefused() {
        do {
            _ = try LocalListener("/tmp/" + String(repeating: "x", count: 120))
            Issue.record("a long path was taken")
        } catch {
            #expect(error == SystemError(code: 36))
        }
        do {
            _ = try LocalStream.connect("")
            Issue.record("no path was taken")
        } catch {
            #expect(error == SystemError(code: 36))
        }
    }
}
