// SPDX-License-Identifier: Apache-2.0

import AlecCommands
import HostSystem

/// A world in memory for one command.
struct TestHost: CommandHost {
    var files: [String: [UInt8]] = [:]
    /// What `read` gives; stdin until a file is opened.
    var input: [UInt8] = []
    var output: [UInt8] = []
    var messages: [UInt8] = []
    /// The most bytes of one `read`.
    var pieceBytes = Int.max
    /// Bytes after which stdout fails, and how.
    var outputLimit = Int.max
    var outputError = SystemError(code: 28)
    var readError: SystemError?
    /// Bytes after which `readError` comes.
    var readableBytes = 0
    var inputIsTerminal = false
    var outputIsTerminal = false
    var errorIsTerminal = false
    /// How far the clock goes on each time that someone looks at it.
    var clockStep: UInt64 = 1_000
    /// What the wall clock shows when the other one shows nothing.
    var wallTime: Int64 = 1_800_000_000_000_000_000
    /// How often a command waited, and how often before nobody reads stdout any more.
    var waits = 0
    var waitLimit = Int.max
    var variables: [String: String] = [:]
    var folders: [String: [String]] = [:]
    /// What who listens at a path says, whatever it is asked; and what it was asked.
    var answers: [String: [UInt8]] = [:]
    var askError = SystemError(code: 2)
    var asked: [String] = []
    var hostName = "box"
    private var given = 0
    private var time: UInt64 = 0

    init(input: String = "") { self.input = Array(input.utf8) }

    init(input: [UInt8]) { self.input = input }

    mutating func open(_ path: String) throws(SystemError) {
        guard let bytes = files[path] else { throw SystemError(code: 2) }
        input = bytes
        given = 0
    }

    mutating func read(into buffer: inout [UInt8]) throws(SystemError) -> Int {
        if let readError, given >= readableBytes { throw readError }
        let count = min(buffer.count, input.count - given, pieceBytes)
        for i in 0..<count { buffer[i] = input[given + i] }
        given += count
        return count
    }

    mutating func write(_ bytes: Span<UInt8>) throws(SystemError) {
        for i in bytes.indices {
            guard output.count < outputLimit else { throw outputError }
            output.append(bytes[i])
        }
    }

    mutating func tell(_ bytes: Span<UInt8>) {
        for i in bytes.indices { messages.append(bytes[i]) }
    }

    mutating func nanoseconds() -> UInt64 {
        time += clockStep
        return time
    }

    mutating func wallNanoseconds() -> Int64 { wallTime + Int64(time) }

    mutating func wait(untilNanoseconds deadline: UInt64) -> Bool {
        waits += 1
        time = max(time, deadline)
        return waits > waitLimit
    }

    mutating func randomBits() -> UInt64 { 0x0123_4567_89AB_CDEF }

    func variable(_ name: String) -> String? { variables[name] }

    func folder(_ path: String) throws(SystemError) -> [String] {
        guard let names = folders[path] else { throw SystemError(code: 2) }
        return names
    }

    mutating func createFile(_ path: String, _ bytes: Span<UInt8>) throws(SystemError) {
        guard files[path] == nil else { throw SystemError(code: 17) }
        files[path] = bytes.indices.map { bytes[$0] }
    }

    mutating func ask(_ path: String, _ line: Span<UInt8>) throws(SystemError) -> [UInt8] {
        let text = String(decoding: line.indices.map { line[$0] }, as: UTF8.self)
        asked.append("\(path) \(text)")
        guard let answer = answers[path] else { throw askError }
        return answer
    }

    var outputText: String { String(decoding: output, as: UTF8.self) }
    var messageText: String { String(decoding: messages, as: UTF8.self) }

    /// Runs one command line, without the program's name.
    mutating func run(_ line: String) -> CommandStatus {
        AlecProgram.run(line.split(separator: " ").map(String.init), on: &self)
    }

    /// The bytes that `alec encode` makes of a text.
    static func encoded(_ text: String, _ options: String = "") -> [UInt8] {
        var host = TestHost(input: text)
        _ = host.run("encode " + options)
        return host.output
    }

    /// Wide CSV of some sensors, by the second.
    static func wideText(rows: Int, sensors: Int = 3) -> String {
        var text = "time_ms"
        for s in 0..<sensors { text += ",s\(s)" }
        text += "\n"
        for row in 0..<rows {
            text += "\(1_790_000_000_000 + 1000 * row)"
            for s in 0..<sensors { text += ",2\((row * 7 + s * 13) % 9).\(row % 9 + 1)" }
            text += "\n"
        }
        return text
    }
}
