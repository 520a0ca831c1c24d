// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import StoreAndForward
import TestSupport
import Testing

/// The power is cut behind each storage operation; the spool opens again and keeps its word.
@Suite struct PowerLossTests {
    /// What the process knew when the power went.
    struct Knowledge {
        var appended: [(frame: SpoolFrame, place: UInt64)] = []
        /// Acknowledged groups, with the place behind the acknowledgement.
        var acknowledged: [GroupIdentity: UInt64] = [:]
        /// An acknowledgement whose write failed may be there or not.
        var doubtful: Set<GroupIdentity> = []
        var syncedPlace: UInt64 = 0
    }

    static let settings = SpoolSettings(
        maximumBytes: 50_000, segmentBytes: 500, historyBytes: 600)

    /// One life of a process, with random actions from a seed, on a disk that may stop any time.
    private func live(
        on disk: SimulatedDisk, _ generator: inout SeededGenerator, _ known: inout Knowledge,
        firstGroup: UInt32, actions: Int
    ) {
        do throws(SpoolError) {
            var spool = try Spool(SimulatedStorage(disk: disk), Self.settings)
            var group = firstGroup
            var index: UInt32 = 0
            for _ in 0..<actions {
                switch generator.below(10) {
                case 0...4:
                    if index > 0 && generator.once(in: 3) {
                        group += 1
                        index = 0
                    }
                    let frame = SpoolFrame(group, index, count: generator.below(150))
                    known.appended.append((frame, try spool.append(frame)))
                    index += 1
                case 5...6:
                    let others = known.appended.map(\.frame.group).filter { $0.group != group }
                    guard let chosen = others.randomElement(using: &generator) else { continue }
                    known.doubtful.insert(chosen)
                    if let readings = try spool.acknowledge(chosen), readings > 0 {
                        known.acknowledged[chosen] = spool.endPlace
                    }
                case 7...8:
                    guard let ticket = spool.beginSync() else { continue }
                    try ticket.run()
                    spool.endSync(ticket)
                    known.syncedPlace = max(known.syncedPlace, spool.syncedPlace)
                default: try spool.trim()
                }
            }
        } catch {
            // The power is gone; `known` has what was before.
        }
    }

    private func check(_ disk: SimulatedDisk, _ known: Knowledge, _ story: String) throws {
        var spool = try Spool(SimulatedStorage(disk: disk), Self.settings)
        let pending = try spool.frames()
        let all = try spool.frames(includingHistory: true)
        for (frame, place) in known.appended where place < known.syncedPlace {
            if known.doubtful.contains(frame.group) { continue }
            #expect(pending.contains(frame), "\(story): synced \(frame.group) is missing")
        }
        for (group, place) in known.acknowledged where place <= known.syncedPlace {
            #expect(
                !pending.contains { $0.group == group }, "\(story): \(group) came back")
        }
        var rest = known.appended.map(\.frame)[...]
        for frame in all {
            guard let i = rest.firstIndex(of: frame) else {
                Issue.record("\(story): \(frame.group) \(frame.index) is out of order")
                return
            }
            rest = rest[(i + 1)...]
        }
    }

    @Test(arguments: Seeds.from(500, count: 6))
    func nothingSyncedIsMissingAndNothingAcknowledgedComesBack(seed: UInt64) throws {
        let whole = SimulatedDisk()
        var generator = SeededGenerator(seed: seed)
        var known = Knowledge()
        live(on: whole, &generator, &known, firstGroup: 0, actions: 60)
        for cut in 0...whole.operations {
            let disk = SimulatedDisk()
            disk.set { $0.cutAfter = cut }
            var generator = SeededGenerator(seed: seed)
            var known = Knowledge()
            live(on: disk, &generator, &known, firstGroup: 0, actions: 60)
            disk.losePower(&generator)
            try check(disk, known, "\(seed)/\(cut)")
        }
    }

    /// A kill leaves the name of a new file in memory only: the next life must force it to the
    /// disk with the bytes.
    @Test(arguments: Seeds.from(1, count: 16))
    func syncAfterAKillCoversTheNamesOfFiles(seed: UInt64) throws {
        let disk = SimulatedDisk()
        do {
            var killed = try Spool(SimulatedStorage(disk: disk), Self.settings)
            try killed.append(SpoolFrame(1, 0))
        }
        do {
            var spool = try Spool(SimulatedStorage(disk: disk), Self.settings)
            let isSynced = spool.sync()
            #expect(isSynced)
            let (synced, end) = (spool.syncedPlace, spool.endPlace)
            #expect(synced == end)
        }
        var generator = SeededGenerator(seed: seed)
        disk.losePower(&generator)
        var spool = try Spool(SimulatedStorage(disk: disk), Self.settings)
        let frames = try spool.frames()
        #expect(frames == [SpoolFrame(1, 0)])
    }

    @Test(arguments: Seeds.from(900, count: 10))
    func manyLivesAndManyCuts(seed: UInt64) throws {
        let disk = SimulatedDisk()
        var generator = SeededGenerator(seed: seed)
        var known = Knowledge()
        for life in 0..<12 {
            let cut = generator.below(80)
            disk.set { $0.cutAfter = cut }
            live(
                on: disk, &generator, &known, firstGroup: UInt32(1000 * life), actions: 80)
            disk.losePower(&generator)
            try check(disk, known, "\(seed)/\(life)")
            // What was not synced may be gone, and is not waited for in the next life.
            var spool = try Spool(SimulatedStorage(disk: disk), Self.settings)
            let left = Set(try spool.frames(includingHistory: true).map { "\($0)" })
            known.appended.removeAll { !left.contains("\($0.frame)") }
            let pending = Set(try spool.frames().map(\.group))
            known.acknowledged = known.acknowledged.filter { !pending.contains($0.key) }
            known.doubtful.subtract(pending)
        }
    }
}
