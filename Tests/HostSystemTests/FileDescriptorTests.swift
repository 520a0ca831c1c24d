// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import HostSystem
import Testing

@Suite struct FileDescriptorTests {
    private func pipe() throws -> (reading: CInt, writing: CInt) {
        var numbers: [CInt] = [-1, -1]
        try #require(Glibc.pipe(&numbers) == 0)
        return (numbers[0], numbers[1])
    }

    @Test func bytesGoThroughAPipe() throws {
        let ends = try pipe()
        let reading = FileDescriptor.adopting(ends.reading)
        do {
            let writing = FileDescriptor.adopting(ends.writing)
            try writing.write([1, 2, 3].span)
            let isTerminal = writing.isTerminal
            #expect(!isTerminal)
        }
        var buffer = [UInt8](repeating: 0, count: 8)
        let first = try reading.read(into: &buffer)
        #expect(first == 3 && buffer.prefix(3) == [1, 2, 3])
        let second = try reading.read(into: &buffer)
        #expect(second == 0)
    }

    /// A pipe both ends of which answer at once instead of waiting.
    private func impatientPipe() throws -> (reading: CInt, writing: CInt) {
        let ends = try pipe()
        for end in [ends.reading, ends.writing] {
            try #require(fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) == 0)
        }
        return ends
    }

    @Test func readingWaitsWhereTheDescriptorDoesNot() throws {
        let ends = try impatientPipe()
        let reading = FileDescriptor.adopting(ends.reading)
        var buffer = [UInt8](repeating: 0, count: 8)
        // It begins later than the first try to read, which finds nothing, almost always.
        let thread = Thread {
            let writing = FileDescriptor.adopting(ends.writing)
            try? writing.write([7].span)
        }
        thread.start()
        let first = try reading.read(into: &buffer)
        #expect(first == 1 && buffer[0] == 7)
        let second = try reading.read(into: &buffer)
        #expect(second == 0)
    }

    @Test func writingWaitsWhereTheDescriptorDoesNot() throws {
        let ends = try impatientPipe()
        // Far more than a pipe holds.
        let bytes = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 / 251) }
        let thread = Thread {
            let writing = FileDescriptor.adopting(ends.writing)
            try? writing.write(bytes.span)
        }
        thread.start()
        let reading = FileDescriptor.adopting(ends.reading)
        var buffer = [UInt8](repeating: 0, count: 1000)
        var received: [UInt8] = []
        while case let count = try reading.read(into: &buffer), count > 0 {
            received += buffer.prefix(count)
        }
        #expect(received == bytes)
    }

    @Test func waitingEndsWithTheOtherSide() throws {
        ProcessSetting.ignoreBrokenPipes()
        let ends = try impatientPipe()
        var byte: UInt8 = 1
        while write(ends.writing, &byte, 1) == 1 {}
        #expect(errno == EAGAIN)
        let thread = Thread { _ = close(ends.reading) }
        let writing = FileDescriptor.adopting(ends.writing)
        thread.start()
        do throws(SystemError) {
            try writing.write([1].span)
            Issue.record("nobody reads, and no error")
        } catch {
            #expect(error == SystemError(code: EPIPE))
        }
    }

    @Test func brokenPipeIsAnError() throws {
        ProcessSetting.ignoreBrokenPipes()
        let ends = try pipe()
        close(ends.reading)
        let writing = FileDescriptor.adopting(ends.writing)
        do throws(SystemError) {
            try writing.write([1].span)
            Issue.record("nobody reads, and no error")
        } catch {
            #expect(error == SystemError(code: EPIPE))
        }
        #expect(SystemError(code: EPIPE).isBrokenPipe)
    }

    @Test func missingFileIsAnError() {
        #expect(throws: SystemError(code: ENOENT)) {
            _ = try FileDescriptor.reading("/nowhere/at/all")
        }
    }

    @Test func folderOpensButCannotBeRead() throws {
        let folder = try FileDescriptor.reading("/")
        var buffer = [UInt8](repeating: 0, count: 8)
        do throws(SystemError) {
            _ = try folder.read(into: &buffer)
            Issue.record("a folder was read")
        } catch {
            #expect(error == SystemError(code: EISDIR))
        }
    }

    @Test func fileIsReadToItsEnd() throws {
        let file = try FileDescriptor.reading("/dev/null")
        var buffer = [UInt8](repeating: 0, count: 8)
        let count = try file.read(into: &buffer)
        #expect(count == 0)
    }

    @Test func timeGoesForward() {
        let first = MonotonicClock.nanoseconds
        #expect(MonotonicClock.nanoseconds >= first)
    }
}
