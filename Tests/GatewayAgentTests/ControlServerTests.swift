// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatewayAgent
import GatewayCore
import HostSystem
import Testing

@Suite struct ControlRequestTests {
    private static func read(_ text: String) throws(ControlRequest.Fault) -> ControlRequest {
        try ControlRequest(Array(text.utf8).span)
    }

    @Test func eachVerbIsRead() throws {
        let verbs: [(String, ControlRequest)] = [
            ("status", .status), ("sources", .sources), ("spool", .spool), ("reload", .reload),
        ]
        for (verb, request) in verbs {
            #expect(try Self.read("{\"verb\":\"\(verb)\",\"later\":1}") == request)
        }
        #expect(
            try Self.read("{\"verb\":\"spool-drop\",\"all\":true}")
                == .dropFromSpool(SpoolRemoval()))
        var removal = SpoolRemoval()
        removal.priority = 5
        removal.before = WallTime(nanoseconds: 5_000_000)
        removal.group = 3
        #expect(
            try Self.read(
                "{\"verb\":\"spool-drop\",\"priority\":5,\"before_ms\":5,\"group\":3}")
                == .dropFromSpool(removal))
    }

    @Test func groupGoesThatFitsAllThatIsGiven() {
        #expect(SpoolRemoval().takes(priority: 1, lastTime: .max, group: 9))
        var removal = SpoolRemoval()
        removal.priority = 5
        removal.before = WallTime(nanoseconds: 100)
        removal.group = 3
        #expect(removal.takes(priority: 5, lastTime: 99, group: 3))
        #expect(!removal.takes(priority: 4, lastTime: 99, group: 3))
        #expect(!removal.takes(priority: 5, lastTime: 100, group: 3))
        #expect(!removal.takes(priority: 5, lastTime: 99, group: 4))
    }

    @Test(arguments: [
        ("", ControlRequest.Fault.noJSON), ("status", .noJSON), ("{}", .noJSON), ("[]", .noJSON),
        ("{\"verb\":1}", .noJSON), ("{\"verb\":\"stop\"}", .unknownVerb),
        ("{\"verb\":\"spool-drop\"}", .badField),
        ("{\"verb\":\"spool-drop\",\"all\":false}", .badField),
        ("{\"verb\":\"spool-drop\",\"before_ms\":9223372036854775807}", .badField),
        ("{\"verb\":\"spool-drop\",\"priority\":6}", .badField),
        ("{\"verb\":\"spool-drop\",\"group\":-1}", .badField),
        ("{\"verb\":\"spool-drop\",\"group\":1,\"all\":true}", .badField),
    ])
    func lineThatIsNoRequestIsToldWhy(line: String, fault: ControlRequest.Fault) {
        #expect(throws: fault) { try Self.read(line) }
    }

    @Test func lineThatIsTooLongIsNotRead() {
        let line = String(repeating: " ", count: ControlRequest.byteLimit + 1)
        #expect(throws: ControlRequest.Fault.tooLong) { try Self.read(line) }
    }
}

@Suite struct ControlServerTests {
    private static let start = MonotonicInstant(nanoseconds: 1_000_000_000)

    private static func path() -> String {
        let name = "alec-\(UInt64.random(in: 0 ... .max)).sock"
        return FileManager.default.temporaryDirectory.appending(path: name).path
    }

    private static func send(_ text: String, _ stream: LocalStream) throws {
        #expect(try stream.send(Array(text.utf8).span) == text.utf8.count)
    }

