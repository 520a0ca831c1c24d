// SPDX-License-Identifier: Apache-2.0

internal import HostSystem

/// The process's own streams, files, clock and chance.
struct SystemHost: CommandHost {
    /// A class, so that the host can be copied while the descriptor cannot.
    private final class Input {
        let descriptor: FileDescriptor
        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    private var input = Input(.standardInput)

    mutating func open(_ path: String) throws(SystemError) {
        input = Input(try FileDescriptor.reading(path))
    }

    mutating func read(into buffer: inout [UInt8]) throws(SystemError) -> Int {
        try input.descriptor.read(into: &buffer)
    }

    mutating func write(_ bytes: Span<UInt8>) throws(SystemError) {
        try FileDescriptor.standardOutput.write(bytes)
    }

    mutating func tell(_ bytes: Span<UInt8>) {
        // There is no other place to complain about it.
        try? FileDescriptor.standardError.write(bytes)
    }

    mutating func nanoseconds() -> UInt64 { MonotonicClock.nanoseconds }

    mutating func wallNanoseconds() -> Int64 { WallClock.nanoseconds }

    mutating func wait(untilNanoseconds deadline: UInt64) -> Bool {
        while true {
            let now = MonotonicClock.nanoseconds
            if now >= deadline { return false }
            if FileDescriptor.standardOutput.waitForClosing(nanoseconds: deadline - now) {
                return true
            }
        }
    }

    mutating func randomBits() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    func variable(_ name: String) -> String? { Environment.value(name) }

    func folder(_ path: String) throws(SystemError) -> [String] { try FileOperation.list(path) }

    mutating func createFile(_ path: String, _ bytes: Span<UInt8>) throws(SystemError) {
        let file = try FileDescriptor.creatingNew(path)
        try file.write(bytes)
        try file.synchronize()
    }

    /// How long an agent may take. It answers between other things and cuts off after as long.
    private static let patience: UInt64 = 5_000_000_000
    /// No page is longer.
    private static let answerLimit = 4 << 20

    mutating func ask(_ path: String, _ line: Span<UInt8>) throws(SystemError) -> [UInt8] {
        let deadline = Int64(clamping: MonotonicClock.nanoseconds + Self.patience)
        let stream = try LocalStream.connect(path)
        var sent = 0
        while sent < line.count {
            sent += try stream.send(line.extracting(sent..<line.count))
            if sent < line.count { try wait(stream, isWriting: true, until: deadline) }
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: Self.chunkBytes)
        while answer.count <= Self.answerLimit {
            switch try stream.receive(into: &buffer) {
            case .bytes(let count): answer += buffer.prefix(count)
            case .ended: return answer
            case .nothing: try wait(stream, isWriting: false, until: deadline)
            }
        }
        return answer
    }

    private func wait(
        _ stream: LocalStream, isWriting: Bool, until deadline: Int64
    ) throws(SystemError) {
        var items = [
            PollItem(
                descriptor: stream.descriptor, wantsRead: !isWriting, wantsWrite: isWriting)
        ]
        _ = try Poller.wait(on: &items, until: deadline)
        let isOver = Int64(clamping: MonotonicClock.nanoseconds) >= deadline
        if isOver && !items[0].isReadable && !items[0].isWritable { throw .timedOut }
    }

    var hostName: String { HostName.current }

    var inputIsTerminal: Bool { FileDescriptor.standardInput.isTerminal }
    var outputIsTerminal: Bool { FileDescriptor.standardOutput.isTerminal }
    var errorIsTerminal: Bool { FileDescriptor.standardError.isTerminal }
}
