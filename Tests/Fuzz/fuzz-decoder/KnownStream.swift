// SPDX-License-Identifier: Apache-2.0

import AlecCodec

/// A good key frame and the one behind it: whatever a decoder went through, it takes these.
struct KnownStream {
    static let shared = KnownStream()

    private var frames: [[UInt8]] = []
    private var sent: [[Reading]] = []

    private init() {
        let id = StreamID(random: 0xA1EC_A1EC_A1)
        var encoder = FrameEncoder(stream: StreamHead(id: id), channels: 2)
        for role in [FrameRole.key(group: 77), .chained] {
            var window = ReadingWindow()
            var readings: [Reading] = []
            for sensor in 0..<2 {
                for i in 0..<3 {
                    let reading = Reading(
                        sensor: sensor, time: Int64(readings.count + frames.count) * 1_000_000,
                        value: Double(i + sensor) / 10)
                    readings.append(reading)
                    precondition(window.append(reading))
                }
            }
            var frame: [UInt8] = []
            guard (try? encoder.encode(&window, as: role, into: &frame)) != nil else {
                preconditionFailure("good readings are encoded")
            }
            frames.append(frame)
            sent.append(readings)
        }
    }

    func expect(from decoder: inout FrameDecoder) {
        var batch = ReadingBatch()
        for (frame, readings) in zip(frames, sent) {
            var outcome = try? decoder.decode(frame.span, into: &batch)
            if outcome == .duplicate {
                // The input was this very frame.
                decoder.reset()
                outcome = try? decoder.decode(frame.span, into: &batch)
            }
            guard case .decoded = outcome else {
                preconditionFailure("a good frame is taken at any time")
            }
            precondition(batch.count == readings.count)
            // swift-format-ignore: ReplaceForEachWithForLoop
            batch.forEach { reading, i, remark in
                precondition(reading == readings[i] && remark.isNone)
            }
        }
    }
}
