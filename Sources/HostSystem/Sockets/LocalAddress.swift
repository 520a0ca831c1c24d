// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The address of a socket that is a file, for processes of one machine.
struct LocalAddress {
    private var address = sockaddr_un()
    private let length: socklen_t

    /// The kernel has room for about a hundred bytes; a longer path is `ENAMETOOLONG`.
    init(_ path: String) throws(SystemError) {
        let bytes = Array(path.utf8)
        address.sun_family = sa_family_t(AF_UNIX)
        guard !bytes.isEmpty, bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw SystemError(code: ENAMETOOLONG)
        }
        // Fewer bytes than the field has, as just checked; the rest stays zero.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        length = socklen_t(MemoryLayout<sockaddr_un>.size)
    }

    /// A stream socket that does not block.
    static func socket() throws(SystemError) -> CInt {
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let number = Glibc.socket(AF_UNIX, CInt(kind), 0)
        guard number >= 0 else { throw .last }
        return number
    }

    func bind(_ number: CInt) throws(SystemError) {
        var address = address
        // The kernel reads `length` bytes of the local copy.
        let code = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe Glibc.bind(number, generic, length)
            }
        }
        guard code == 0 else { throw .last }
    }

    /// Local connections are made at once or not at all.
    func connect(_ number: CInt) throws(SystemError) {
        var address = address
        // The kernel reads `length` bytes of the local copy.
        let code = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe Glibc.connect(number, generic, length)
            }
        }
        guard code == 0 else { throw .last }
    }
}
