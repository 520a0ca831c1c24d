// SPDX-License-Identifier: Apache-2.0

package import StoreAndForward
import Synchronization

/// A disk that forgets what was not synced, tears writes, fills up and fails, all on demand.
///
/// The disk outlives the storage, as a disk outlives a process.
package final class SimulatedDisk: Sendable {
    /// A change of a file that is not on the disk yet.
    private enum Change {
        case write(offset: Int, bytes: [UInt8])
        case cut(byteCount: Int)
    }

    private struct File {
        /// As the process sees it, and as it is on the disk.
        var bytes: [UInt8] = []
        var durable: [UInt8] = []
        var changes: [Change] = []
        /// Bytes that are free although they lie inside.
        var punched = 0
        /// Its name is in the directory for the process, and on the disk.
        var isNamed = true
        var isDurablyNamed = false
    }

    /// What goes wrong.
    package struct Faults: Sendable {
        /// No operation succeeds any more once so many were done.
        package var cutAfter: Int?
        /// Bytes that are free.
        package var freeBytes = Int.max
        /// The next writes fail with EIO after half of their bytes.
        package var failingWrites = 0
        package var failingTruncates = 0
        package var failingSyncs = 0
        package var failingReads = 0
        package var failingCreates = 0
    }

    private struct State {
        var files: [UInt32: File] = [:]
        var faults = Faults()
        var operations = 0
    }

    private let state = Mutex(State())

    package init() {}

    package var operations: Int { state.withLock { $0.operations } }

    package func set(_ change: @Sendable (inout Faults) -> Void) {
        state.withLock { change(&$0.faults) }
    }

    /// The bytes of a segment, to look at or to damage.
    package func bytes(of segment: UInt32) -> [UInt8]? {
        state.withLock { $0.files[segment].flatMap { $0.isNamed ? $0.bytes : nil } }
    }

    package func put(_ bytes: [UInt8], in segment: UInt32) {
        state.withLock {
            var file = File()
            file.bytes = bytes
            file.durable = bytes
            file.isDurablyNamed = true
            $0.files[segment] = file
        }
    }

    package var segments: [UInt32] {
        state.withLock { state in state.files.filter { $0.value.isNamed }.keys.sorted() }
    }

    /// Power is cut: of what was not synced each piece is kept, lost or torn.
    package func losePower(_ generator: inout SeededGenerator) {
        var chance = generator
        state.withLock { state in
            for number in state.files.keys.sorted() {
                guard var file = state.files[number] else { continue }
                if file.isNamed != file.isDurablyNamed {
                    file.isNamed = chance.once(in: 2)
                }
                guard file.isNamed else {
                    state.files[number] = nil
                    continue
                }
                file.bytes = file.durable
                for change in file.changes { Self.survive(change, in: &file.bytes, &chance) }
                file.durable = file.bytes
                file.changes = []
                file.isDurablyNamed = true
                state.files[number] = file
            }
            state.faults = Faults()
            state.operations = 0
        }
        generator = chance
    }

    private static func survive(
        _ change: Change, in bytes: inout [UInt8], _ chance: inout SeededGenerator
    ) {
        switch (change, chance.below(3)) {
        case (.write(let offset, let written), 0): put(written, at: offset, in: &bytes)
        case (.write(let offset, let written), 1):
            // Sectors of 64 bytes come or do not come, and the size may have grown without them.
            for start in stride(from: 0, to: written.count, by: 64) where chance.once(in: 2) {
                put(
                    Array(written[start..<min(start + 64, written.count)]), at: offset + start,
                    in: &bytes)
            }
        case (.cut(let byteCount), 0...1): cut(&bytes, to: byteCount)
        case (.write, _), (.cut, _): break
        }
    }

    private static func put(_ written: [UInt8], at offset: Int, in bytes: inout [UInt8]) {
        while bytes.count < offset + written.count { bytes.append(0) }
        bytes.replaceSubrange(offset..<offset + written.count, with: written)
    }

    private static func cut(_ bytes: inout [UInt8], to byteCount: Int) {
        if bytes.count > byteCount { bytes.removeLast(bytes.count - byteCount) }
    }

    private static let ioError = SpoolError.storage(code: 5)

    private func operate<Result>(
        _ body: (inout State) throws(SpoolError) -> Result
    ) throws(SpoolError) -> Result {
        try state.withLock { state throws(SpoolError) in
            if let cut = state.faults.cutAfter, state.operations >= cut { throw Self.ioError }
            state.operations += 1
            return try body(&state)
        }
    }

    fileprivate func list() throws(SpoolError) -> [StoredSegment] {
        state.withLock { state in
            state.files.filter { $0.value.isNamed }.map {
                StoredSegment(number: $0.key, byteCount: $0.value.bytes.count)
            }.sorted { $0.number < $1.number }
        }
    }

    fileprivate func create(_ segment: UInt32) throws(SpoolError) {
        try operate { state throws(SpoolError) in
            if state.faults.failingCreates > 0 {
                state.faults.failingCreates -= 1
                throw Self.ioError
            }
            if state.files[segment]?.isNamed == true { throw .storage(code: 17) }
            state.files[segment] = File()
        }
    }

    fileprivate func write(
        _ bytes: [UInt8], to segment: UInt32, at offset: Int
    ) throws(SpoolError) {
        try operate { state throws(SpoolError) in
            guard state.files[segment]?.isNamed == true else { throw .storage(code: 2) }
            var written = bytes
            var error: SpoolError?
            if state.faults.failingWrites > 0 {
                state.faults.failingWrites -= 1
                written.removeLast(bytes.count - bytes.count / 2)
                error = Self.ioError
            } else if written.count > state.faults.freeBytes {
                written.removeLast(written.count - state.faults.freeBytes)
                error = .noSpace
            }
            if state.faults.freeBytes != .max { state.faults.freeBytes -= written.count }
            Self.put(written, at: offset, in: &state.files[segment]!.bytes)
            state.files[segment]!.changes.append(.write(offset: offset, bytes: written))
            if let error { throw error }
        }
    }

    fileprivate func read(
        _ segment: UInt32, at offset: Int, count: Int
    ) throws(SpoolError) -> [UInt8] {
        try state.withLock { state throws(SpoolError) in
            if state.faults.failingReads > 0 {
                state.faults.failingReads -= 1
                throw Self.ioError
            }
            guard let file = state.files[segment], file.isNamed else { throw .storage(code: 2) }
            return Array(file.bytes.dropFirst(offset).prefix(count))
        }
    }

    fileprivate func truncate(_ segment: UInt32, to byteCount: Int) throws(SpoolError) {
        try operate { state throws(SpoolError) in
            if state.faults.failingTruncates > 0 {
                state.faults.failingTruncates -= 1
                throw Self.ioError
            }
            guard state.files[segment]?.isNamed == true else { throw .storage(code: 2) }
            let freed = state.files[segment]!.bytes.count - byteCount
            if state.faults.freeBytes != .max { state.faults.freeBytes += freed }
            Self.cut(&state.files[segment]!.bytes, to: byteCount)
            state.files[segment]!.changes.append(.cut(byteCount: byteCount))
        }
    }

    fileprivate func punch(_ segment: UInt32, _ range: Range<Int>) throws(SpoolError) {
        try operate { state throws(SpoolError) in
            guard state.files[segment]?.isNamed == true else { throw .storage(code: 2) }
            let zeros = [UInt8](repeating: 0, count: range.count)
            Self.put(zeros, at: range.lowerBound, in: &state.files[segment]!.bytes)
            state.files[segment]!.changes.append(.write(offset: range.lowerBound, bytes: zeros))
            state.files[segment]!.punched += range.count
            if state.faults.freeBytes != .max { state.faults.freeBytes += range.count }
        }
    }

    /// A disk of 1 MiB; nil while it has no bounds.
    fileprivate var space: StorageSpace? {
        state.withLock { state in
            state.faults.freeBytes == .max
                ? nil : StorageSpace(byteCount: 1 << 20, freeBytes: state.faults.freeBytes)
        }
    }

    fileprivate func remove(_ segment: UInt32) throws(SpoolError) {
        try operate { state throws(SpoolError) in
            guard let file = state.files[segment], file.isNamed else { return }
            if state.faults.freeBytes != .max {
                state.faults.freeBytes += file.bytes.count - file.punched
            }
            state.files[segment]!.isNamed = false
        }
    }

    fileprivate func sync(_ segments: [UInt32], directory: Bool) throws(SpoolError) {
        for segment in segments {
            try operate { state throws(SpoolError) in
                guard state.files[segment] != nil else { return }
                if state.faults.failingSyncs > 0 {
                    // The kernel drops the pages and calls them clean.
                    state.faults.failingSyncs -= 1
                    state.files[segment]!.changes = []
                    throw Self.ioError
                }
                let bytes = state.files[segment]!.bytes
                state.files[segment]!.durable = bytes
                state.files[segment]!.changes = []
            }
        }
        guard directory else { return }
        try operate { state throws(SpoolError) in
            for number in Array(state.files.keys) {
                let isNamed = state.files[number]!.isNamed
                state.files[number]!.isDurablyNamed = isNamed
                if !isNamed { state.files[number] = nil }
            }
        }
    }
}

