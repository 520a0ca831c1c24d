// SPDX-License-Identifier: Apache-2.0

/// A storage whose kind is chosen when the program starts: files, or what a test brings.
///
/// Whatever holds a spool for others need not be generic for that.
package struct ChosenStorage: SpoolStorage, ~Copyable {
    private var storage: any SpoolStorage & ~Copyable

    /// Works on `storage`.
    package init(_ storage: consuming some SpoolStorage & ~Copyable) {
        self.storage = consume storage
    }

    package mutating func list() throws(SpoolError) -> [StoredSegment] { try storage.list() }

    package mutating func create(_ segment: UInt32) throws(SpoolError) {
        try storage.create(segment)
    }

    package mutating func write(
        _ bytes: Span<UInt8>, to segment: UInt32, at offset: Int
    ) throws(SpoolError) {
        try storage.write(bytes, to: segment, at: offset)
    }

    package mutating func read(
        _ segment: UInt32, at offset: Int, count: Int, into bytes: inout [UInt8]
    ) throws(SpoolError) {
        try storage.read(segment, at: offset, count: count, into: &bytes)
    }

    package mutating func truncate(_ segment: UInt32, to byteCount: Int) throws(SpoolError) {
        try storage.truncate(segment, to: byteCount)
    }

    package mutating func remove(_ segment: UInt32) throws(SpoolError) {
        try storage.remove(segment)
    }

    package mutating func setAside(_ segment: UInt32) throws(SpoolError) {
        try storage.setAside(segment)
    }

    package mutating func punch(_ segment: UInt32, _ range: Range<Int>) throws(SpoolError) {
        try storage.punch(segment, range)
    }

    package mutating func space() throws(SpoolError) -> StorageSpace? { try storage.space() }

    package mutating func barrier(_ segments: [UInt32], directory: Bool) -> SyncBarrier {
        storage.barrier(segments, directory: directory)
    }
}
