// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension FileDescriptor {
    /// Its number, to poll.
    package var descriptor: CInt { number }

    /// Opens a file to append to, and makes it if there is none.
    package static func appending(_ path: String) throws(SystemError) -> FileDescriptor {
        try opening(path, O_WRONLY | O_CREAT | O_APPEND)
    }

    /// Opens an empty file to write, in place of what was there.
    package static func creating(_ path: String) throws(SystemError) -> FileDescriptor {
        try opening(path, O_WRONLY | O_CREAT | O_TRUNC)
    }

    /// Makes a file to write; `EEXIST` where there is one already.
    package static func creatingNew(_ path: String) throws(SystemError) -> FileDescriptor {
        try opening(path, O_WRONLY | O_CREAT | O_EXCL)
    }

    /// Opens with the flags of `open`; a new file may be read by its owner and group.
    static func opening(_ path: String, _ flags: CInt) throws(SystemError) -> FileDescriptor {
        while true {
            // The copy of the path that Swift makes for the call outlives it.
            let number = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o640)
            if number >= 0 { return .adopting(number) }
            guard errno == EINTR else { throw .last }
        }
    }

    /// Waits until the content is on the disk.
    package borrowing func synchronize() throws(SystemError) {
        while fdatasync(number) != 0 {
            guard errno == EINTR else { throw .last }
        }
    }

    /// Cuts the file after `byteCount` bytes.
    package borrowing func truncate(to byteCount: Int) throws(SystemError) {
        while ftruncate(number, byteCount) != 0 {
            guard errno == EINTR else { throw .last }
        }
    }

    /// How long the file is.
    package borrowing func byteCount() throws(SystemError) -> Int {
        var status = stat()
        // The kernel fills in a local.
        guard unsafe fstat(number, &status) == 0 else { throw .last }
        return Int(status.st_size)
    }

    /// Locks the file against other processes; false if one of them has it.
    borrowing func lock() throws(SystemError) -> Bool {
        while flock(number, LOCK_EX | LOCK_NB) != 0 {
            switch errno {
            case EINTR: continue
            case EWOULDBLOCK: return false
            default: throw .last
            }
        }
        return true
    }
}
