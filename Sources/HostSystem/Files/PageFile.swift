// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A file of one small page that is written again and again as a whole.
///
/// A write of less than a memory page is copied in one go, so whoever reads the file, even after
/// the process was killed, sees one of the contents whole. Nothing is forced to the disk.
package struct PageFile: ~Copyable {
    private let descriptor: FileDescriptor

    /// Opens the file, and makes it if there is none. What it holds stays until the first write.
    package init(_ path: String) throws(SystemError) {
        descriptor = try FileDescriptor.opening(path, O_WRONLY | O_CREAT)
    }

    /// Puts `page` at the beginning of the file. Pages of one file are of one length.
    package borrowing func write(_ page: Span<UInt8>) throws(SystemError) {
        while true {
            // The kernel reads exactly the bytes of the span.
            let count = unsafe page.withUnsafeBufferPointer { pointer in
                unsafe pwrite(descriptor.number, pointer.baseAddress, pointer.count, 0)
            }
            if count == page.count { return }
            guard count < 0 else { throw SystemError(code: ENOSPC) }
            guard errno == EINTR else { throw .last }
        }
    }
}
