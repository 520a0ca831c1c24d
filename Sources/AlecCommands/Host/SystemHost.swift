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

    var inputIsTerminal: Bool { FileDescriptor.standardInput.isTerminal }
    var outputIsTerminal: Bool { FileDescriptor.standardOutput.isTerminal }
    var errorIsTerminal: Bool { FileDescriptor.standardError.isTerminal }
}
