// SPDX-License-Identifier: Apache-2.0

/// Waits until what was written before is on the disk; any thread may call it.
package typealias SyncBarrier = @Sendable () throws(SpoolError) -> Void

/// A file of the directory.
package struct StoredSegment: Equatable, Sendable {
    /// The number in its name.
    package var number: UInt32
    /// Its size.
    package var byteCount: Int

    /// Segment `number` with `byteCount` bytes.
    package init(number: UInt32, byteCount: Int) {
        self.number = number
        self.byteCount = byteCount
    }
}

/// How large a file system is and how much of it is free.
package struct StorageSpace: Equatable, Sendable {
    /// All of it.
    package var byteCount: Int
    /// What this process may still write.
    package var freeBytes: Int

    /// A file system of `byteCount`, `freeBytes` of them free.
    package init(byteCount: Int, freeBytes: Int) {
        self.byteCount = byteCount
        self.freeBytes = freeBytes
    }
}

/// A directory of segments: what the spool needs of a file system.
package protocol SpoolStorage: ~Copyable {
    /// All segments, by number.
    mutating func list() throws(SpoolError) -> [StoredSegment]
    /// A new, empty segment.
    mutating func create(_ segment: UInt32) throws(SpoolError)
    /// All of `bytes` at `offset`. After an error any part of them may be there.
    mutating func write(
        _ bytes: Span<UInt8>, to segment: UInt32, at offset: Int
    ) throws(SpoolError)
    /// Replaces `bytes` by at most `count` bytes from `offset` on; fewer at the end of the file.
    mutating func read(
        _ segment: UInt32, at offset: Int, count: Int, into bytes: inout [UInt8]
    ) throws(SpoolError)
    /// Cuts the segment off.
    mutating func truncate(_ segment: UInt32, to byteCount: Int) throws(SpoolError)
    /// Unlinks the segment.
    mutating func remove(_ segment: UInt32) throws(SpoolError)
    /// Takes the segment out of the spool without deleting what is in it.
    mutating func setAside(_ segment: UInt32) throws(SpoolError)
    /// Gives these bytes of a segment back; they read as zeros afterwards.
    mutating func punch(_ segment: UInt32, _ range: Range<Int>) throws(SpoolError)
    /// What the file system has; nil if it does not say.
    mutating func space() throws(SpoolError) -> StorageSpace?
    /// What forces the bytes of `segments` to the disk, and what was created and unlinked.
    mutating func barrier(_ segments: [UInt32], directory: Bool) -> SyncBarrier
}
