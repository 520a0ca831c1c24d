// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import StoreAndForward
import TestSupport
import Testing

/// A disk that is full, fails, or is someone else's.
@Suite struct FaultTests {
    let disk = SimulatedDisk()

    func open() throws(SpoolError) -> Spool<SimulatedStorage> {
        try Spool(SimulatedStorage(disk: disk), SpoolTests.settings)
    }

    @Test func fullDiskLeavesTheSegmentAndTheGroupAsTheyWere() throws {
        var spool = try open()
        try spool.append(SpoolFrame(1, 0))
        disk.set { $0.freeBytes = 50 }
        #expect(throws: SpoolError.noSpace) { try spool.append(SpoolFrame(1, 1)) }
        #expect(spool.statistics.writeErrors > 0)
        disk.set { $0.freeBytes = .max }
        // The same frame again, in the same segment.
        try spool.append(SpoolFrame(1, 1))
        var again = try open()
        let frames = try again.frames()
        #expect(frames == [SpoolFrame(1, 0), SpoolFrame(1, 1)])
        #expect(again.recovery.badRecords == 0)
        #expect(disk.segments == [1])
    }

    @Test func fullDiskAtTheBeginningOfASegmentLeavesNothing() throws {
        var spool = try open()
        disk.set { $0.freeBytes = 10 }
        #expect(throws: SpoolError.noSpace) { try spool.append(SpoolFrame(1, 0)) }
        #expect(disk.segments == [])
        disk.set { $0.freeBytes = .max }
        try spool.append(SpoolFrame(1, 0))
        #expect(disk.segments == [2])
    }

    @Test func historyMakesRoomOnAFullDisk() throws {
        var spool = try open()
        for group in 0..<15 as Range<UInt32> {
            try spool.append(SpoolFrame(group, 0))
            _ = try spool.acknowledge(SpoolFrame(group, 0).group)
        }
        spool.sync()
        let segments = disk.segments.count
        #expect(segments > 2)
        disk.set { $0.freeBytes = 0 }
        try spool.append(SpoolFrame(20, 0))
        #expect(disk.segments.count < segments)
    }

    @Test func failedWriteEndsTheSegmentAndItsGroups() throws {
        var spool = try open()
        try spool.append(SpoolFrame(1, 0))
        disk.set { $0.failingWrites = 1 }
        #expect(throws: SpoolError.storage(code: 5)) { try spool.append(SpoolFrame(1, 1)) }
        #expect(spool.isClosed(SpoolFrame(1, 0).group) == true)
        #expect(throws: SpoolError.groupSealed) { try spool.append(SpoolFrame(1, 1)) }
        try spool.append(SpoolFrame(2, 0))
        #expect(spool.statistics.sealedByErrors == 1)
        #expect(disk.segments == [1, 2])
        var again = try open()
        let frames = try again.frames()
        #expect(frames == [SpoolFrame(1, 0), SpoolFrame(2, 0)])
    }

    @Test func halfARecordThatCannotBeCutOffIsSkipped() throws {
        var spool = try open()
        try spool.append(SpoolFrame(1, 0))
        disk.set {
            $0.failingWrites = 1
            $0.failingTruncates = 1
        }
        #expect(throws: SpoolError.storage(code: 5)) { try spool.append(SpoolFrame(2, 0)) }
        try spool.append(SpoolFrame(3, 0))
        let frames = try spool.frames()
        #expect(frames == [SpoolFrame(1, 0), SpoolFrame(3, 0)])
        let again = try open()
        #expect(again.recovery.pendingFrames == 2)
        #expect(again.recovery.tornBytes > 0)
    }

    @Test func segmentThatCannotBeMadeIsAnErrorAndNoMore() throws {
        var spool = try open()
        disk.set { $0.failingCreates = 1 }
        #expect(throws: SpoolError.storage(code: 5)) { try spool.append(SpoolFrame(1, 0)) }
        try spool.append(SpoolFrame(1, 0))
        let frames = try spool.frames()
        #expect(frames == [SpoolFrame(1, 0)])
    }

