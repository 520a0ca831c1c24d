// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// Wakes a thread that polls. Any thread may raise it; who polls clears it before it looks at
/// what the flag stands for, so that nothing raised in between is missed.
package final class EventFlag: Sendable {
    /// Readable while the flag is raised.
    package let descriptor: CInt

    /// A flag that is not raised.
    package init() throws(SystemError) {
        descriptor = eventfd(0, CInt(EFD_CLOEXEC) | CInt(EFD_NONBLOCK))
        guard descriptor >= 0 else { throw .last }
    }

    deinit { _ = Glibc.close(descriptor) }

    /// Makes the descriptor readable until the flag is cleared.
    package func raise() {
        // Fails only when the counter is full: then the flag is raised anyway.
        _ = eventfd_write(descriptor, 1)
    }

    /// Lowers the flag; true if it was raised.
    @discardableResult
    package func clear() -> Bool {
        var count: eventfd_t = 0
        // The kernel writes the counter into a local.
        return unsafe eventfd_read(descriptor, &count) == 0
    }
}
