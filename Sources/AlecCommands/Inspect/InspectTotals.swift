// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

/// What was seen of a file so far.
struct InspectTotals: Equatable {
    var fileBytes = 0
    var frames = 0
    var groups = 0
    var tables = 0
    /// Frames of kinds that this version does not know.
    var ignored = 0
    var readings = 0
    var headBytes = 0
    var payloadBytes = 0
    var tableBytes = 0
    var ignoredBytes = 0
    var skippedBytes = 0
    var faults = 0
    /// By sensor index of the last table.
    var readingsOfSensor: [Int] = []
    /// Files joined end to end.
    var parts = 0
    /// End marks seen.
    var ends = 0

    /// Header, lengths and end mark.
    var framingBytes: Int {
        fileBytes - headBytes - payloadBytes - tableBytes - ignoredBytes - skippedBytes
    }

    /// Whether every part has its end.
    var isComplete: Bool { parts > 0 && ends == parts }

    mutating func add(_ head: FrameHead, _ record: ContainerRecord, _ batch: ReadingBatch) {
        frames += 1
        if head.isKey { groups += 1 }
        readings += batch.count
        headBytes += head.byteCount
        payloadBytes += record.bytes.count - head.byteCount
        for column in batch.columns {
            while readingsOfSensor.count <= column.sensor { readingsOfSensor.append(0) }
            readingsOfSensor[column.sensor] += column.count
        }
    }

    mutating func add(table record: ContainerRecord) {
        tables += 1
        tableBytes += record.bytes.count
    }

    /// `bytes` divided by all readings.
    func perReading(_ bytes: Int) -> Double { Double(bytes) / Double(max(readings, 1)) }
}

/// One frame in numbers.
struct InspectedFrame: Equatable {
    var number: Int
    var offset: Int
    var group: UInt32
    var index: UInt32
    var isKey: Bool
    var readings: Int
    var sensors: Int
    var headBytes: Int
    var payloadBytes: Int
    var firstTime: Int64
    var lastTime: Int64

    init(_ head: FrameHead, _ record: ContainerRecord, _ batch: ReadingBatch) {
        number = record.number
        offset = record.offset
        group = head.group
        index = head.index
        isKey = head.isKey
        readings = batch.count
        sensors = batch.columns.count
        headBytes = head.byteCount
        payloadBytes = record.bytes.count - head.byteCount
        let times = batch.times.prefix(batch.count)
        firstTime = times.min() ?? 0
        lastTime = times.max() ?? 0
    }

    /// The payload by the readings, times included.
    var bitsPerValue: Double { Double(8 * payloadBytes) / Double(max(readings, 1)) }
}