    @Test func failedAcknowledgementLeavesTheGroupPending() throws {
        var spool = try open()
        try spool.append(SpoolFrame(1, 0))
        disk.set { $0.failingWrites = 1 }
        #expect(throws: SpoolError.storage(code: 5)) {
            _ = try spool.acknowledge(SpoolFrame(1, 0).group)
        }
        #expect(spool.statistics.pendingGroups == 1)
        let readings = try spool.acknowledge(SpoolFrame(1, 0).group)
        #expect(readings == 10)
    }

    @Test func failedSyncWritesAgain() throws {
        var spool = try open()
        try spool.append(SpoolFrame(1, 0))
        disk.set { $0.failingSyncs = 1 }
        #expect(spool.sync() == false)
        #expect(spool.statistics.syncFailures == 1)
        #expect(spool.syncedPlace < spool.endPlace)
        try spool.append(SpoolFrame(2, 0))
        #expect(spool.sync() == true)
        #expect(spool.syncedPlace == spool.endPlace)
        var generator = SeededGenerator(seed: 1)
        disk.losePower(&generator)
        var again = try open()
        let frames = try again.frames()
        #expect(frames == [SpoolFrame(1, 0), SpoolFrame(2, 0)])
    }

    @Test func droppedTicketChangesNothing() throws {
        var spool = try open()
        try spool.append(SpoolFrame(1, 0))
        #expect(spool.beginSync() != nil)
        let made = spool.beginSync()
        let ticket = try #require(made)
        try spool.append(SpoolFrame(1, 1))
        try ticket.run()
        spool.endSync(ticket)
        #expect(spool.syncedPlace < spool.endPlace)
        #expect(spool.sync() == true)
        #expect(spool.syncedPlace == spool.endPlace)
        #expect(spool.beginSync() == nil)
    }

    @Test func readErrorPassesAndTheNextReadWorks() throws {
        var spool = try open()
        try spool.append(SpoolFrame(1, 0))
        disk.set { $0.failingReads = 1 }
        #expect(throws: SpoolError.storage(code: 5)) {
            _ = try spool.next(from: 0, includingHistory: false)
        }
        let frames = try spool.frames()
        #expect(frames == [SpoolFrame(1, 0)])
    }

    @Test func unreadableSegmentIsCountedAndLeftAlone() throws {
        var spool = try open()
        for group in 0..<20 as Range<UInt32> { try spool.append(SpoolFrame(group, 0)) }
        spool.sync()
        let segments = disk.segments
        disk.set { $0.failingReads = 1 }
        var again = try open()
        #expect(again.recovery.unreadableSegments == 1)
        #expect(again.recovery.pendingFrames < 20)
        try again.append(SpoolFrame(21, 0))
        again.sync()
        try again.trim()
        #expect(disk.segments == segments + [segments[segments.count - 1] + 1])
    }

    @Test func recordDamagedAfterOpeningIsTold() throws {
        var spool = try open()
        let place = try spool.append(SpoolFrame(1, 0))
        let next = try spool.append(SpoolFrame(2, 0))
        let found = try spool.next(from: 0, includingHistory: false)
        let item = try #require(found)
        var bytes = try #require(disk.bytes(of: 1))
        bytes[Place.offset(of: next) - 6] ^= 1
        disk.put(bytes, in: 1)
        var body: [UInt8] = []
        #expect(throws: SpoolError.damaged(at: place)) { try spool.read(item, into: &body) }
        bytes[Place.offset(of: place) + 30] ^= 1
        disk.put(bytes, in: 1)
        #expect(throws: SpoolError.damaged(at: place)) {
            _ = try spool.next(from: 0, includingHistory: false)
        }
        let after = try spool.next(from: place + 1, includingHistory: false)
        #expect(after?.place == next)
    }

    @Test func segmentThatChangedIsTakenAsItIs() throws {
        var spool = try open()
        for group in 0..<60 as Range<UInt32> { try spool.append(SpoolFrame(group, 0)) }
        _ = try spool.acknowledge(SpoolFrame(1, 0).group)
        for group in 20..<60 as Range<UInt32> { _ = try spool.find(SpoolFrame(group, 0).group) }
        var bytes = try #require(disk.bytes(of: 1))
        bytes[100] ^= 1
        disk.put(bytes, in: 1)
        let frames = try spool.frames()
        // The first is lost, the second pending again.
        #expect(frames.map(\.group.group) == Array(1..<60))
        #expect(spool.statistics.changedSegments == 1)
        #expect(spool.statistics.pendingFrames == 59)
    }

    @Test func twoProcessesDoNotShareADirectory() throws {
        let directory = try TemporaryFolder()
        let path = directory.path + "/spool"
        var spool = try Spool(try PosixStorage(directory: path), SpoolTests.settings)
        try spool.append(SpoolFrame(1, 0))
        #expect(throws: SpoolError.inUse) {
            _ = try PosixStorage(directory: path)
        }
        var reader = try Spool(
            try PosixStorage(directory: path, access: .reading), SpoolTests.settings)
        let frames = try reader.frames()
        #expect(frames == [SpoolFrame(1, 0)])
        #expect(throws: SpoolError.readOnly) { try reader.append(SpoolFrame(2, 0)) }
        #expect(throws: SpoolError.storage(code: 2)) {
            _ = try PosixStorage(directory: path + "/not/there")
        }
    }
}
