// SPDX-License-Identifier: Apache-2.0

import AlecCodec

/// Frames one after the other, each behind its length in two bytes.
enum FrameTrial {
    static func run(_ input: [UInt8], _ mode: FuzzDecoder.Mode) {
        var decoder = FrameDecoder(limits: mode.limits)
        var batch = ReadingBatch()
        for part in parts(of: input) {
            var frame = part
            if mode.content == 1 { repair(&frame, for: decoder) }
            do {
                let outcome = try decoder.decode(frame.span, into: &batch)
                if case .decoded = outcome {
                    check(batch)
                    if mode.encodesAgain { encode(batch) }
                } else {
                    precondition(batch.count == 0, "only what was decoded has readings")
                }
            } catch {
                precondition(batch.count == 0, "what failed has no readings")
            }
        }
        KnownStream.shared.expect(from: &decoder)
    }

    /// Cuts the input up. The last part may be shorter than its length says.
    static func parts(of input: [UInt8]) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var at = 0
        while at + 2 <= input.count {
            let length = Int(input[at]) | Int(input[at + 1]) << 8
            let end = min(at + 2 + length, input.count)
            parts.append(Array(input[(at + 2)..<end]))
            at = end
        }
        return parts
    }

    static func repair(_ frame: inout [UInt8], for decoder: borrowing FrameDecoder) {
        guard let head = try? FrameHead(frame.span) else { return }
        let check = decoder.expectedCheck(of: head, in: frame.span)
        for i in 0..<4 {
            frame[head.byteCount - 4 + i] = UInt8(truncatingIfNeeded: check >> UInt32(8 * i))
        }
    }

    /// Whether the parts of a batch fit together.
    private static func check(_ batch: borrowing ReadingBatch) {
        var place = 0
        var sensor = -1
        for column in batch.columns {
            precondition(column.sensor > sensor, "columns rise")
            precondition(column.start == place && column.count > 0, "columns follow each other")
            sensor = column.sensor
            place += column.count
        }
        precondition(place == batch.count && place > 0, "columns hold all readings")
        precondition(batch.times.count >= place && batch.values.count >= place)
        place = 0
        for run in batch.annotations {
            precondition(run.start >= place && run.count > 0 && !run.annotation.isNone)
            place = run.start + run.count
        }
        precondition(place <= batch.count, "remarks are on readings")
    }

    /// Whatever was decoded can be encoded, and comes back the same.
    private static func encode(_ batch: borrowing ReadingBatch) {
        guard batch.count <= 500 else { return }
        var window = ReadingWindow()
        var sensors = 1
        // swift-format-ignore: ReplaceForEachWithForLoop
        batch.forEach { reading, _, remark in
            precondition(window.append(reading, annotation: remark))
            sensors = max(sensors, reading.sensor + 1)
        }
        var encoder = FrameEncoder(
            stream: StreamHead(id: StreamID(random: 1)), channels: sensors)
        var decoder = FrameDecoder()
        var again = ReadingBatch()
        var frame: [UInt8] = []
        // Twice: the second frame also has a past.
        for role in [FrameRole.key(group: 1), .chained] {
            var readings = window
            frame.removeAll()
            guard (try? encoder.encode(&readings, as: role, into: &frame)) != nil,
                (try? decoder.decode(frame.span, into: &again)) != nil
            else { preconditionFailure("an encoder's frame is decoded") }
            precondition(isSame(batch, again), "it comes back the same")
        }
    }

    private static func isSame(_ a: borrowing ReadingBatch, _ b: borrowing ReadingBatch) -> Bool {
        guard a.columns == b.columns, a.annotations == b.annotations else { return false }
        for i in 0..<a.count {
            guard a.times[i] == b.times[i], a.values[i].bitPattern == b.values[i].bitPattern else {
                return false
            }
        }
        return true
    }
}
