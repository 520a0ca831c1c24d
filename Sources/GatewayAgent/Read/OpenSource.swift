// SPDX-License-Identifier: Apache-2.0

package import HostSystem

/// A descriptor that readings come from, while it is open.
///
/// A class, so that inputs can stand in an array while descriptors cannot be copied.
package final class OpenSource: Sendable {
    private enum Kind: ~Copyable, Sendable {
        case stream(FileDescriptor)
        case serial(SerialPort)
    }

    private let kind: Kind

    /// A pipe or a file, which ends once.
    package init(stream: consuming FileDescriptor) { kind = .stream(stream) }

    init(port: consuming SerialPort) { kind = .serial(port) }

    /// To poll.
    var descriptor: CInt {
        switch kind {
        case .stream(let file): file.descriptor
        case .serial(let port): port.descriptor
        }
    }

    /// Replaces the first bytes of `buffer`. A stream that ends hangs up, as a port does that is
    /// pulled out.
    func read(into buffer: inout [UInt8]) throws(SystemError) -> SerialAnswer {
        switch kind {
        case .stream(let file):
            let count = try file.read(into: &buffer)
            return count == 0 ? .hungUp : .bytes(count)
        case .serial(let port):
            return try port.read(into: &buffer)
        }
    }
}
