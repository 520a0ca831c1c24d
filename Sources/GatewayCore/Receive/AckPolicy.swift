// SPDX-License-Identifier: Apache-2.0

/// Gathers what the journal holds into acknowledgements: at most one a second, or each 64 frames.
package struct AckPolicy: Sendable {
    /// What is acknowledged to one node over one link.
    package struct Batch: Equatable, Sendable {
        package var node: Int
        package var link: Int
        package var entries: [Entry]

        /// `entries` for a node over a link, both in the receiver's own count.
        package init(node: Int, link: Int, entries: [Entry]) {
            self.node = node
            self.link = link
            self.entries = entries
        }
    }

    /// All frames of a group up to an index.
    package struct Entry: Equatable, Sendable {
        package var group: GroupIdentity
        package var upto: UInt32

        /// Frames 0 to `upto` of `group`.
        package init(group: GroupIdentity, upto: UInt32) {
            self.group = group
            self.upto = upto
        }
    }

    /// Frames after which an acknowledgement does not wait.
    package static let frameLimit = 64
    /// The most groups that wait; what is dropped is acknowledged when it is repeated.
    package static let groupLimit = 4096
    private static let pause = Duration.seconds(1)

    private var batches: [Batch] = []
    private var frames = 0
    private var groups = 0
    private var sent: MonotonicInstant?
    /// Since when something waits.
    private var oldest: MonotonicInstant?
    /// Entries that were dropped.
    package private(set) var dropped = 0

    /// Nothing to acknowledge.
    package init() {}

    /// The journal has `frame` and those of its group before it, on the disk.
    package mutating func add(
        _ frame: FrameIdentity, node: Int, link: Int, at now: MonotonicInstant
    ) {
        frames += 1
        oldest = oldest ?? now
        let place = place(node: node, link: link)
        let entries = batches[place].entries
        if let i = entries.lastIndex(where: { $0.group == frame.group }) {
            batches[place].entries[i].upto = max(entries[i].upto, frame.index)
            return
        }
        guard groups < Self.groupLimit else {
            dropped += 1
            return
        }
        groups += 1
        batches[place].entries.append(Entry(group: frame.group, upto: frame.index))
    }

    /// What is due; empty where nothing is, or where it may still wait.
    package mutating func take(at now: MonotonicInstant) -> [Batch] {
        guard oldest != nil, now >= deadline else { return [] }
        defer {
            batches = []
            frames = 0
            groups = 0
            oldest = nil
            sent = now
        }
        return batches
    }

    /// When something is due next.
    package var deadline: MonotonicInstant {
        guard let oldest else { return .distantFuture }
        if frames >= Self.frameLimit { return oldest }
        // The first one after a silence need not wait.
        guard let sent else { return oldest }
        return max(oldest, sent + Self.pause)
    }

    private mutating func place(node: Int, link: Int) -> Int {
        if let i = batches.firstIndex(where: { $0.node == node && $0.link == link }) { return i }
        batches.append(Batch(node: node, link: link, entries: []))
        return batches.count - 1
    }
}
