// SPDX-License-Identifier: Apache-2.0

/// The readings of one decoded frame, channel by channel. The storage is kept from frame to frame.
public struct ReadingBatch: Sendable {
    /// One channel's readings.
    public struct Column: Equatable, Sendable {
        /// The sensor's index in the channel table.
        public var sensor: Int
        /// The number of its first reading in the frame.
        public var start: Int
        /// How many readings it has.
        public var count: Int
    }

    /// The sensors that have readings in the frame, in rising order.
    public private(set) var columns: [Column] = []
    /// In the order of the columns; only the first `count` entries count.
    public private(set) var times: [Int64] = []
    /// Beside the times.
    public private(set) var values: [Double] = []
    /// Remarks, in rising order, not overlapping.
    public private(set) var annotations: [AnnotationRun] = []
    /// Readings in the batch.
    public private(set) var count = 0

    /// An empty batch.
    public init() {}

    /// Empties the batch and keeps its storage.
    public mutating func removeAll() {
        columns.removeAll(keepingCapacity: true)
        annotations.removeAll(keepingCapacity: true)
        count = 0
    }

    /// Calls `body` with each reading, its number in the frame and its remark, in frame order.
    public func forEach(_ body: (Reading, Int, Annotation) -> Void) {
        var run = 0
        for column in columns {
            for i in column.start..<(column.start + column.count) {
                while run < annotations.count, annotations[run].end <= i { run += 1 }
                let hasRemark = run < annotations.count && annotations[run].start <= i
                body(
                    Reading(sensor: column.sensor, time: times[i], value: values[i]), i,
                    hasRemark ? annotations[run].annotation : .none)
            }
        }
    }

    /// Takes over what a decoder worked out; the decoder keeps this batch's storage.
    mutating func exchange(with body: inout FrameBody) {
        removeAll()
        for (sensor, slot) in body.slots.enumerated() where slot.isPresent {
            columns.append(Column(sensor: sensor, start: slot.start, count: slot.count))
        }
        swap(&times, &body.times)
        swap(&values, &body.values)
        swap(&annotations, &body.annotations)
        count = body.total
    }
}

extension AnnotationRun {
    var end: Int { start + count }
}
