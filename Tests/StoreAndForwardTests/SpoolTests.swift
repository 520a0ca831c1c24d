// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import StoreAndForward
import TestSupport
import Testing

/// What a spool does, on a disk that works.
@Suite struct SpoolTests {
    let disk = SimulatedDisk()
    static let settings = SpoolSettings(
        maximumBytes: 50_000, segmentBytes: 1000, historyBytes: 3000)

    func open(_ settings: SpoolSettings = settings) throws(SpoolError) -> Spool<SimulatedStorage> {
        try Spool(SimulatedStorage(disk: disk), settings)
    }

    @Test func emptySpoolHasNothingAndIsSynced() throws {
        var spool = try open()
        #expect(spool.recovery == SpoolRecovery())
        let item = try spool.next(from: 0, includingHistory: true)
        #expect(item == nil)
        #expect(spool.syncedPlace == spool.endPlace)
        #expect(spool.beginSync() == nil)
        #expect(disk.segments == [])
    }

    @Test func itemsTellWhatWasAppended() throws {
        var spool = try open()
        let frame = SpoolFrame(5, 0)
        let place = try spool.append(frame)
        let found = try spool.next(from: 0, includingHistory: false)
        let item = try #require(found)
        #expect(item.place == place)
        #expect(item.header == frame.header)
        #expect(item.byteCount == frame.bytes.count)
        #expect(item.isKey && !item.isAcknowledged)
        let range = try spool.find(frame.group)
        #expect(range == place..<spool.endPlace)
        let after = try spool.next(from: place + 1, includingHistory: true)
        #expect(after == nil)
    }

    @Test func appendingIsOneWrite() throws {
        var spool = try open()
        spool.setTable(SpoolFrame.table(9), [1, 2, 3])
        try spool.append(SpoolFrame(1, 0))
        // Creating the file, and header, table and frame together.
        #expect(disk.operations == 2)
        try spool.append(SpoolFrame(1, 1))
        #expect(disk.operations == 3)
    }

    @Test func openGroupKeepsItsSegmentWholeWhateverComesBetween() throws {
        var spool = try open()
        for index in 0..<30 as Range<UInt32> {
            try spool.append(SpoolFrame(1, index))
            let alert = SpoolFrame(100 + index, 0, lane: .alert)
            try spool.append(alert)
            spool.closeGroup(alert.group)
        }
        #expect(disk.segments == [1])
        #expect(spool.isClosed(SpoolFrame(1, 0).group) == false)
        try spool.append(SpoolFrame(2, 0))
        #expect(disk.segments == [1, 2])
        #expect(spool.isClosed(SpoolFrame(1, 0).group) == true)
        let count = try spool.frameCount(of: SpoolFrame(1, 0).group)
        #expect(count == 30)
    }

    @Test func groupOfJournalGoesOnInTheNextSegment() throws {
        var settings = Self.settings
        settings.crossesSegments = true
        var spool = try open(settings)
        var frames: [SpoolFrame] = []
        for index in 0..<30 as Range<UInt32> {
            for sid in 1...2 as ClosedRange<UInt64> {
                frames.append(SpoolFrame(1, index, sid: sid))
                try spool.append(frames[frames.count - 1])
            }
        }
        #expect(disk.segments.count > 3)
        let group = SpoolFrame(1, 0, sid: 2).group
        let range = try spool.find(group)
        #expect(range.map { Place.segment(of: $0.lowerBound) } == 1)
        #expect(range?.upperBound == spool.endPlace)
        let count = try spool.frameCount(of: group)
        #expect(count == 30)
        let readings = try spool.acknowledge(group)
        #expect(readings == (10..<40).reduce(0, +))
        let rest = try spool.frames()
        #expect(rest == frames.filter { $0.group != group })
        var again = try open(settings)
        let recovered = try again.frames()
        #expect(recovered == rest)
    }

