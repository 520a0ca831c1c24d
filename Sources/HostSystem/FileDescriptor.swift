// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A descriptor of an open file, pipe or terminal.
package struct FileDescriptor: ~Copyable {
    let number: CInt
    /// Standard streams belong to the process and stay open.
    private let isOwned: Bool

    private init(number: CInt, isOwned: Bool) {
        self.number = number
        self.isOwned = isOwned
    }

    deinit {
        // What must reach the disk was synchronised before: what `close` says does not matter.
        if isOwned { _ = Glibc.close(number) }
    }

    package static var standardInput: FileDescriptor { FileDescriptor(number: 0, isOwned: false) }
    package static var standardOutput: FileDescriptor { FileDescriptor(number: 1, isOwned: false) }
    package static var standardError: FileDescriptor { FileDescriptor(number: 2, isOwned: false) }

    /// Opens a file for reading.
    package static func reading(_ path: String) throws(SystemError) -> FileDescriptor {
        while true {
            // The copy of the path that Swift makes for the call outlives it.
            let number = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
            if number >= 0 { return FileDescriptor(number: number, isOwned: true) }
            guard errno == EINTR else { throw .last }
        }
    }

    /// Takes over an open descriptor, which closes with the value.
    package static func adopting(_ number: CInt) -> FileDescriptor {
        FileDescriptor(number: number, isOwned: true)
    }

    /// Replaces the first bytes of `buffer`; how many came, 0 at the end.
    package borrowing func read(into buffer: inout [UInt8]) throws(SystemError) -> Int {
        while true {
            // The kernel writes at most as many bytes as the buffer has.
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe Glibc.read(number, bytes.baseAddress, bytes.count)
            }
            if count >= 0 { return count }
            try recover(awaiting: POLLIN)
        }
    }

    /// Writes all of `bytes`.
    package borrowing func write(_ bytes: Span<UInt8>) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let rest = bytes.extracting(written..<bytes.count)
            // The kernel reads at most as many bytes as the rest has.
            let count = unsafe rest.withUnsafeBufferPointer { pointer in
                unsafe Glibc.write(number, pointer.baseAddress, pointer.count)
            }
            if count >= 0 {
                written += count
            } else {
                try recover(awaiting: POLLOUT)
            }
        }
    }

    /// Reads once, and waits only where the descriptor does and nothing is there. What ended, and
    /// a device that is gone, hangs up.
    package borrowing func readAtOnce(
        into buffer: inout [UInt8]
    ) throws(SystemError) -> SerialAnswer {
        while true {
            // The kernel writes at most as many bytes as the buffer has.
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe Glibc.read(number, bytes.baseAddress, bytes.count)
            }
            if count > 0 { return .bytes(count) }
            if count == 0 { return .hungUp }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .nothing
            case EIO, ENXIO, ENODEV: return .hungUp
            default: throw .last
            }
        }
    }

    /// Writes what a descriptor that does not wait takes now; how many bytes.
    borrowing func writeAtOnce(_ bytes: Span<UInt8>) throws(SystemError) -> Int {
        while true {
            // The kernel reads at most as many bytes as there are.
            let count = unsafe bytes.withUnsafeBufferPointer { pointer in
                unsafe Glibc.write(number, pointer.baseAddress, pointer.count)
            }
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN: return 0
            default: throw .last
            }
        }
    }

    /// Waits until nobody can read what is written any more, and at most so long; whether so.
    package borrowing func waitForClosing(nanoseconds: UInt64) -> Bool {
        // Rounded up: who waits a little too long need not wait again.
        let milliseconds = min(nanoseconds / 1_000_000 + 1, 60_000)
        var item = pollfd(fd: number, events: 0, revents: 0)
        // One item, and the kernel writes only its answer into it.
        let count = unsafe poll(&item, 1, CInt(milliseconds))
        return count > 0 && item.revents & Int16(POLLERR | POLLNVAL) != 0
    }

    /// Returns when the call that just failed is worth another try.
    ///
    /// Standard streams are shared: another process may have made them non-blocking.
    private borrowing func recover(awaiting events: CInt) throws(SystemError) {
        switch errno {
        case EINTR: return
        case EAGAIN:
            var request = pollfd(fd: number, events: Int16(events), revents: 0)
            // The pointer is to a local. Whatever the answer is, the next try shows the reason.
            guard unsafe poll(&request, 1, -1) < 0, errno != EINTR else { return }
            throw .last
        default: throw .last
        }
    }

    package var isTerminal: Bool { isatty(number) == 1 }
}