    /// All that is there, and whether the other side has ended.
    private static func receive(_ stream: LocalStream) throws -> (text: String, isEnded: Bool) {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            switch try stream.receive(into: &buffer) {
            case .bytes(let count): all += buffer.prefix(count)
            case .nothing: return (String(decoding: all, as: UTF8.self), false)
            case .ended: return (String(decoding: all, as: UTF8.self), true)
            }
        }
    }

    private static func echo(_ line: Span<UInt8>) -> [UInt8] {
        line.indices.map { line[$0] } + [0x21]
    }

    @Test func lineIsAnsweredOnceItIsWhole() throws {
        let path = Self.path()
        var server = try ControlServer(path)
        #expect(server.deadline == nil)
        let client = try LocalStream.connect(path)
        try Self.send("ab", client)
        server.serve(at: Self.start, Self.echo)
        #expect(try Self.receive(client) == ("", false))
        #expect(server.deadline == Self.start + ControlServer.patience)
        try Self.send("c\nd", client)
        server.serve(at: Self.start, Self.echo)
        #expect(try Self.receive(client) == ("abc!", true))
        #expect(server.deadline == nil)
        #expect(server.failures == 0)
    }

    @Test func whoSendsNothingIsCutOff() throws {
        let path = Self.path()
        var server = try ControlServer(path)
        let client = try LocalStream.connect(path)
        server.serve(at: Self.start, Self.echo)
        server.serve(at: Self.start + .seconds(4), Self.echo)
        #expect(try Self.receive(client).isEnded == false)
        server.serve(at: Self.start + ControlServer.patience, Self.echo)
        #expect(try Self.receive(client) == ("", true))
        #expect(server.failures == 1)
    }

    @Test func whoDoesNotReadItsAnswerIsCutOff() throws {
        let path = Self.path()
        var server = try ControlServer(path)
        let client = try LocalStream.connect(path)
        try Self.send("\n", client)
        let large = [UInt8](repeating: 0x78, count: 8 << 20)
        server.serve(at: Self.start) { _ in large }
        #expect(server.items.first?.wantsWrite == true)
        server.serve(at: Self.start + .seconds(1)) { _ in [] }
        #expect(server.deadline != nil)
        server.serve(at: Self.start + ControlServer.patience) { _ in [] }
        #expect(server.deadline == nil && server.failures == 1)
        let received = try Self.receive(client)
        #expect(received.isEnded && received.text.utf8.count < large.count)
    }

    @Test func longAnswerGoesInPieces() throws {
        let path = Self.path()
        var server = try ControlServer(path)
        let client = try LocalStream.connect(path)
        try Self.send("\n", client)
        let large = [UInt8](repeating: 0x78, count: 3 << 20)
        var count = 0
        var isEnded = false
        var calls = 0
        while !isEnded {
            server.serve(at: Self.start) { _ in
                calls += 1
                return large
            }
            let part = try Self.receive(client)
            count += part.text.utf8.count
            isEnded = part.isEnded
        }
        #expect(count == large.count && calls == 1)
    }

    @Test func lineWithoutEndIsAnsweredAndNotKept() throws {
        let path = Self.path()
        var server = try ControlServer(path)
        let client = try LocalStream.connect(path)
        try Self.send(String(repeating: "x", count: ControlRequest.byteLimit + 100), client)
        var length = 0
        for _ in 0..<3 {
            server.serve(at: Self.start) { line in
                length = line.count
                return [0x3F]
            }
        }
        #expect(length > ControlRequest.byteLimit)
        #expect(try Self.receive(client).text == "?")
    }

    @Test func onlySoManyAreServedAtATimeAndOthersWait() throws {
        let path = Self.path()
        var server = try ControlServer(path)
        var clients: [LocalStream] = []
        for _ in 0..<(ControlServer.clientLimit + 2) { clients.append(try .connect(path)) }
        server.serve(at: Self.start, Self.echo)
        #expect(server.items.count == ControlServer.clientLimit)
        for client in clients { try Self.send("a\n", client) }
        server.serve(at: Self.start, Self.echo)
        server.serve(at: Self.start, Self.echo)
        for client in clients { #expect(try Self.receive(client).text == "a!") }
    }

    @Test func whoGoesAwayIsForgotten() throws {
        let path = Self.path()
        var server = try ControlServer(path)
        var client: LocalStream? = try .connect(path)
        server.serve(at: Self.start, Self.echo)
        #expect(client != nil && server.deadline != nil)
        client = nil
        server.serve(at: Self.start, Self.echo)
        #expect(server.deadline == nil)
    }
}
