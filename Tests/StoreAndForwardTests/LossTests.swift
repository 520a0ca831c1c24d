// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import StoreAndForward
import TestSupport
import Testing

/// Bounds, what goes at them, and what is said of that.
@Suite struct LossTests {
    static func header(
        _ group: UInt32, _ priority: Int, lane: Lane = .data, time: Int64 = 0, readings: UInt32 = 10
    ) -> RecordHeader {
        let identity = GroupIdentity(stream: StreamID(random: 7), lane: lane, group: group)
        var header = RecordHeader(kind: .frame, frame: FrameIdentity(group: identity, index: 0))
        header.readings = readings
        header.priorities[priority - 1] = readings
        header.firstTime = time
        header.lastTime = time
        header.prefix = Array("alec/v1/s/n/".utf8)
        return header
    }

    static func settings(_ bytes: Int, segment: Int = 2000) -> SpoolSettings {
        var settings = SpoolSettings(
            maximumBytes: bytes, segmentBytes: segment, historyBytes: 0)
        settings.evicts = true
        settings.indexedBytes = 0
        return settings
    }

    /// Appends a closed group of one frame.
    static func put(
        _ header: RecordHeader, in spool: inout Spool<SimulatedStorage>, count: Int = 300,
        canWait: Bool = false
    ) throws(SpoolError) {
        let byte = UInt8(truncatingIfNeeded: header.frame.group.group)
        let bytes = [UInt8](repeating: byte, count: count)
        _ = try spool.append(header, bytes.span, isKey: true, canWait: canWait)
        spool.closeGroup(header.frame.group)
    }

    static func pending(_ spool: inout Spool<SimulatedStorage>) throws -> [UInt32] {
        try spool.frames().map(\.group.group)
    }

    @Test func leastUrgentGoesFirstThenOldest() throws {
        let disk = SimulatedDisk()
        var spool = try Spool(SimulatedStorage(disk: disk), Self.settings(10 * 389))
        for (group, priority) in [1, 3, 5, 4, 2, 3, 4, 5, 1, 3].enumerated() {
            try Self.put(Self.header(UInt32(group), priority), in: &spool)
        }
        var order: [UInt32] = []
        for group in 10..<17 as Range<UInt32> {
            let before = Set(try Self.pending(&spool))
            try Self.put(Self.header(group, 3), in: &spool)
            order += before.subtracting(try Self.pending(&spool)).sorted()
        }
        #expect(order == [2, 7, 3, 6, 1, 5, 9])
        let lost = spool.takeLost()
        #expect(lost[.evicted].groups == 7)
        #expect(lost[.evicted].stored == 70)
        #expect(spool.takeLost().isEmpty)
        #expect(spool.statistics.evictions == 7)
    }

