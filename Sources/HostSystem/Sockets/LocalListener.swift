// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// Waits for connections of other processes of this machine, at a path.
package struct LocalListener: ~Copyable {
    /// Readable while a connection waits.
    package let descriptor: CInt
    private let path: String

    /// Listens at `path`, for the owner and the group. The file that a process left behind which
    /// was killed is replaced; where somebody answers the error is `EADDRINUSE`.
    package init(_ path: String) throws(SystemError) {
        let address = try LocalAddress(path)
        let number = try LocalAddress.socket()
        do throws(SystemError) {
            try Self.bind(number, address, path)
            // Nobody can connect before `listen`, so the right mode is there in time.
            guard unsafe chmod(path, 0o660) == 0 else { throw .last }
            guard listen(number, 16) == 0 else { throw .last }
        } catch {
            _ = Glibc.close(number)
            throw error
        }
        descriptor = number
        self.path = path
    }

    deinit {
        _ = Glibc.close(descriptor)
        // The copy of the path outlives the call.
        _ = unsafe unlink(path)
    }

    private static func bind(
        _ number: CInt, _ address: LocalAddress, _ path: String
    ) throws(SystemError) {
        do throws(SystemError) {
            try address.bind(number)
        } catch {
            guard error.code == EADDRINUSE, isStale(path) else { throw error }
            // The copy of the path outlives the call.
            guard unsafe unlink(path) == 0 else { throw .last }
            try address.bind(number)
        }
    }

    /// Whether the path is a socket at which nobody listens.
    private static func isStale(_ path: String) -> Bool {
        var status = stat()
        // The kernel fills in a local.
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
            return false
        }
        do throws(SystemError) {
            _ = try LocalStream.connect(path)
            return false
        } catch {
            return error.code == ECONNREFUSED
        }
    }

    /// The next connection; nil where none waits, or its process is gone already.
    package borrowing func accept() throws(SystemError) -> LocalStream? {
        let number = alec_accept(descriptor)
        if number >= 0 { return LocalStream(adopting: number) }
        switch errno {
        case EAGAIN, EINTR, ECONNABORTED: return nil
        default: throw .last
        }
    }
}
