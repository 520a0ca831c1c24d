// SPDX-License-Identifier: Apache-2.0

package import HostSystem

/// Where a sink's bytes go. Tests bring one in memory.
package protocol SinkOutput: AnyObject {
    /// Writes all of `bytes` behind what is there.
    func write(_ bytes: Span<UInt8>) throws(SystemError)
    /// Waits until everything is on the disk.
    func synchronize() throws(SystemError)
    /// Cuts off what lies behind `byteCount` bytes.
    func cut(to byteCount: Int) throws(SystemError)
    /// How many bytes are there; nil where that has no meaning and nothing can be cut.
    func byteCount() throws(SystemError) -> Int?
}

/// A file that grows at its end.
package final class FileOutput: SinkOutput, Sendable {
    private let file: FileDescriptor

    /// Opens the file at `path`, or makes it.
    package init(path: String) throws(SystemError) {
        let isNew = try FileOperation.content(path, limit: 1) == nil
        file = try .appending(path)
        // Without this a power cut can take the new file with all that was synced in it.
        if isNew { try FileOperation.synchronizeFolder(FileOperation.folder(of: path)) }
    }

    package func write(_ bytes: Span<UInt8>) throws(SystemError) { try file.write(bytes) }
    package func synchronize() throws(SystemError) { try file.synchronize() }
    package func cut(to byteCount: Int) throws(SystemError) { try file.truncate(to: byteCount) }
    package func byteCount() throws(SystemError) -> Int? { try file.byteCount() }
}

/// The standard output: what went out cannot be taken back.
package final class StandardOutput: SinkOutput, Sendable {
    /// The output of this process.
    package init() {}

    package func write(_ bytes: Span<UInt8>) throws(SystemError) {
        try FileDescriptor.standardOutput.write(bytes)
    }

    package func synchronize() throws(SystemError) {}
    package func cut(to byteCount: Int) throws(SystemError) {}
    package func byteCount() throws(SystemError) -> Int? { nil }
}