/// The storage of one process on a simulated disk.
package struct SimulatedStorage: SpoolStorage, ~Copyable {
    package let disk: SimulatedDisk

    package init(disk: SimulatedDisk) { self.disk = disk }

    package mutating func list() throws(SpoolError) -> [StoredSegment] { try disk.list() }
    package mutating func create(_ segment: UInt32) throws(SpoolError) { try disk.create(segment) }

    package mutating func write(
        _ bytes: Span<UInt8>, to segment: UInt32, at offset: Int
    ) throws(SpoolError) {
        try disk.write(bytes.indices.map { bytes[$0] }, to: segment, at: offset)
    }

    package mutating func read(
        _ segment: UInt32, at offset: Int, count: Int, into bytes: inout [UInt8]
    ) throws(SpoolError) {
        bytes = try disk.read(segment, at: offset, count: count)
    }

    package mutating func truncate(_ segment: UInt32, to byteCount: Int) throws(SpoolError) {
        try disk.truncate(segment, to: byteCount)
    }

    package mutating func remove(_ segment: UInt32) throws(SpoolError) { try disk.remove(segment) }

    package mutating func setAside(_ segment: UInt32) throws(SpoolError) {
        try disk.remove(segment)
    }

    package mutating func punch(_ segment: UInt32, _ range: Range<Int>) throws(SpoolError) {
        try disk.punch(segment, range)
    }

    package func space() throws(SpoolError) -> StorageSpace? { disk.space }

    package func barrier(_ segments: [UInt32], directory: Bool) -> SyncBarrier {
        let disk = disk
        return { () throws(SpoolError) in try disk.sync(segments, directory: directory) }
    }
}
