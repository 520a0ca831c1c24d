// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import AlecCodec

@Suite struct ContextTests {
    private static func column(_ c: Int, _ values: [Double], from start: Int64 = 0) -> TrafficColumn
    {
        TrafficColumn(
            sensor: c, times: values.indices.map { start + Int64($0) * 1_000 }, values: values)
    }

    @Test func theFingerprintShowsEveryDifference() throws {
        var seen: Set<UInt64> = []
        let streams: [[[TrafficColumn]]] = [
            [[Self.column(0, [1, 2, 3])]],
            [[Self.column(0, [1, 2, 4])]],
            [[Self.column(0, [1, 2, 3], from: 1)]],
            [[Self.column(1, [1, 2, 3])]],
            [[Self.column(0, [1, 2, 3])], [Self.column(0, [4])]],
            [[Self.column(0, [1, 2, 3])], [Self.column(1, [4])]],
            [[Self.column(0, [1, .nan, 3])]],
            [[Self.column(0, (0..<20).map { Double($0 % 3) }), Self.column(1, [4])]],
        ]
        for stream in streams {
            var pair = StreamPair(channels: 2)
            for (i, columns) in stream.enumerated() {
                #expect(try pair.carry(columns, as: i == 0 ? .key(group: 1) : .chained) == nil)
            }
            #expect(seen.insert(pair.decoder.context.fingerprint).inserted)
        }
    }

    /// What a decoder remembers of other groups must not show.
    @Test func aDecoderThatJoinsLaterAgrees() throws {
        var traffic = Traffic(seed: 31, mostChannels: 12)
        var pair = StreamPair(channels: traffic.channels)
        for group in 0..<UInt32(4) {
            #expect(try pair.carry(traffic.next(most: 80), as: .key(group: group)) == nil)
        }
        var late = FrameDecoder()
        let frame = pair.lastFrame
        #expect(Refusal.of(frame, by: &late) == "decoded")
        #expect(late.context.fingerprint == pair.decoder.context.fingerprint)
        #expect(late.context.fingerprint == pair.encoder.context.fingerprint)
    }

    @Test func healthCountsFramesChannelsAndSets() throws {
        var pair = StreamPair(channels: 5)
        let levels = [0.0, 700, -40, 1_200]
        let states = (0..<100).map { levels[$0 * $0 % 11 % 4] }
        #expect(try pair.carry([Self.column(0, states)], as: .key(group: 1)) == nil)
        #expect(try pair.carry([Self.column(3, [1, 2])], as: .chained) == nil)
        let health = pair.decoder.context.health
        #expect(health.frames == 2 && health.readings == 102)
        #expect(health.channels == 5 && health.describedChannels == 2)
        #expect(health.setsInUse >= 1 && health.sets >= health.setsInUse)
        #expect(
            health.totalBytes == health.sharedBytes + 5 * health.bytesPerChannel
                + health.sets * health.bytesPerSet)
        #expect(pair.encoder.context.health.readings == 102)
    }

    /// What the documentation promises of memory.
    @Test func memoryStaysWithinItsLimits() {
        let health = FrameDecoder().context.health
        #expect(health.sharedBytes <= 12 * 1024)
        #expect(health.bytesPerChannel <= 2 * 1024)
        #expect(health.bytesPerSet <= 4 * 1024)
        #expect(health.frames == 0 && health.channels == 0)
    }

    @Test func aNewTableEndsTheGroup() throws {
        var pair = StreamPair(channels: 1)
        #expect(try pair.carry([Self.column(0, [1])], as: .key(group: 1)) == nil)
        #expect(pair.encoder.canChain == true)
        pair.encoder.setTable(id: 9, channels: 3)
        #expect(pair.encoder.canChain == false)
        pair.decoder = FrameDecoder()
        #expect(try pair.carry([Self.column(2, [5])], as: .key(group: 2)) == nil)
        #expect(pair.decoder.current?.key?.stream.tableID == 9)
        #expect(pair.decoder.current?.key?.predecessor == Predecessor(distance: 1, lastIndex: 0))
    }

    /// Indices of two bytes, up to the last that a group may have.
    @Test func aGroupEndsAfterSixteenThousandFrames() throws {
        var pair = StreamPair(channels: 1)
        var frames = 0
        while frames == 0 || pair.encoder.canChain {
            let column = Self.column(0, [Double(frames % 2)], from: Int64(frames) * 1_000)
            if frames % 64 == 0 {
                let difference = try pair.carry(
                    [column], as: frames == 0 ? .key(group: 1) : .chained)
                guard difference == nil else {
                    Issue.record("frame \(frames)")
                    return
                }
            } else {
                var window = ReadingWindow([column])
                pair.lastFrame.removeAll()
                _ = try pair.encoder.encode(&window, as: .chained, into: &pair.lastFrame)
                let frame = pair.lastFrame
                guard Refusal.of(frame, by: &pair.decoder) == "decoded" else {
                    Issue.record("frame \(frames)")
                    return
                }
            }
            frames += 1
        }
        #expect(frames == 16_384)
        #expect(try pair.carry([Self.column(0, [7])], as: .key(group: 2)) == nil)
        #expect(
            pair.decoder.current?.key?.predecessor == Predecessor(distance: 1, lastIndex: 16_383))
    }

    @Test func annotationsAreRunsOfEqualRemarks() throws {
        var column = Self.column(0, [1, 2, 3, 4, 5])
        column.annotations[1] = Annotation(quality: .bad)
        column.annotations[2] = Annotation(quality: .bad)
        column.annotations[4] = Annotation(quality: .bad, priority: .critical)
        var pair = StreamPair(channels: 1)
        #expect(try pair.carry([column], as: .key(group: 1)) == nil)
        #expect(
            pair.batch.annotations == [
                AnnotationRun(start: 1, count: 2, annotation: Annotation(quality: .bad)),
                AnnotationRun(
                    start: 4, count: 1,
                    annotation: Annotation(quality: .bad, priority: .critical)),
            ])
    }
}
