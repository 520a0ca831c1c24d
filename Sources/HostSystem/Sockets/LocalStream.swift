// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A connection to another process of this machine. Nothing blocks.
///
/// A class, so that connections can stand in an array while descriptors cannot be copied.
package final class LocalStream: Sendable {
    /// What a read gave.
    package enum Answer: Equatable, Sendable {
        case bytes(Int)
        case nothing
        /// The other side sends nothing more.
        case ended
    }

    /// To poll.
    package let descriptor: CInt

    init(adopting descriptor: CInt) { self.descriptor = descriptor }

    deinit { _ = Glibc.close(descriptor) }

    /// Connects to whoever listens at `path`; `ECONNREFUSED` where nobody does.
    package static func connect(_ path: String) throws(SystemError) -> LocalStream {
        let address = try LocalAddress(path)
        let stream = LocalStream(adopting: try LocalAddress.socket())
        try address.connect(stream.descriptor)
        return stream
    }

    /// Replaces the first bytes of `buffer`.
    package func receive(into buffer: inout [UInt8]) throws(SystemError) -> Answer {
        while true {
            // The kernel writes at most as many bytes as the buffer has.
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe recv(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_DONTWAIT))
            }
            if count > 0 { return .bytes(count) }
            if count == 0 { return .ended }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .nothing
            case ECONNRESET: return .ended
            default: throw .last
            }
        }
    }

    /// Sends the first bytes; how many the kernel had room for.
    package func send(_ bytes: Span<UInt8>) throws(SystemError) -> Int {
        while true {
            let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
            // The kernel reads at most the bytes of the span.
            let count = unsafe bytes.withUnsafeBufferPointer { pointer in
                unsafe Glibc.send(descriptor, pointer.baseAddress, pointer.count, flags)
            }
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN: return 0
            default: throw .last
            }
        }
    }
}
