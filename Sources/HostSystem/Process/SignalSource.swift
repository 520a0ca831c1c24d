// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// Signals as something to poll. Made in the first thread before all others, which inherit that
/// the signals are blocked and so leave them to this source.
package struct SignalSource: ~Copyable {
    /// What stops the program or makes it read its configuration again.
    package static let termination: [CInt] = [SIGTERM, SIGINT, SIGHUP]

    /// Readable while a signal waits.
    package let descriptor: CInt

    /// Blocks `signals` in this thread and collects them from now on. They stay blocked when the
    /// source goes, as the program then ends.
    package init(_ signals: [CInt] = SignalSource.termination) throws(SystemError) {
        var set = sigset_t()
        // All three write only into the local set.
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal) }
        let code = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        guard code == 0 else { throw SystemError(code: code) }
        // The kernel copies the set.
        let number = unsafe signalfd(-1, &set, CInt(SFD_CLOEXEC) | CInt(SFD_NONBLOCK))
        guard number >= 0 else { throw .last }
        descriptor = number
    }

    deinit { _ = Glibc.close(descriptor) }

    /// The number of the oldest signal that waits; nil when none does.
    package borrowing func next() throws(SystemError) -> CInt? {
        var information = signalfd_siginfo()
        while true {
            // The kernel fills in one structure and never a part of one.
            let count = unsafe read(descriptor, &information, MemoryLayout.size(ofValue: information))
            if count > 0 { return CInt(bitPattern: information.ssi_signo) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return nil
            default: throw .last
            }
        }
    }
}
