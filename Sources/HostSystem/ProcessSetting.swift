// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What holds for the process as a whole.
package enum ProcessSetting {
    /// Makes writing into a pipe that nobody reads an error instead of the end of the process.
    package static func ignoreBrokenPipes() {
        // The handler before is of no interest.
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Ends the process.
    package static func exit(_ status: UInt8) -> Never { Glibc.exit(CInt(status)) }
}
