// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Keeps a second process away from a folder, as long as the value lives.
///
/// The file stays: to remove it would open a moment in which two processes hold locks on two files
/// of the same name. The kernel drops the lock with the process, however that ends.
package struct LockFile: ~Copyable {
    private let descriptor: FileDescriptor

    private init(descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

    /// Takes the lock, and makes the file if there is none; nil if another process has it.
    package static func acquire(_ path: String) throws(SystemError) -> LockFile? {
        let descriptor = try FileDescriptor.opening(path, O_RDWR | O_CREAT)
        guard try descriptor.lock() else { return nil }
        return LockFile(descriptor: descriptor)
    }
}
