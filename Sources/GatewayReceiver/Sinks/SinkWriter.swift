// SPDX-License-Identifier: Apache-2.0

internal import HostSystem
internal import Synchronization

/// Bytes for an output.
struct SinkJob: Sendable {
    var bytes: [UInt8]
    /// How long the output is before.
    var offset: Int
    /// What an attempt before may have left behind `offset` is cut off first.
    var isRepeated: Bool
    /// Waits until everything is on the disk.
    var synchronizes: Bool
}

/// What became of a job.
struct SinkResult: Sendable {
    var isWritten = false
    var isSynchronized = false
    var error: SystemError?
}

/// Does the jobs of one sink, one at a time.
protocol SinkWriter: AnyObject {
    var isBusy: Bool { get }
    func begin(_ job: SinkJob)
    /// The answer to the last job, once.
    func takeResult() -> SinkResult?
}

/// Does them at once.
final class InlineWriter: SinkWriter {
    private let output: any SinkOutput
    private var result: SinkResult?

    init(_ output: any SinkOutput) { self.output = output }

    var isBusy: Bool { result != nil }
    func begin(_ job: SinkJob) { result = output.run(job) }

    func takeResult() -> SinkResult? {
        defer { result = nil }
        return result
    }
}

/// Does them on a thread of its own: an output that stalls stalls nobody else.
final class ThreadWriter: SinkWriter, Sendable {
    private struct State {
        var job: SinkJob?
        var result: SinkResult?
        var isBusy = false
        var isEnding = false
    }

    private let state = Mutex(State())
    private let wake: EventFlag

    /// `news` is raised with each answer.
    init(
        _ output: any SinkOutput & Sendable, name: String, news: EventFlag
    ) throws(SystemError) {
        let wake = try EventFlag()
        self.wake = wake
        // Nobody waits for it: a write that never ends must not hold up the end of the process.
        _ = try WorkerThread.start(name: name) { [self] in
            while true {
                var items = [PollItem(descriptor: wake.descriptor)]
                guard (try? Poller.wait(on: &items, until: nil)) != nil else { return }
                wake.clear()
                let (job, isEnding) = state.withLock { state in
                    defer { state.job = nil }
                    return (state.job, state.isEnding)
                }
                if let job {
                    let result = output.run(job)
                    state.withLock { $0.result = result }
                    news.raise()
                }
                if isEnding { return }
            }
        }
    }

    var isBusy: Bool { state.withLock { $0.isBusy } }

    func begin(_ job: SinkJob) {
        state.withLock { state in
            state.job = job
            state.isBusy = true
        }
        wake.raise()
    }

    func takeResult() -> SinkResult? {
        state.withLock { state in
            guard let result = state.result else { return nil }
            state.result = nil
            state.isBusy = false
            return result
        }
    }

    /// Ends the thread after the job that it does.
    func end() {
        state.withLock { $0.isEnding = true }
        wake.raise()
    }
}

extension SinkOutput {
    func run(_ job: SinkJob) -> SinkResult {
        var result = SinkResult()
        do throws(SystemError) {
            // Half a line must not stay in front of the next attempt, if it could not be cut off.
            if job.isRepeated { try cut(to: job.offset) }
            if !job.bytes.isEmpty { try write(job.bytes.span) }
            result.isWritten = true
            if job.synchronizes { try synchronize() }
            result.isSynchronized = job.synchronizes
        } catch {
            result.error = error
            if !result.isWritten { try? cut(to: job.offset) }
        }
        return result
    }
}
