// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// A thread with a name, which somebody waits for.
///
/// Signals that are blocked when it starts stay blocked in it.
package struct WorkerThread: ~Copyable, Sendable {
    private final class Work: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    private let identity: pthread_t

    deinit {
        // Nobody waited: the thread frees itself when it ends.
        pthread_detach(identity)
    }

    /// Runs `body` in a thread of its own. Linux shows 15 bytes of the name.
    package static func start(
        name: String, body: @escaping @Sendable () -> Void
    ) throws(SystemError) -> WorkerThread {
        // The thread takes over this reference; if it does not start, it is released below.
        let work = unsafe Unmanaged.passRetained(Work(name: name, body: body))
        var identity = pthread_t()
        // The argument is the reference passed above, taken exactly once.
        let code = unsafe pthread_create(
            &identity, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let work = unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
                // A name is for people; without it the thread works as well.
                _ = unsafe alec_name_thread(work.name)
                work.body()
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            unsafe work.release()
            throw SystemError(code: code)
        }
        return WorkerThread(identity: identity)
    }

    /// Waits until the thread has ended.
    package consuming func join() {
        // The thread's result is always nil; errors are only ever our own misuse.
        _ = pthread_join(identity, nil)
        discard self
    }
}
