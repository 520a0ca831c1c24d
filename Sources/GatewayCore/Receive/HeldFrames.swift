// SPDX-License-Identifier: Apache-2.0

/// How a frame came.
package struct FrameOrigin: Equatable, Sendable {
    /// Which link brought it, in the receiver's own count.
    package var link: Int
    /// It was sent as backfill.
    package var isHistory: Bool

    /// Over `link`.
    package init(link: Int, isHistory: Bool) {
        self.link = link
        self.isHistory = isHistory
    }
}

/// Chained frames that came before those that they build on.
///
/// They are of no use without what is missing, and a resend brings the whole group, so that
/// dropping one costs time and no reading: the bound is on bytes, and the oldest goes first.
package struct HeldFrames: Sendable {
    /// A frame by what its head and topic say of it.
    package struct Key: Hashable, Sendable {
        /// Which node, in the receiver's own count.
        package var node: Int
        package var group: UInt32
        package var index: UInt32

        /// Frame `index` of `group` of a node.
        package init(node: Int, group: UInt32, index: UInt32) {
            self.node = node
            self.group = group
            self.index = index
        }
    }

    private struct Entry: Sendable {
        var key: Key
        var bytes: [UInt8]
        var origin: FrameOrigin
    }

    /// Counted for each frame besides its bytes, so that tiny frames are bounded as well.
    private static let overheadBytes = 64
    private let byteLimit: Int
    private var entries: [Entry] = []
    private var byteCount = 0
    /// Frames that were dropped to make room.
    package private(set) var dropped = 0

    /// Room for frames of `byteLimit` bytes in all.
    package init(byteLimit: Int = 4 << 20) { self.byteLimit = byteLimit }

    package var count: Int { entries.count }

    /// Keeps a frame; one that is kept already is not kept twice.
    package mutating func hold(_ bytes: [UInt8], _ origin: FrameOrigin, as key: Key) {
        guard !entries.contains(where: { $0.key == key }) else { return }
        let size = bytes.count + Self.overheadBytes
        guard size <= byteLimit else {
            dropped += 1
            return
        }
        var excess = 0
        while byteCount + size > byteLimit, excess < entries.count {
            byteCount -= entries[excess].bytes.count + Self.overheadBytes
            excess += 1
        }
        entries.removeFirst(excess)
        dropped += excess
        entries.append(Entry(key: key, bytes: bytes, origin: origin))
        byteCount += size
    }

    /// Gives a frame out, if it is here.
    package mutating func take(_ key: Key) -> (bytes: [UInt8], origin: FrameOrigin)? {
        guard let place = entries.firstIndex(where: { $0.key == key }) else { return nil }
        let entry = entries.remove(at: place)
        byteCount -= entry.bytes.count + Self.overheadBytes
        return (entry.bytes, entry.origin)
    }

    /// Whether a frame of the group is kept.
    package func holds(node: Int, group: UInt32) -> Bool {
        entries.contains { $0.key.node == node && $0.key.group == group }
    }

    /// Drops all frames of a group.
    package mutating func drop(node: Int, group: UInt32) {
        for entry in entries where entry.key.node == node && entry.key.group == group {
            byteCount -= entry.bytes.count + Self.overheadBytes
        }
        entries.removeAll { $0.key.node == node && $0.key.group == group }
    }
}
