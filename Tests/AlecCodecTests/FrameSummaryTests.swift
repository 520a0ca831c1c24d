// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import TestSupport
import Testing

@Suite struct FrameSummaryTests {
    private static func summary(
        _ readings: [(time: Int64, remark: Annotation)], lane: Lane = .data
    ) throws -> FrameSummary {
        let stream = StreamHead(id: StreamID(random: 4), lane: lane)
        var encoder = FrameEncoder(stream: stream, channels: 2)
        var window = ReadingWindow()
        for (i, reading) in readings.enumerated() {
            _ = window.append(
                Reading(sensor: i % 2, time: reading.time, value: 1), annotation: reading.remark)
        }
        var frame: [UInt8] = []
        return try encoder.encode(&window, as: .key(group: 1), into: &frame)
    }

    @Test func timesAreTheEarliestAndTheLatest() throws {
        let times: [Int64] = [50, 70, -3, 60, 12]
        let summary = try Self.summary(times.map { ($0, .none) })
        #expect(summary.firstTime == -3 && summary.lastTime == 70)
        let extremes = try Self.summary([(.max, .none), (.min, .none)])
        #expect(extremes.firstTime == .min && extremes.lastTime == .max)
        let one = try Self.summary([(9, .none)])
        #expect(one.firstTime == 9 && one.lastTime == 9)
    }

    @Test(arguments: [(Lane.data, Priority.normal), (.alert, .critical), (.deferred, .deferred)])
    func readingsWithoutAPriorityHaveThatOfTheLane(lane: Lane, base: Priority) throws {
        let summary = try Self.summary(
            [(1, .none), (2, Annotation(quality: .bad)), (3, .none)], lane: lane)
        for priority in Priority.allCases {
            #expect(summary.priorities[priority] == (priority == base ? 3 : 0))
        }
    }

    @Test func prioritiesAreCounted() throws {
        let given: [Priority?] = [
            .critical, nil, .important, nil, .important, .normal, .disposable,
        ]
        let summary = try Self.summary(
            given.enumerated().map { (Int64($0), Annotation(priority: $1)) })
        var expected = PriorityCounts()
        expected[.critical] = 1
        expected[.important] = 2
        expected[.normal] = 3
        expected[.disposable] = 1
        #expect(summary.priorities == expected)
        #expect(summary.readings == 7)
        expected[.deferred] = 1
        #expect(summary.priorities != expected)
    }

    /// Against counting reading by reading what the decoder gives back.
    @Test(arguments: Seeds.from(1, count: 20))
    func theSummaryIsThatOfTheReadings(seed: UInt64) throws {
        var traffic = Traffic(seed: seed)
        let stream = StreamHead(id: StreamID(random: seed), basePriority: .important)
        var encoder = FrameEncoder(stream: stream, channels: traffic.channels)
        var decoder = FrameDecoder()
        var batch = ReadingBatch()
        for index in 0..<3 {
            var window = ReadingWindow(traffic.next(most: 60))
            var frame: [UInt8] = []
            let summary = try encoder.encode(
                &window, as: index == 0 ? .key(group: 1) : .chained, into: &frame)
            _ = try decoder.decode(frame.span, into: &batch)
            var counts = PriorityCounts()
            // swift-format-ignore: ReplaceForEachWithForLoop
            batch.forEach { _, _, remark in counts[remark.priority ?? .important] += 1 }
            #expect(summary.priorities == counts)
            #expect(summary.firstTime == batch.times[..<batch.count].min())
            #expect(summary.lastTime == batch.times[..<batch.count].max())
        }
    }
}
