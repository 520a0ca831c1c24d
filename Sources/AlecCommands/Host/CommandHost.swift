// SPDX-License-Identifier: Apache-2.0

package import HostSystem
internal import LineProtocols

/// All that a command sees of the world. Tests bring their own.
package protocol CommandHost {
    /// Opens a file for `read`; without one, `read` reads stdin.
    mutating func open(_ path: String) throws(SystemError)
    /// Replaces the first bytes of `buffer`; how many, 0 at the end of the input.
    mutating func read(into buffer: inout [UInt8]) throws(SystemError) -> Int
    /// Writes to stdout.
    mutating func write(_ bytes: Span<UInt8>) throws(SystemError)
    /// Writes to stderr, as far as that works.
    mutating func tell(_ bytes: Span<UInt8>)
    /// Nanoseconds since some moment.
    mutating func nanoseconds() -> UInt64
    /// Nanoseconds since 1970.
    mutating func wallNanoseconds() -> Int64
    /// Waits until `nanoseconds` gives this; true as soon as nobody can read stdout any more.
    mutating func wait(untilNanoseconds deadline: UInt64) -> Bool
    /// Sixty-four bits that nobody can foresee.
    mutating func randomBits() -> UInt64
    /// A variable of the environment.
    func variable(_ name: String) -> String?
    /// The names in a folder.
    func folder(_ path: String) throws(SystemError) -> [String]
    /// Writes a file that is not there yet.
    mutating func createFile(_ path: String, _ bytes: Span<UInt8>) throws(SystemError)
    /// Sends a line to who listens at a path, and gives all that comes back.
    mutating func ask(_ path: String, _ line: Span<UInt8>) throws(SystemError) -> [UInt8]
    /// What the machine is called.
    var hostName: String { get }
    var inputIsTerminal: Bool { get }
    var outputIsTerminal: Bool { get }
    var errorIsTerminal: Bool { get }
}

extension CommandHost {
    /// How much is read and written at a time.
    static var chunkBytes: Int { 64 << 10 }

    mutating func openInput(_ path: String?) throws(CommandError) {
        guard let path else { return }
        do throws(SystemError) {
            try open(path)
        } catch {
            throw .cannotOpen(path: path, error)
        }
    }

    mutating func readInput(
        _ path: String?, into buffer: inout [UInt8]
    ) throws(CommandError) -> Int {
        do throws(SystemError) {
            return try read(into: &buffer)
        } catch {
            throw .cannotRead(path: path, error)
        }
    }

    /// Writes `bytes` to stdout and empties them.
    mutating func flush(_ bytes: inout [UInt8]) throws(CommandError) {
        guard !bytes.isEmpty else { return }
        try writeOutput(bytes.span)
        bytes.removeAll(keepingCapacity: true)
    }

    /// Writes the text to stdout and empties it.
    mutating func flush(_ text: inout TextBuffer) throws(CommandError) {
        guard text.count > 0 else { return }
        let bytes = text.bytes
        try writeOutput(bytes.span)
        text.removeAll()
    }

    mutating func writeOutput(_ bytes: Span<UInt8>) throws(CommandError) {
        do throws(SystemError) {
            try write(bytes)
        } catch {
            throw error.isBrokenPipe ? .outputClosed : .cannotWrite(error)
        }
    }

    mutating func print(_ text: String) throws(CommandError) {
        try writeOutput(Array(text.utf8).span)
    }

    mutating func tell(_ text: String) { tell(Array(text.utf8).span) }
}
