// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// An open file or directory; closed with its last user.
final class PosixFile: Sendable {
    private let descriptor: CInt

    init(_ path: String, _ flags: CInt) throws(SpoolError) {
        while true {
            // The copy of the path that Swift makes for the call outlives it.
            let opened = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o600)
            if opened >= 0 {
                descriptor = opened
                return
            }
            guard errno == EINTR else { throw .last }
        }
    }

    deinit {
        // What matters was synced, and its error told there.
        _ = Glibc.close(descriptor)
    }

    func byteCount() throws(SpoolError) -> Int {
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else { throw .last }
        return Int(end)
    }

    func read(into bytes: inout [UInt8], count: Int, at offset: Int) throws(SpoolError) {
        var filled = 0
        var code: CInt = 0
        bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while filled < count {
                // The rest of the buffer begins inside of it, or is empty and never reached.
                let rest = unsafe buffer.baseAddress.map { unsafe $0 + filled }
                let got = unsafe pread(descriptor, rest, count - filled, off_t(offset + filled))
                if got == 0 { break }
                if got > 0 {
                    filled += got
                } else if errno != EINTR {
                    code = errno
                    break
                }
            }
            initialized = filled
        }
        if code != 0 { throw SpoolError(code: code) }
    }

    func write(_ bytes: Span<UInt8>, at offset: Int) throws(SpoolError) {
        var written = 0
        while written < bytes.count {
            let rest = bytes.extracting(written..<bytes.count)
            // The kernel reads at most as many bytes as the rest has.
            let count = unsafe rest.withUnsafeBufferPointer { pointer in
                unsafe pwrite(
                    descriptor, pointer.baseAddress, pointer.count, off_t(offset + written))
            }
            if count > 0 {
                written += count
            } else if count == 0 {
                throw .noSpace
            } else if errno != EINTR {
                throw .last
            }
        }
    }

    func truncate(to byteCount: Int) throws(SpoolError) {
        while ftruncate(descriptor, off_t(byteCount)) != 0 {
            guard errno == EINTR else { throw .last }
        }
    }

    func syncData() throws(SpoolError) {
        while fdatasync(descriptor) != 0 {
            guard errno == EINTR else { throw .last }
        }
    }

    func sync() throws(SpoolError) {
        while fsync(descriptor) != 0 {
            guard errno == EINTR else { throw .last }
        }
    }

    func lock() throws(SpoolError) {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { throw .inUse }
            guard errno == EINTR else { throw .last }
        }
    }

    func punch(_ range: Range<Int>) throws(SpoolError) {
        while alec_punch_hole(descriptor, range.lowerBound, range.count) != 0 {
            guard errno == EINTR else { throw .last }
        }
    }

    func space() throws(SpoolError) -> StorageSpace {
        var found = statvfs()
        // The kernel fills in the structure before the call returns.
        while unsafe fstatvfs(descriptor, &found) != 0 {
            guard errno == EINTR else { throw .last }
        }
        let block = Int(clamping: found.f_frsize)
        return StorageSpace(
            byteCount: Int(clamping: found.f_blocks).multipliedReportingOverflow(by: block)
                .partialValue,
            freeBytes: Int(clamping: found.f_bavail).multipliedReportingOverflow(by: block)
                .partialValue)
    }

    static func rename(_ path: String, to other: String) throws(SpoolError) {
        // The copies of the paths that Swift makes for the call outlive it.
        guard unsafe Glibc.rename(path, other) == 0 else { throw .last }
    }

    static func unlink(_ path: String) throws(SpoolError) {
        // The copy of the path that Swift makes for the call outlives it; as below.
        guard unsafe Glibc.unlink(path) == 0 || errno == ENOENT else { throw .last }
    }

    /// Whether it is new.
    static func makeDirectory(_ path: String) throws(SpoolError) -> Bool {
        if unsafe mkdir(path, 0o700) == 0 { return true }
        guard errno == EEXIST else { throw .last }
        return false
    }

    static func names(in path: String) throws(SpoolError) -> [String] {
        guard let directory = unsafe opendir(path) else { throw .last }
        defer { unsafe _ = closedir(directory) }
        var names: [String] = []
        errno = 0
        while let entry = unsafe readdir(directory) {
            // The name ends with a zero inside of the entry, which stays until the next call.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { text in
                    unsafe String(cString: text)
                }
            }
            names.append(name)
            errno = 0
        }
        guard errno == 0 else { throw .last }
        return names
    }
}

extension SpoolError {
    /// The case for an `errno`.
    init(code: CInt) {
        switch code {
        case ENOSPC, EDQUOT: self = .noSpace
        default: self = .storage(code: code)
        }
    }

    /// What the last call left in `errno`.
    fileprivate static var last: SpoolError { SpoolError(code: errno) }
}
