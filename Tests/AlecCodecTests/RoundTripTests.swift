// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import TestSupport
import Testing

@Suite struct RoundTripTests {
    @Test(arguments: Seeds.from(1, count: 40))
    func everyFrameRestoresBitForBitAndLeavesBothEndsAlike(seed: UInt64) throws {
        var traffic = Traffic(seed: seed)
        var pair = StreamPair(channels: traffic.channels)
        for group in 0..<UInt32(3) {
            for index in 0..<traffic.random.pick(1...8) {
                let most = traffic.random.once(in: 4) ? 200 : 12
                let difference = try pair.carry(
                    traffic.next(most: most), as: index == 0 ? .key(group: group) : .chained)
                #expect(difference == nil, "seed \(seed), group \(group), frame \(index)")
                if difference != nil { return }
            }
        }
    }

    @Test(arguments: ValueSource.Shape.allCases)
    func everyShapeOfValuesRestores(shape: ValueSource.Shape) throws {
        var random = SeededGenerator(seed: 5)
        var values = ValueSource(shape, &random)
        var times = TimeSource(.regular, &random)
        var pair = StreamPair(channels: 1)
        for frame in 0..<10 {
            var column = TrafficColumn(sensor: 0, times: [], values: [])
            for _ in 0..<100 {
                column.times.append(times.next(&random))
                column.values.append(values.next(&random))
            }
            column.annotations = Array(repeating: .none, count: 100)
            let role = frame % 5 == 0 ? FrameRole.key(group: UInt32(frame)) : .chained
            #expect(try pair.carry([column], as: role) == nil, "\(shape), frame \(frame)")
        }
    }

    @Test(arguments: TimeSource.Shape.allCases)
    func everyShapeOfTimesRestores(shape: TimeSource.Shape) throws {
        var random = SeededGenerator(seed: 6)
        var times = [TimeSource(shape, &random), TimeSource(shape, &random)]
        var pair = StreamPair(channels: 2)
        for frame in 0..<10 {
            var columns: [TrafficColumn] = []
            for c in 0..<2 {
                var column = TrafficColumn(sensor: c, times: [], values: [])
                for i in 0..<40 {
                    column.times.append(times[c].next(&random))
                    column.values.append(Double(i))
                }
                column.annotations = Array(repeating: .none, count: 40)
                columns.append(column)
            }
            let role = frame % 5 == 0 ? FrameRole.key(group: UInt32(frame)) : .chained
            #expect(try pair.carry(columns, as: role) == nil, "\(shape), frame \(frame)")
        }
    }

    /// Each step is whole seconds, but from the first time to the last is more than Int64 holds.
    @Test func timesThatSpanMoreThanHalfOfAllTimesRestore() throws {
        var pair = StreamPair(channels: 1)
        let century: Int64 = 3_200_000_000_000_000_000
        let lists: [[Int64]] = [
            [-2 * century, -2 * century + 1_000_000_000, -2 * century + 2_000_000_000],
            [-century, 0, century, 2 * century], [century, 0, -century, -2 * century],
        ]
        for (i, times) in lists.enumerated() {
            let column = TrafficColumn(sensor: 0, times: times, values: times.map { _ in 1 })
            #expect(try pair.carry([column], as: i == 0 ? .key(group: 1) : .chained) == nil)
        }
    }

    @Test func aFrameOfManyChannelsAndSamplesRestores() throws {
        var random = SeededGenerator(seed: 7)
        var pair = StreamPair(channels: 300)
        var time: Int64 = 1_700_000_000_000_000_000
        for frame in 0..<3 {
            var columns: [TrafficColumn] = []
            for c in 0..<300 where !random.once(in: 3) {
                columns.append(
                    TrafficColumn(sensor: c, times: [time], values: [Double(c) / 10 + 20]))
            }
            time += 1_000_000_000
            #expect(
                try pair.carry(columns, as: frame == 0 ? .key(group: 1) : .chained) == nil)
        }
    }

    @Test(arguments: Seeds.from(1, count: 10))
    func aDeclaredErrorIsNeverReached(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let error = Double(bitPattern: random.next()).magnitude
            let quantiser = Quantiser(
                maximumError: random.once(in: 2) ? error : random.unit() * 10)
            let value =
                random.once(in: 2)
                ? Double(bitPattern: random.next())
                : random.bell() * quantiser.maximumError * Double(random.below(10_000))
            let result = quantiser.quantise(value)
            let isKept = result.bitPattern == value.bitPattern
            #expect(
                isKept || (result - value).magnitude < quantiser.maximumError,
                "seed \(seed), error \(quantiser.maximumError), value \(value)")
        }
    }

    @Test(arguments: [0.05, 0.5, 3, 1e-9, 1e9])
    func framesKeepWithinTheDeclaredErrorAndShrink(error: Double) throws {
        var random = SeededGenerator(seed: 8)
        var sizes: [Int] = []
        let values = (0..<200).map { _ in random.bell() * 100 }
        for isDeclared in [false, true] {
            var encoder = FrameEncoder(stream: StreamHead(id: StreamID(random: 1)), channels: 3)
            if isDeclared { encoder.setMaximumError(of: 1, to: error) }
            var window = ReadingWindow(
                (0..<3).map {
                    TrafficColumn(sensor: $0, times: (0..<200).map { Int64($0) }, values: values)
                })
            var frame: [UInt8] = []
            sizes.append(try encoder.encode(&window, as: .key(group: 1), into: &frame).payloadBytes)
            var decoder = FrameDecoder()
            var batch = ReadingBatch()
            _ = try decoder.decode(frame.span, into: &batch)
            let columns = batch.trafficColumns
            for (i, value) in values.enumerated() {
                #expect(columns[0].values[i].bitPattern == value.bitPattern)
                #expect(columns[2].values[i].bitPattern == value.bitPattern)
                #expect((columns[1].values[i] - value).magnitude < error)
            }
        }
        #expect(sizes[1] < sizes[0])
    }
}
