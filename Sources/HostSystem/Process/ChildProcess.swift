// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import Synchronization

/// A command whose output is read. It has a process group of its own, so that what it started
/// ends with it; its stderr is ours, its stdin is empty.
package struct ChildProcess: ~Copyable, Sendable {
    /// How a process ended.
    package enum Ending: Equatable, Sendable {
        case exited(Int32)
        case killed(Int32)
    }

    private let output: FileDescriptor
    /// Readable once the process has ended.
    private let end: FileDescriptor
    private let process: pid_t
    /// The number may belong to another process from then on.
    private let isReaped = Atomic(false)

    private init(
        output: consuming FileDescriptor, end: consuming FileDescriptor, process: pid_t
    ) {
        self.output = output
        self.end = end
        self.process = process
    }

    deinit {
        // Neither it nor what it started may go on without anyone who reads.
        kill()
        _ = awaitEnding(until: Self.now + Self.lastPatience)
    }

    /// A process that the kernel cannot end is left behind after so many nanoseconds.
    private static let lastPatience: Int64 = 1_000_000_000

    /// Starts `words`, of which the first is a path or a name to be found along PATH.
    package static func start(_ words: [String]) throws(SystemError) -> ChildProcess {
        var ends: [CInt] = [-1, -1]
        // The kernel fills in both numbers.
        guard unsafe pipe(&ends) == 0 else { throw .last }
        let output = FileDescriptor.adopting(ends[0])
        let input = FileDescriptor.adopting(ends[1])
        // Only our end does not wait: the command expects a pipe that does.
        guard fcntl(output.number, F_SETFD, FD_CLOEXEC) == 0,
            fcntl(input.number, F_SETFD, FD_CLOEXEC) == 0,
            fcntl(output.number, F_SETFL, O_NONBLOCK) == 0
        else { throw .last }
        let process = try ProcessStart.spawn(words, output: input.number)
        let end = pidfd_open(process, 0)
        guard end >= 0 else {
            let error = SystemError.last
            Glibc.kill(-process, SIGKILL)
            reap(process)
            throw error
        }
        return ChildProcess(output: output, end: .adopting(end), process: process)
    }

    /// To poll for reading.
    package var descriptor: CInt { output.number }

    /// Readable once the process has ended.
    package var endDescriptor: CInt { end.number }

    /// Replaces the first bytes of `buffer` by what the process wrote, without waiting.
    package borrowing func read(into buffer: inout [UInt8]) throws(SystemError) -> SerialAnswer {
        try output.readAtOnce(into: &buffer)
    }

    /// Asks the process and all that it started to end.
    package borrowing func terminate() { signal(SIGTERM) }

    /// Ends them.
    package borrowing func kill() { signal(SIGKILL) }

    /// How the process ended; nil while it runs, and after it was told.
    package borrowing func takeEnding() -> Ending? {
        guard !isReaped.load(ordering: .relaxed) else { return nil }
        var items = [PollItem(descriptor: end.number)]
        // Fails only where memory is short; then the next look tells.
        guard let count = try? Poller.wait(on: &items, until: 0), count > 0 else { return nil }
        // What it left behind; its number is still its own, as nobody has asked how it ended.
        Glibc.kill(-process, SIGKILL)
        isReaped.store(true, ordering: .relaxed)
        let status = Self.reap(process)
        let signal = alec_ending_signal(status)
        return signal != 0 ? .killed(signal) : .exited(alec_exit_status(status))
    }

    /// Waits for the end; after the moment it is enforced. nil where it ended before, or cannot.
    package borrowing func stop(by deadlineNanoseconds: Int64) -> Ending? {
        if let ending = awaitEnding(until: deadlineNanoseconds) { return ending }
        kill()
        return awaitEnding(until: Self.now + Self.lastPatience)
    }

    private borrowing func awaitEnding(until deadline: Int64) -> Ending? {
        guard !isReaped.load(ordering: .relaxed) else { return nil }
        var items = [PollItem(descriptor: end.number)]
        while true {
            // Fails only where memory is short; then the process is asked at once.
            let count = (try? Poller.wait(on: &items, until: deadline)) ?? 0
            if count > 0 || Self.now >= deadline { return takeEnding() }
        }
    }

    private static var now: Int64 { Int64(clamping: MonotonicClock.nanoseconds) }

    private borrowing func signal(_ number: CInt) {
        guard !isReaped.load(ordering: .relaxed) else { return }
        // Fails only where all of the group have ended.
        Glibc.kill(-process, number)
    }

    @discardableResult
    private static func reap(_ process: pid_t) -> CInt {
        var status: CInt = 0
        // The kernel writes into a local. It is our own child, and nobody else waits for it.
        while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return status
    }
}