    @Test func tableStandsBeforeTheFirstFrameThatNeedsItInEachSegment() throws {
        var spool = try open()
        spool.setTable(SpoolFrame.table(9), [1, 2, 3])
        try spool.append(SpoolFrame(99, 0, sid: 8))
        spool.closeGroup(SpoolFrame(99, 0, sid: 8).group)
        for group in 0..<12 as Range<UInt32> {
            for index in 0..<2 as Range<UInt32> { try spool.append(SpoolFrame(group, index)) }
        }
        spool.setTable(SpoolFrame.table(10), [4])
        try spool.append(SpoolFrame(13, 0))
        var kinds: [String] = []
        var place: UInt64 = 0
        while let item = try spool.next(from: place, includingHistory: true) {
            place = item.place + 1
            let group = item.header.frame.group.group
            kinds.append(item.header.kind == .table ? "T\(group)" : "\(group)")
        }
        #expect(
            kinds.joined(separator: " ")
                == "99 T9 0 0 1 1 2 2 3 3 T9 4 4 5 5 6 6 7 7 8 8 T9 9 9 10 10 11 11 T10 13")
        var bytes: [UInt8] = []
        let found = try spool.findTable(id: 9)
        let table = try #require(found)
        try spool.read(table, into: &bytes)
        #expect(bytes == [1, 2, 3])
        #expect(Place.segment(of: table.place) == 3)
        let unknown = try spool.findTable(id: 11)
        #expect(unknown == nil)
    }

    @Test func tableIsWantedAsLongAsAPendingGroupUsesIt() throws {
        var spool = try open()
        spool.setTable(SpoolFrame.table(9), [1])
        try spool.append(SpoolFrame(1, 0))
        try spool.append(SpoolFrame(2, 0))
        _ = try spool.acknowledge(SpoolFrame(1, 0).group)
        var item = try spool.next(from: 0, includingHistory: false)
        #expect(item?.header.kind == .table)
        _ = try spool.acknowledge(SpoolFrame(2, 0).group)
        item = try spool.next(from: 0, includingHistory: false)
        #expect(item == nil)
        item = try spool.next(from: 0, includingHistory: true)
        #expect(item?.isAcknowledged == true)
    }

    @Test func acknowledgingAnswersOnceAndSurvives() throws {
        var spool = try open()
        let group = SpoolFrame(1, 0).group
        var readings = try spool.acknowledge(group)
        #expect(readings == nil)
        try spool.append(SpoolFrame(1, 0))
        try spool.append(SpoolFrame(1, 1))
        try spool.append(SpoolFrame(2, 0))
        readings = try spool.acknowledge(group)
        #expect(readings == 21)
        readings = try spool.acknowledge(group)
        #expect(readings == 0)
        #expect(spool.statistics.pendingReadings == 10)
        #expect(spool.statistics.pendingPriorities == [0, 1, 9, 0, 0])
        var again = try open()
        #expect(again.recovery.pendingReadings == 10)
        #expect(again.recovery.pendingPriorities == [0, 1, 9, 0, 0])
        #expect(again.recovery.pendingGroups == 1)
        readings = try again.acknowledge(group)
        #expect(readings == 0)
        let history = try again.frames(includingHistory: true)
        #expect(history.count == 3)
    }

    @Test func otherBoundsHoldAtOnceAndRemoveNothing() throws {
        var spool = try open()
        for group: UInt32 in 1...3 { try spool.append(SpoolFrame(group, 0)) }
        let pending = spool.statistics.pendingReadings
        var bounds = Self.settings
        bounds.maximumBytes = 1
        bounds.isDurable = false
        spool.setBounds(bounds)
        #expect(spool.statistics.pendingReadings == pending)
        #expect(throws: SpoolError.full) { try spool.append(SpoolFrame(4, 0)) }
        // Whether bytes are forced to the disk is no bound.
        #expect(spool.syncedPlace < spool.endPlace)
        spool.setBounds(Self.settings)
        try spool.append(SpoolFrame(4, 0))
    }

    @Test func fullIsAnAnswerUntilSomethingIsAcknowledged() throws {
        var spool = try open(
            SpoolSettings(maximumBytes: 300, segmentBytes: 1000, historyBytes: 3000))
        for group in 0..<2 as Range<UInt32> { try spool.append(SpoolFrame(group, 0)) }
        #expect(throws: SpoolError.full) { try spool.append(SpoolFrame(2, 0)) }
        #expect(spool.statistics.refusedFull == 1)
        _ = try spool.acknowledge(SpoolFrame(0, 0).group)
        try spool.append(SpoolFrame(2, 0))
    }

    @Test func whatIsTooLargeIsRefused() throws {
        var spool = try open(SpoolSettings(maximumBytes: 1 << 30))
        let frame = SpoolFrame(1, 0, count: 4 << 20 + 1)
        #expect(throws: SpoolError.tooLarge(byteCount: frame.bytes.count)) {
            try spool.append(frame)
        }
        var header = SpoolFrame(1, 0).header
        header.prefix = [UInt8](repeating: 65, count: 256)
        #expect(throws: SpoolError.tooLarge(byteCount: 256)) {
            _ = try spool.append(header, [1].span, isKey: true)
        }
    }

    @Test func oldHistoryGoesAndPlacesGoOn() throws {
        var spool = try open()
        var last: UInt64 = 0
        for group in 0..<200 as Range<UInt32> {
            let place = try spool.append(SpoolFrame(group, 0))
            #expect(place > last)
            last = place
            _ = try spool.acknowledge(SpoolFrame(group, 0).group)
            spool.sync()
            try spool.trim()
            #expect(spool.statistics.historyBytes < 3000 + 2 * 1200)
        }
        #expect(disk.segments.count <= 5)
        var again = try open()
        let place = try again.append(SpoolFrame(300, 0))
        #expect(place > last)
    }

    @Test func acknowledgementsThatAreStillNeededAreKept() throws {
        var spool = try open(
            SpoolSettings(maximumBytes: 50_000, segmentBytes: 600, historyBytes: 0))
        // Group 0 keeps the first segment; its neighbours are acknowledged from later segments.
        for group in 0..<40 as Range<UInt32> { try spool.append(SpoolFrame(group, 0)) }
        for group in 1..<40 as Range<UInt32> {
            _ = try spool.acknowledge(SpoolFrame(group, 0).group)
        }
        for _ in 0..<10 {
            spool.sync()
            try spool.trim()
        }
        #expect(disk.segments.count <= 3)
        #expect(disk.segments.first == 1)
        var again = try open()
        let frames = try again.frames()
        #expect(frames == [SpoolFrame(0, 0)])
    }

    @Test func longBacklogIsReadOnce() throws {
        var spool = try open(
            SpoolSettings(maximumBytes: 1 << 20, segmentBytes: 1000, historyBytes: 0))
        for group in 0..<500 as Range<UInt32> { try spool.append(SpoolFrame(group, 0)) }
        let before = spool.statistics.loads
        let frames = try spool.frames()
        #expect(frames.count == 500)
        #expect(spool.statistics.loads - before < disk.segments.count)
        // Acknowledging in order reads each segment once more.
        for group in 0..<500 as Range<UInt32> {
            _ = try spool.acknowledge(SpoolFrame(group, 0).group)
        }
        #expect(spool.statistics.loads - before < 2 * disk.segments.count)
    }

    @Test func removedItemIsToldApart() throws {
        var spool = try open(
            SpoolSettings(maximumBytes: 50_000, segmentBytes: 100, historyBytes: 0))
        try spool.append(SpoolFrame(1, 0))
        let found = try spool.next(from: 0, includingHistory: false)
        let item = try #require(found)
        try spool.append(SpoolFrame(2, 0))
        _ = try spool.acknowledge(SpoolFrame(1, 0).group)
        spool.sync()
        try spool.trim()
        var bytes: [UInt8] = []
        #expect(throws: SpoolError.removed(item.place)) { try spool.read(item, into: &bytes) }
        let range = try spool.find(SpoolFrame(1, 0).group)
        #expect(range == nil)
    }

    @Test func withoutDurabilityNothingIsWaitedFor() throws {
        var spool = try open(
            SpoolSettings(
                maximumBytes: 50_000, segmentBytes: 100, historyBytes: 0, isDurable: false))
        for group in 0..<5 as Range<UInt32> {
            try spool.append(SpoolFrame(group, 0))
            #expect(spool.syncedPlace == spool.endPlace)
            _ = try spool.acknowledge(SpoolFrame(group, 0).group)
            try spool.trim()
        }
        #expect(spool.beginSync() == nil)
        #expect(disk.segments.count <= 2)
    }
}
