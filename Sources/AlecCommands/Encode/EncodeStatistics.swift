// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

/// What `alec encode --stats` says. The three kinds of bytes add up to the size of the file.
struct EncodeStatistics: Equatable {
    var readings = 0
    /// Without tables.
    var frames = 0
    /// The coded readings.
    var payloadBytes = 0
    /// The heads of frames, and tables.
    var overheadBytes = 0
    /// Header, lengths, end mark.
    var containerBytes = 0
    /// Empty cells and nulls of the input.
    var absentValues = 0
    /// Texts and the like.
    var skippedValues = 0

    var fileBytes: Int { payloadBytes + overheadBytes + containerBytes }

    mutating func add(_ summary: FrameSummary) {
        readings += summary.readings
        frames += 1
        payloadBytes += summary.payloadBytes
        overheadBytes += summary.headBytes
    }

    func json(nanoseconds: UInt64) -> String {
        let count = Double(max(readings, 1))
        var json = JSONText()
        json.add("readings", readings)
        json.add("frames", frames)
        json.add("payload_bytes", payloadBytes)
        json.add("overhead_bytes", overheadBytes)
        json.add("container_bytes", containerBytes)
        json.add("bytes_per_reading", Double(fileBytes) / count, places: 4)
        json.add("ns_per_reading", Double(nanoseconds) / count, places: 1)
        json.add("absent_values", absentValues)
        json.add("skipped_values", skippedValues)
        return json.text
    }
}
