// SPDX-License-Identifier: Apache-2.0

public import AlecCodec

/// One sensor's part of a frame to be.
public struct TrafficColumn: Sendable {
    public var sensor: Int
    public var times: [Int64]
    public var values: [Double]
    public var annotations: [Annotation]

    public init(
        sensor: Int, times: [Int64], values: [Double], annotations: [Annotation]? = nil
    ) {
        self.sensor = sensor
        self.times = times
        self.values = values
        self.annotations =
            annotations ?? Array(repeating: Annotation.none, count: values.count)
    }

    public var count: Int { values.count }

    /// Same sensor, times, 64 bits of each value, and remarks.
    public func isIdentical(to other: TrafficColumn) -> Bool {
        sensor == other.sensor && times == other.times && annotations == other.annotations
            && values.map(\.bitPattern) == other.values.map(\.bitPattern)
    }
}

/// The readings of a stream, frame by frame, as chance has it.
public struct Traffic: Sendable {
    public let channels: Int
    public var random: SeededGenerator
    private var values: [ValueSource] = []
    private var times: [TimeSource] = []
    /// Channels that take the times of the one before where they can.
    private var follows: [Bool] = []
    private let isAnnotated: Bool

    public init(seed: UInt64, mostChannels: Int = 40) {
        random = SeededGenerator(seed: seed)
        channels = random.pick(1...(random.once(in: 2) ? mostChannels : min(4, mostChannels)))
        isAnnotated = random.once(in: 2)
        for c in 0..<channels {
            let like = c > 0 && random.once(in: 3) ? values[c - 1].shape : nil
            let shape = like ?? random.pick(ValueSource.Shape.allCases)
            values.append(ValueSource(shape, &random))
            let rhythm = random.once(in: 3) ? random.pick(TimeSource.Shape.allCases) : .regular
            times.append(TimeSource(rhythm, &random))
            follows.append(c > 0 && random.once(in: 2))
        }
    }

    /// The next frame's readings: some of the channels, each with up to `most` samples.
    public mutating func next(most: Int) -> [TrafficColumn] {
        let usual = random.pick(1...most)
        var columns: [TrafficColumn] = []
        for c in 0..<channels {
            if random.once(in: 4) && !(c == channels - 1 && columns.isEmpty) { continue }
            let count = random.once(in: 3) ? random.pick(1...most) : usual
            columns.append(column(c, count: count, after: columns.last))
        }
        return columns
    }

    private mutating func column(
        _ c: Int, count: Int, after last: TrafficColumn?
    ) -> TrafficColumn {
        var column = TrafficColumn(sensor: c, times: [], values: [])
        let shared = follows[c] && last?.count == count && !random.once(in: 20) ? last : nil
        for i in 0..<count {
            column.times.append(shared?.times[i] ?? times[c].next(&random))
            column.values.append(values[c].next(&random))
        }
        column.annotations = (0..<count).map { _ in .none }
        if isAnnotated && random.once(in: 3) { annotate(&column) }
        return column
    }

    private mutating func annotate(_ column: inout TrafficColumn) {
        for _ in 0..<random.pick(1...3) {
            let start = random.below(column.count)
            let end = min(column.count, start + random.pick(1...20))
            let annotation = Annotation(
                quality: random.pick(Quality.allCases),
                priority: random.once(in: 2) ? nil : random.pick(Priority.allCases))
            for i in start..<end { column.annotations[i] = annotation }
        }
    }
}

extension ReadingWindow {
    /// The readings of `columns`, one of each in turn: the order in which sensors report.
    public init(_ columns: [TrafficColumn]) {
        self.init()
        let longest = columns.map(\.count).max() ?? 0
        for i in 0..<longest {
            for column in columns where i < column.count {
                let reading = Reading(
                    sensor: column.sensor, time: column.times[i], value: column.values[i])
                let isIn = append(reading, annotation: column.annotations[i])
                precondition(isIn, "tests make no more readings than a window takes")
            }
        }
    }
}

extension ReadingBatch {
    /// The batch as columns to compare with what was sent.
    public var trafficColumns: [TrafficColumn] {
        var result = columns.map { TrafficColumn(sensor: $0.sensor, times: [], values: []) }
        var place = 0
        forEach { reading, _, annotation in
            while result[place].sensor != reading.sensor { place += 1 }
            result[place].times.append(reading.time)
            result[place].values.append(reading.value)
            result[place].annotations.append(annotation)
        }
        return result
    }
}
