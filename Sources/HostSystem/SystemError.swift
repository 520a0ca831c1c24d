// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A call of the operating system that failed.
package struct SystemError: Error, Equatable, Sendable {
    /// Its `errno`.
    package var code: CInt

    package init(code: CInt) { self.code = code }

    /// What the last call left in `errno`.
    static var last: SystemError { SystemError(code: errno) }

    /// The time for an answer is over.
    package static var timedOut: SystemError { SystemError(code: ETIMEDOUT) }

    /// Nobody reads the pipe any more.
    package var isBrokenPipe: Bool { code == EPIPE }

    /// There is nothing of that name.
    package var isAbsence: Bool { code == ENOENT }

    /// The rights of this process do not suffice.
    package var isDenial: Bool { code == EACCES || code == EPERM }

    /// The disk is full or broken, which may pass; nothing is wrong with the path.
    package var isDiskFault: Bool { [ENOSPC, EDQUOT, EIO, EROFS].contains(code) }
}
