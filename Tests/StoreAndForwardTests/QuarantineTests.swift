// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import StoreAndForward
import TestSupport
import Testing

/// What is set aside, and what the disk does not give back.
@Suite struct QuarantineTests {
    @Test func groupMovesWithItsTable() throws {
        var spool = try Spool(SimulatedStorage(disk: SimulatedDisk()), LossTests.settings(100_000))
        let aside = SimulatedDisk()
        var other = try Spool(SimulatedStorage(disk: aside), LossTests.settings(1000))
        spool.setTable(SpoolFrame.table(5), [1, 2, 3])
        let frames = (0..<3).map { SpoolFrame(1, $0) }
        for frame in frames { try spool.append(frame) }
        try spool.append(SpoolFrame(2, 0))
        #expect(try spool.quarantine(frames[0].group, into: &other) == 33)
        #expect(try spool.quarantine(frames[0].group, into: &other) == 0)
        #expect(try spool.frames() == [SpoolFrame(2, 0)])
        #expect(spool.losses.map(\.reason) == [.quarantined])
        #expect(spool.takeLost()[.quarantined].readings == 33)
        other = try Spool(SimulatedStorage(disk: aside), LossTests.settings(1000))
        #expect(try other.frames() == frames)
        #expect(try other.findTable(id: 5)?.byteCount == 3)
        #expect(try spool.quarantine(SpoolFrame(9, 0).group, into: &other) == 0)
    }

    @Test func oldSegmentThatIsUnreadableIsPassedOver() throws {
        let disk = SimulatedDisk()
        var settings = LossTests.settings(100_000, segment: 500)
        settings.indexedBytes = 1 << 20
        var spool = try Spool(SimulatedStorage(disk: disk), settings)
        for group in 0..<40 as Range<UInt32> {
            try LossTests.put(LossTests.header(group, 3), in: &spool)
        }
        let before = spool.statistics.pendingReadings
        disk.set { $0.failingReads = 3 }
        for _ in 0..<2 {
            #expect(throws: SpoolError.storage(code: 5)) {
                _ = try spool.next(from: 0, includingHistory: false)
            }
        }
        let item = try #require(try spool.next(from: 0, includingHistory: false))
        #expect(Place.segment(of: item.place) == 2)
        #expect(spool.statistics.unreadableSegments == 1)
        let lost = spool.takeLost()[.damaged].readings
        #expect(lost > 0)
        #expect(spool.statistics.pendingReadings == before - lost)
        // The next start tries it again.
        spool = try Spool(SimulatedStorage(disk: disk), settings)
        #expect(spool.statistics.pendingReadings == before)
    }

    /// Every flip of a byte in a segment is named by its segment, or costs nothing.
    @Test(arguments: Seeds.from(500, count: 8))
    func flipsAreNamed(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let disk = SimulatedDisk()
        let settings = LossTests.settings(100_000, segment: 2000)
        var spool = try Spool(SimulatedStorage(disk: disk), settings)
        for group in 0..<60 as Range<UInt32> {
            try LossTests.put(LossTests.header(group, 3), in: &spool)
        }
        for _ in 0..<4 { spool.sync() }
        let all = try LossTests.pending(&spool)
        let number = UInt32(1 + generator.below(disk.segments.count - 1))
        var bytes = try #require(disk.bytes(of: number))
        bytes[24 + generator.below(1500)] ^= UInt8(1 + generator.below(255))
        disk.put(bytes, in: number)

        var again = try Spool(SimulatedStorage(disk: disk), settings)
        var reports: [SegmentReport] = []
        try again.verify { reports.append($0) }
        let damaged = reports.filter { !$0.damages.isEmpty }
        #expect(damaged.map(\.number) == [number], "seed \(seed)")
        #expect(damaged.first?.damages.count == 1)
        #expect(reports.map(\.frames).reduce(0, +) == all.count - 1, "seed \(seed)")
        var found: [UInt32] = []
        var place: UInt64 = 0
        while true {
            do throws(SpoolError) {
                guard let item = try again.next(from: place, includingHistory: false) else { break }
                place = item.place + 1
                if item.header.kind == .frame { found.append(item.header.frame.group.group) }
            } catch {
                guard case .damaged(let at) = error else { throw error }
                place = at + 1
            }
        }
        #expect(Set(all).subtracting(found).count == 1, "seed \(seed)")
        #expect(again.statistics.pendingReadings == (all.count - 1) * 10, "seed \(seed)")
    }
}
