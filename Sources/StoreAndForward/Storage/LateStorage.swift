// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A storage that could not be opened when the program started, as the disk was full or broken.
///
/// It is opened with the first segment that is made. Until then it holds nothing, so that a spool
/// can be opened and can answer each append with what the disk says.
package struct LateStorage: SpoolStorage, ~Copyable {
    private let open: @Sendable () throws(SpoolError) -> ChosenStorage
    private var storage: ChosenStorage?

    /// What `open` gives, once it gives it.
    package init(_ open: @escaping @Sendable () throws(SpoolError) -> ChosenStorage) {
        self.open = open
        storage = nil
    }

    package mutating func list() throws(SpoolError) -> [StoredSegment] {
        // What appears behind the opening of the spool is not in its summaries.
        []
    }

    package mutating func create(_ segment: UInt32) throws(SpoolError) {
        if storage == nil {
            var opened = try open()
            // Segments of a life before were not read: that takes a new start of the program.
            guard try opened.list().isEmpty else { throw .storage(code: EIO) }
            storage = consume opened
        }
        try storage?.create(segment)
    }

    package mutating func write(
        _ bytes: Span<UInt8>, to segment: UInt32, at offset: Int
    ) throws(SpoolError) {
        if storage == nil { throw .storage(code: EIO) }
        try storage?.write(bytes, to: segment, at: offset)
    }

    package mutating func read(
        _ segment: UInt32, at offset: Int, count: Int, into bytes: inout [UInt8]
    ) throws(SpoolError) {
        if storage == nil { throw .storage(code: EIO) }
        try storage?.read(segment, at: offset, count: count, into: &bytes)
    }

    package mutating func truncate(_ segment: UInt32, to byteCount: Int) throws(SpoolError) {
        try storage?.truncate(segment, to: byteCount)
    }

    package mutating func remove(_ segment: UInt32) throws(SpoolError) {
        try storage?.remove(segment)
    }

    package mutating func setAside(_ segment: UInt32) throws(SpoolError) {
        try storage?.setAside(segment)
    }

    package mutating func punch(_ segment: UInt32, _ range: Range<Int>) throws(SpoolError) {
        try storage?.punch(segment, range)
    }

    package mutating func space() throws(SpoolError) -> StorageSpace? { try storage?.space() }

    package mutating func barrier(_ segments: [UInt32], directory: Bool) -> SyncBarrier {
        guard let barrier = storage?.barrier(segments, directory: directory) else {
            return { () throws(SpoolError) in }
        }
        return barrier
    }
}

extension SpoolError {
    /// The disk is full or broken, which may pass; nothing is wrong with the directory.
    package var isDiskFault: Bool {
        switch self {
        case .noSpace: true
        case .storage(let code): code == EIO || code == EROFS
        case .full, .groupSealed, .tooLarge, .damaged, .removed, .unsupportedVersion, .inUse,
            .readOnly:
            false
        }
    }
}
