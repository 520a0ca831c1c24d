// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// What systemd is for a service: a socket that hears datagrams.
struct NotifySocket: ~Copyable {
    private let number: CInt

    init(_ path: String) throws {
        number = socket(
            AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let listener = number
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length)
            }
        }
        try #require(code == 0)
    }

    deinit { close(number) }

    /// The oldest message; nil when there is none.
    borrowing func message() -> String? {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(number, &buffer, buffer.count)
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }
}