    @Test func lessUrgentMakesNothingGo() throws {
        let disk = SimulatedDisk()
        var spool = try Spool(SimulatedStorage(disk: disk), Self.settings(3 * 389))
        for group in 0..<3 as Range<UInt32> { try Self.put(Self.header(group, 3), in: &spool) }
        #expect(throws: SpoolError.full) { try Self.put(Self.header(3, 4), in: &spool) }
        #expect(throws: SpoolError.full) {
            try Self.put(Self.header(4, 3), in: &spool, canWait: true)
        }
        try Self.put(Self.header(5, 1), in: &spool, canWait: true)
        #expect(try Self.pending(&spool) == [1, 2, 5])
        #expect(spool.statistics.refusedFull == 2)
    }

    @Test func lossesStayUntilTheyAreTold() throws {
        let disk = SimulatedDisk()
        let settings = Self.settings(10 * 389)
        var spool = try Spool(SimulatedStorage(disk: disk), settings)
        for group in 0..<200 as Range<UInt32> {
            try Self.put(Self.header(group, 3, time: Int64(group)), in: &spool)
            if group % 10 == 9 {
                spool.sync()
                try spool.trim()
            }
        }
        let expected = spool.losses
        #expect(expected.count == 1)
        #expect(expected.first?.groups == 190)
        #expect(expected.first?.first.group == 0)
        #expect(expected.first?.last == 189)
        #expect(expected.first?.readings == 1900)
        #expect(expected.first?.firstTime == 0)
        #expect(expected.first?.lastTime == 189)
        #expect(spool.statistics.segments < 10)

        spool = try Spool(SimulatedStorage(disk: disk), settings)
        #expect(spool.losses == expected)
        #expect(try Self.pending(&spool) == Array(190..<200))
        try spool.forgetLosses(1)
        spool = try Spool(SimulatedStorage(disk: disk), settings)
        #expect(spool.losses.isEmpty)
        #expect(try Self.pending(&spool) == Array(190..<200))
    }

    @Test func readingsExpireByTheirPriority() throws {
        let disk = SimulatedDisk()
        var settings = Self.settings(100_000)
        settings.timeToLive = [nil, 700, 300, 60, 60]
        var spool = try Spool(SimulatedStorage(disk: disk), settings)
        for group in 0..<20 as Range<UInt32> {
            try Self.put(
                Self.header(group, 1 + Int(group % 5), time: Int64(group) * 10), in: &spool)
        }
        #expect(try spool.expire(at: 60) == 0)
        #expect(try spool.expire(at: 150) == 3)
        #expect(try Self.pending(&spool) == (0..<20).filter { ![3, 4, 8].contains($0) })
        #expect(try spool.expire(at: 10_000) == 13)
        #expect(try Self.pending(&spool) == [0, 5, 10, 15])
        #expect(spool.takeLost()[.expired].stored == 160)
        #expect(try spool.expire(at: .min) == 0)
    }

    @Test func roomIsGivenBackBetweenGroupsThatStay() throws {
        let disk = SimulatedDisk()
        let settings = Self.settings(1_600_000, segment: 400_000)
        var spool = try Spool(SimulatedStorage(disk: disk), settings)
        for group in 0..<400 as Range<UInt32> {
            try Self.put(Self.header(group, group % 20 == 0 ? 1 : 3), in: &spool, count: 20_000)
            if group % 20 == 19 {
                spool.sync()
                try spool.trim()
            }
        }
        spool.sync()
        try spool.trim()
        let statistics = spool.statistics
        #expect(statistics.writeErrors == 0)
        #expect(statistics.changedSegments == 0)
        #expect(statistics.holeBytes > 4_000_000)
        #expect(statistics.historyBytes < 1_500_000)
        let pending = try Self.pending(&spool)
        #expect(pending.filter { $0 % 20 == 0 }.count == 20)
        // Zeros where the holes are: nothing of it counts as damage.
        var again = try Spool(SimulatedStorage(disk: disk), settings)
        #expect(try Self.pending(&again) == pending)
        #expect(again.recovery.badRecords == 0)
        #expect(again.recovery.pendingReadings == statistics.pendingReadings)
        #expect(again.losses == spool.losses)
    }

    @Test func floorOfTheFileSystemHolds() throws {
        let disk = SimulatedDisk()
        disk.set { $0.freeBytes = 200_000 }
        var settings = Self.settings(1 << 30, segment: 20_000)
        settings.minimumFreeBytes = 100_000
        settings.minimumFreePercent = 5
        var spool = try Spool(SimulatedStorage(disk: disk), settings)
        for group in 0..<200 as Range<UInt32> {
            try Self.put(Self.header(group, 3), in: &spool, count: 1000)
            spool.sync()
            try spool.trim()
        }
        #expect(spool.statistics.evictions > 90)
        #expect(spool.statistics.pendingBytes < 100_000)
        #expect(spool.statistics.writeErrors == 0)
        settings.evicts = false
        spool = try Spool(SimulatedStorage(disk: disk), settings)
        disk.set { $0.freeBytes = 100_100 }
        #expect(throws: SpoolError.noSpace) {
            try Self.put(Self.header(900, 3), in: &spool, count: 1000)
        }
        try Self.put(Self.header(901, 1), in: &spool, count: 1000)
    }

    @Test func operatorRemovesWhatIsChosen() throws {
        let disk = SimulatedDisk()
        var spool = try Spool(SimulatedStorage(disk: disk), Self.settings(100_000))
        for group in 0..<10 as Range<UInt32> {
            try Self.put(Self.header(group, 3 + Int(group % 2)), in: &spool)
        }
        let removed = try spool.remove { $0.priority == 4 && $0.identity.group < 8 }
        #expect(removed.groups == 4)
        #expect(removed.readings == 40)
        #expect(try Self.pending(&spool) == [0, 2, 4, 6, 8, 9])
        #expect(spool.takeLost()[.operatorRemoved].readings == 40)
    }

    @Test func ledgerIsBounded() throws {
        let disk = SimulatedDisk()
        let settings = Self.settings(1 << 20)
        var spool = try Spool(SimulatedStorage(disk: disk), settings)
        for group in 0..<600 as Range<UInt32> { try Self.put(Self.header(group, 3), in: &spool) }
        // Every second: no range touches another.
        for group in stride(from: 0, to: 600, by: 2) {
            _ = try spool.lose(Self.header(UInt32(group), 3).frame.group, .quarantined)
        }
        #expect(spool.losses.count <= 64)
        #expect(spool.losses.map(\.readings).reduce(0, +) == 3000)
        #expect(spool.losses.map { Int($0.groups) }.reduce(0, +) == 300)
        let again = try Spool(SimulatedStorage(disk: disk), settings)
        #expect(again.losses.map(\.readings).reduce(0, +) == 3000)
        #expect(try spool.lose(Self.header(0, 3).frame.group, .damaged) == 0)
    }
}
