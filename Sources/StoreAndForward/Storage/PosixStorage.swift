// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A directory of the file system.
package struct PosixStorage: SpoolStorage, ~Copyable {
    /// Whether this process changes the directory.
    package enum Access: Sendable {
        /// It does, and nobody else may at the same time.
        case exclusive
        /// It only looks, perhaps while another process writes.
        case reading
    }

    private let path: String
    private let access: Access
    /// Holds the lock on the directory.
    private let directory: PosixFile
    /// The segment that is written, and the one that was read last.
    private var written: (number: UInt32, file: PosixFile)?
    private var lastRead: (number: UInt32, file: PosixFile)?

    /// The directory at `path`, whose parent must exist; made if it does not exist.
    package init(directory path: String, access: Access = .exclusive) throws(SpoolError) {
        directory = try Self.open(path, access)
        self.path = path
        self.access = access
    }

    private static func open(
        _ path: String, _ access: Access
    ) throws(SpoolError) -> PosixFile {
        if access == .reading { return try PosixFile(path, O_RDONLY | O_DIRECTORY) }
        if try PosixFile.makeDirectory(path) {
            // Without this a power cut can take the new directory with all that was synced in it.
            try PosixFile(path + "/..", O_RDONLY | O_DIRECTORY).sync()
        }
        let directory = try PosixFile(path, O_RDONLY | O_DIRECTORY)
        try directory.lock()
        return directory
    }

    package mutating func list() throws(SpoolError) -> [StoredSegment] {
        var found: [StoredSegment] = []
        for name in try PosixFile.names(in: path) {
            guard let number = SegmentName.number(in: name) else { continue }
            do throws(SpoolError) {
                let file = try PosixFile(segmentPath(number), O_RDONLY)
                found.append(StoredSegment(number: number, byteCount: try file.byteCount()))
            } catch .storage(code: ENOENT) where access == .reading {
                // The process that owns the directory unlinked it meanwhile.
            }
        }
        return found.sorted { $0.number < $1.number }
    }

    package mutating func create(_ segment: UInt32) throws(SpoolError) {
        try checkWritable()
        written = nil
        written = (segment, try PosixFile(segmentPath(segment), O_RDWR | O_CREAT | O_EXCL))
    }

    package mutating func write(
        _ bytes: Span<UInt8>, to segment: UInt32, at offset: Int
    ) throws(SpoolError) {
        try checkWritable()
        try writable(segment).write(bytes, at: offset)
    }

    package mutating func read(
        _ segment: UInt32, at offset: Int, count: Int, into bytes: inout [UInt8]
    ) throws(SpoolError) {
        if let written, written.number == segment {
            return try written.file.read(into: &bytes, count: count, at: offset)
        }
        if let lastRead, lastRead.number == segment {
            return try lastRead.file.read(into: &bytes, count: count, at: offset)
        }
        lastRead = nil
        let file = try PosixFile(segmentPath(segment), O_RDONLY)
        lastRead = (segment, file)
        try file.read(into: &bytes, count: count, at: offset)
    }

    package mutating func truncate(_ segment: UInt32, to byteCount: Int) throws(SpoolError) {
        try checkWritable()
        try writable(segment).truncate(to: byteCount)
    }

    package mutating func remove(_ segment: UInt32) throws(SpoolError) {
        try checkWritable()
        // An open descriptor would keep the space.
        if written?.number == segment { written = nil }
        if lastRead?.number == segment { lastRead = nil }
        try PosixFile.unlink(segmentPath(segment))
    }

    package mutating func setAside(_ segment: UInt32) throws(SpoolError) {
        try checkWritable()
        if written?.number == segment { written = nil }
        if lastRead?.number == segment { lastRead = nil }
        let path = segmentPath(segment)
        try PosixFile.rename(path, to: path + SegmentName.asideSuffix)
        try boundAside()
    }

    /// The oldest that were set aside go, so that they never fill the disk.
    private func boundAside() throws(SpoolError) {
        var aside = try PosixFile.names(in: path).filter { $0.hasSuffix(SegmentName.asideSuffix) }
        aside.sort()
        var sum = 0
        for name in aside.reversed() {
            sum += try PosixFile(path + "/" + name, O_RDONLY).byteCount()
            if sum > Self.asideLimit { try PosixFile.unlink(path + "/" + name) }
        }
    }

    private static let asideLimit = 16 << 20

    package mutating func punch(_ segment: UInt32, _ range: Range<Int>) throws(SpoolError) {
        try checkWritable()
        try writable(segment).punch(range)
    }

    package func space() throws(SpoolError) -> StorageSpace? { try directory.space() }

    package func barrier(_ segments: [UInt32], directory: Bool) -> SyncBarrier {
        let path = path
        let files = segments.map { path + "/" + SegmentName.name(of: $0) }
        return { () throws(SpoolError) in
            for file in files {
                do throws(SpoolError) {
                    try PosixFile(file, O_RDWR).syncData()
                } catch .storage(code: ENOENT) {
                    // Unlinked since: nothing of it is needed.
                }
            }
            if directory { try PosixFile(path, O_RDONLY | O_DIRECTORY).sync() }
        }
    }

    private func segmentPath(_ number: UInt32) -> String {
        path + "/" + SegmentName.name(of: number)
    }

    private func checkWritable() throws(SpoolError) {
        if access == .reading { throw .readOnly }
    }

    private mutating func writable(_ segment: UInt32) throws(SpoolError) -> PosixFile {
        if let written, written.number == segment { return written.file }
        written = nil
        let file = try PosixFile(segmentPath(segment), O_RDWR)
        written = (segment, file)
        return file
    }
}
