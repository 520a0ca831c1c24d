// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import Foundation
import GatewayConfiguration
import GatewayCore
import HostSystem
import StoreAndForward
import TestSupport
import Testing

@testable import GatewayAgent

/// What a disk does.
enum DiskFault: CaseIterable {
    case full, broken

    func begin(on disk: SimulatedDisk) {
        switch self {
        case .full: disk.set { $0.freeBytes = 0 }
        case .broken: disk.set { $0.cutAfter = 0 }
        }
    }

    static func end(on disk: SimulatedDisk) {
        disk.set {
            $0.freeBytes = .max
            $0.cutAfter = nil
        }
    }
}

/// The disk refuses while inputs that cannot wait go on.
@Suite struct MemoryRingTests {
    /// Lines of a port, one piece for each ten, a second apart.
    private static func feedPort(
        _ rows: Range<Int>, into stage: inout EncodeStage, from start: MonotonicInstant
    ) -> MonotonicInstant {
        var input = LineInput(.jsonl, canWait: false, hasMarks: false)
        var now = start
        for first in stride(from: rows.lowerBound, to: rows.upperBound, by: 10) {
            now = now + .seconds(1)
            var text = ""
            for row in first..<min(first + 10, rows.upperBound) {
                text += "{\"ts\":\(1_790_000_000_000 + 100 * row),\"a\":\(row % 97).\(row % 10)}\n"
            }
            for (i, byte) in text.utf8.enumerated() { input.chunk[i] = byte }
            input.fill(text.utf8.count, arrival: WallTime(nanoseconds: 1_790_000_000_000_000_000))
            input.drain(into: &stage, at: now)
            stage.advance(to: now, wall: wall(now))
        }
        return now
    }

    private static func wall(_ now: MonotonicInstant) -> WallTime {
        WallTime(nanoseconds: 1_790_000_000_000_000_000 + now.nanoseconds)
    }

    struct Row {
        var fault: DiskFault
        var memoryBytes: Int
        var drops: Bool
        /// Rows that come while the disk still works.
        var before: Int
    }

    static let rows = DiskFault.allCases.flatMap { fault in
        [
            Row(fault: fault, memoryBytes: 2 << 20, drops: false, before: 0),
            Row(fault: fault, memoryBytes: 2 << 20, drops: false, before: 500),
            Row(fault: fault, memoryBytes: 64 << 10, drops: true, before: 0),
            Row(fault: fault, memoryBytes: 64 << 10, drops: true, before: 500),
        ]
    }

    @Test(arguments: rows) func readingsWaitInMemoryWithinTheirBound(row: Row) throws {
        let disk = SimulatedDisk()
        let fixture = try AgentFixture(storage: { _ in
            ChosenStorage(SimulatedStorage(disk: disk))
        })
        var settings = AgentSettings()
        settings.spool.memoryBytes = row.memoryBytes
        settings.windows.age = .seconds(5)
        settings.windows.offlineAge = .seconds(5)
        var stage = fixture.stage(settings)
        var now = Self.feedPort(0..<row.before, into: &stage, from: AgentFixture.start)
        row.fault.begin(on: disk)
        now = Self.feedPort(row.before..<row.before + 5000, into: &stage, from: now)

        var counts = fixture.shared.readingCounts
        #expect(counts.read == row.before + 5000)
        #expect(counts.isConserved)
        #expect((counts.dropped(.storeFailed) > 0) == row.drops)
        #expect(counts.dropped == counts.dropped(.storeFailed))
        #expect(counts.open > 0)
        let memoryBytes = stage.queue.memoryBytes
        #expect(memoryBytes <= row.memoryBytes)
        #expect(fixture.shared.hasFault)

        DiskFault.end(on: disk)
        for _ in 0..<4 {
            now = now + .seconds(2)
            stage.advance(to: now, wall: Self.wall(now))
        }
        stage.finish(at: now)
        counts = fixture.shared.readingCounts
        #expect(counts.open == 0)
        #expect(counts.isConserved)
        #expect(counts.stored == counts.read - counts.dropped)
        let restored = try [Lane.data, .alert].map { try fixture.readings($0).count }
        #expect(restored[0] + restored[1] == counts.stored, "\(restored) of \(counts.stored)")
        #expect(!fixture.shared.hasFault)
        for (event, isExpected) in [
            ("spool.failed ", true), ("spool.resumed", true), ("spool.memory_full ", row.drops),
        ] {
            let told = fixture.log.all.count { $0.hasPrefix(event) }
            #expect(told == (isExpected ? 1 : 0), "\(event)")
        }
    }

    @Test(
        arguments: [
            // The priorities of frames, each of a group; how many fit; the groups that go.
            ([3, 3, 3], 2, [0]),
            ([3, 4, 3], 2, [1]),
            ([1, 3, 4, 2], 1, [2, 1, 3]),
            ([1, 1, 1], 2, [0]),
            ([4, 1, 4], 3, []),
            ([1, 5, 4, 5], 2, [1, 3]),
        ] as [([Int], Int, [Int])])
    func leastUrgentAndOldestGroupsGo(priorities: [Int], fitting: Int, expected: [Int]) {
        var queue = AppendQueue()
        for (number, priority) in priorities.enumerated() {
            queue.add(.frame(Self.frame(group: number, index: 0, priority)))
            queue.add(.close(Self.group(number)))
        }
        queue.memoryLimit = queue.memoryBytes / priorities.count * fitting
        let dropped = queue.shrink()
        let left = queue.memoryBytes
        #expect(dropped.map { Int($0.group.group) } == expected)
        #expect(dropped.allSatisfy { $0.readings == 1 })
        #expect(left <= queue.memoryLimit)
        // Each frame that stays has its end still.
        let orders = queue.takeAll()
        #expect(orders.count == 2 * (priorities.count - expected.count))
    }

