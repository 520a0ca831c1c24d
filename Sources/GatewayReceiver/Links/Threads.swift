// SPDX-License-Identifier: Apache-2.0

internal import HostSystem

/// The threads of all links: a list, as arrays hold nothing that cannot be copied.
struct Threads: ~Copyable {
    /// A class, so that the list can hold the thread.
    private final class Entry {
        var thread: WorkerThread?
        init(_ thread: consuming WorkerThread) { self.thread = consume thread }
    }

    private var entries: [Entry] = []

    mutating func add(_ thread: consuming WorkerThread) { entries.append(Entry(thread)) }

    /// Waits until all have ended.
    consuming func join() {
        for entry in entries {
            guard let thread = entry.thread.take() else { continue }
            thread.join()
        }
    }
}
