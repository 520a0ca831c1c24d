// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import StoreAndForward
import TestSupport
import Testing

/// What every storage must do, and the spool on each of them.
@Suite struct StorageSuiteTests {
    @Test func simulatedDiskKeepsTheContract() throws {
        let disk = SimulatedDisk()
        try Self.checkStorage { SimulatedStorage(disk: disk) }
        let other = SimulatedDisk()
        try Self.checkSpool { SimulatedStorage(disk: other) }
    }

    @Test func fileSystemKeepsTheContract() throws {
        let directory = try TemporaryFolder()
        try Self.checkStorage { () throws(SpoolError) in
            try PosixStorage(directory: directory.path + "/a")
        }
        try Self.checkSpool { () throws(SpoolError) in
            try PosixStorage(directory: directory.path + "/b")
        }
    }

    private static func checkStorage<Storage: SpoolStorage & ~Copyable>(
        _ open: () throws(SpoolError) -> Storage
    ) throws {
        try firstUse(try open())
        var storage = try open()
        #expect(
            try storage.list() == [
                StoredSegment(number: 1, byteCount: 6), StoredSegment(number: 3, byteCount: 1),
            ])
        try storage.barrier([1, 3, 9], directory: true)()
        var bytes: [UInt8] = []
        try storage.read(1, at: 0, count: 6, into: &bytes)
        #expect(bytes == [1, 2, 0, 0, 5, 6])
    }

    private static func firstUse<Storage: SpoolStorage & ~Copyable>(
        _ opened: consuming Storage
    ) throws {
        var storage = opened
        #expect(try storage.list() == [])
        try storage.create(1)
        try storage.write([1, 2, 3].span, to: 1, at: 0)
        try storage.truncate(1, to: 2)
        // What lies between the end and the offset of a write is zero.
        try storage.write([5, 6, 7].span, to: 1, at: 4)
        try storage.truncate(1, to: 6)
        try storage.create(3)
        try storage.write([9].span, to: 3, at: 0)
        try storage.create(2)
        try storage.remove(2)
        #expect(throws: SpoolError.storage(code: 17)) { try storage.create(3) }
        var bytes: [UInt8] = [4]
        try storage.read(1, at: 1, count: 3, into: &bytes)
        #expect(bytes == [2, 0, 0])
        try storage.read(1, at: 5, count: 100, into: &bytes)
        #expect(bytes == [6])
        try storage.read(1, at: 50, count: 100, into: &bytes)
        #expect(bytes == [])
        #expect(throws: SpoolError.storage(code: 2)) {
            try storage.read(2, at: 0, count: 1, into: &bytes)
        }
    }

    private static func checkSpool<Storage: SpoolStorage & ~Copyable>(
        _ open: () throws(SpoolError) -> Storage
    ) throws {
        let settings = SpoolSettings(
            maximumBytes: 100_000, segmentBytes: 500, historyBytes: 2000)
        var frames: [SpoolFrame] = []
        for group in 0..<20 as Range<UInt32> {
            for index in 0..<3 as Range<UInt32> { frames.append(SpoolFrame(group, index)) }
        }
        try write(frames, in: try open(), settings)
        var spool = try Spool(try open(), settings)
        #expect(try spool.frames() == frames)
        for group in 0..<15 as Range<UInt32> {
            #expect(try spool.acknowledge(SpoolFrame(group, 0).group) == 33)
        }
        #expect(spool.sync() == true)
        try spool.trim()
        #expect(spool.sync() == true)
        #expect(try spool.frames() == Array(frames[45...]))
        #expect(spool.statistics.historyBytes <= 2000 + 1000)
        #expect(spool.statistics.removedSegments > 0)
    }

    private static func write<Storage: SpoolStorage & ~Copyable>(
        _ frames: [SpoolFrame], in storage: consuming Storage, _ settings: SpoolSettings
    ) throws {
        var spool = try Spool(storage, settings)
        for frame in frames { try spool.append(frame) }
        #expect(spool.sync() == true)
        #expect(spool.syncedPlace == spool.endPlace)
        #expect(try spool.frames() == frames)
    }
}