    @Test func groupGoesAsAWholeAndKeepsTheEndOfWhatIsStored() {
        var queue = AppendQueue()
        // The key frame of group 1 is in the spool.
        for index in 1...3 { queue.add(.frame(Self.frame(group: 1, index: index, 3))) }
        queue.add(.close(Self.group(1)))
        queue.add(.frame(Self.frame(group: 2, index: 0, 3)))
        queue.memoryLimit = queue.memoryBytes - 1
        let dropped = queue.shrink()
        #expect(dropped == [DroppedGroup(group: Self.group(1), readings: 3)])
        let orders = queue.takeAll()
        #expect(orders.count == 2)
        #expect(queue.memoryBytes == 0)
    }

    private static func group(_ number: Int) -> GroupIdentity {
        GroupIdentity(stream: StreamID(random: 1), lane: .data, group: UInt32(number))
    }

    private static func frame(group: Int, index: Int, _ priority: Int) -> FreshFrame {
        let identity = FrameIdentity(group: Self.group(group), index: UInt32(index))
        var header = RecordHeader(kind: .frame, frame: identity)
        header.readings = 1
        header.priorities[priority - 1] = 1
        return FreshFrame(
            header: header, window: ReadingWindow(), bytes: [UInt8](repeating: 0, count: 100),
            isKey: index == 0, mark: InputMark())
    }
}

@Suite struct FailedSyncTests {
    @Test func failedSyncIsToldRetriedAndNeverCounted() throws {
        let disk = SimulatedDisk()
        let fixture = try AgentFixture(storage: { _ in
            ChosenStorage(SimulatedStorage(disk: disk))
        })
        var settings = AgentSettings()
        settings.sensors = [SensorSettings(name: "a")]
        (settings.sensors[0].rule.low, settings.sensors[0].rule.high) = (0, 30)
        settings.broker = BrokerSettings(host: "one")
        var surroundings = LinkSurroundings()
        surroundings.instant = { AgentFixture.start }
        var loop = PublishLoop(
            settings, BrokerSettings(host: "one"), spool: fixture.spool, shared: fixture.shared,
            client: WillingBroker(), surroundings: surroundings)
        for _ in 0..<8 { _ = loop.step() }
        var stage = fixture.stage(settings)
        _ = AgentFixture.feed("time_ms,a\n1,2\n2,31\n", into: &stage)
        stage.finish(at: AgentFixture.start)
        #expect(try fixture.frames(.alert).count == 1)
        let start = fixture.spool.with { $0.syncedPlace }
        for _ in 0..<8 { _ = loop.step() }

        var sync = SyncStage(spool: fixture.spool, shared: fixture.shared)
        disk.set { $0.failingSyncs = 2 }
        for _ in 0..<2 {
            sync.sync()
            for _ in 0..<8 { _ = loop.step() }
            #expect(fixture.shared.hasFault)
            #expect(fixture.shared.syncDeadline != nil)
            #expect(fixture.spool.with { $0.syncedPlace } == start)
            #expect(fixture.shared.progress.progress.syncedReadings == 0)
            let topics = loop.client.topics
            #expect(!topics.contains { $0.contains("/frame/alert") })
        }
        sync.sync()
        for _ in 0..<8 { _ = loop.step() }
        #expect(!fixture.shared.hasFault)
        #expect(fixture.spool.with { $0.syncedPlace >= $0.endPlace })
        #expect(fixture.shared.progress.progress.syncedReadings == 2)
        let topics = loop.client.topics
        #expect(topics.contains { $0.contains("/frame/alert") }, "\(topics)")
        for event in ["spool.sync_failed ", "spool.sync_resumed"] {
            #expect(fixture.log.all.count { $0.hasPrefix(event) } == 1, "\(event)")
        }
    }
}

/// A disk that is full or broken when the agent starts is a state.
@Suite struct DiskFaultAtStartTests {
    @Test func pageThatCannotBeWrittenLivesInMemory() throws {
        for file in ["progress", "progress.previous.new"] {
            let directory = AgentFixture.newDirectory()
            defer { try? FileManager.default.removeItem(atPath: directory) }
            if file != "progress" {
                _ = try ProgressPage(
                    directory + "/progress", AgentProgress(stream: StreamID(random: 3)))
            }
            try FileManager.default.createSymbolicLink(
                atPath: directory + "/" + file, withDestinationPath: "/dev/full")
            var settings = AgentSettings()
            settings.stateDirectory = directory
            let log = LogLines()
            let agent = try Agent(settings, log: log.log(), random: (1, 2))
            let told = log.all.filter { $0.hasPrefix("state.unwritable ") }
            #expect(told == ["state.unwritable file=progress errno=28\n"])
            let stream = agent.shared.progress.progress.stream
            #expect(stream == StreamID(random: 1))
            guard file != "progress" else { continue }
            // What the life before said is still there.
            let page = try StateDirectory.progress(at: directory + "/progress")
            #expect(page?.stream == StreamID(random: 3))
        }
    }
}
