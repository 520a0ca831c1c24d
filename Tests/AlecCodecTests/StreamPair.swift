// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import TestSupport

/// An encoder and a decoder of one stream, side by side.
struct StreamPair: ~Copyable {
    var encoder: FrameEncoder
    var decoder: FrameDecoder
    var batch = ReadingBatch()
    var lastFrame: [UInt8] = []

    init(channels: Int, stream: StreamHead = StreamHead(id: StreamID(random: 77))) {
        encoder = FrameEncoder(stream: stream, channels: channels)
        decoder = FrameDecoder(limits: DecoderLimits(channels: channels))
    }

    /// Sends `columns` through both ends and says what differs; nil if nothing does.
    mutating func carry(_ columns: [TrafficColumn], as role: FrameRole) throws -> String? {
        var window = ReadingWindow(columns)
        lastFrame.removeAll()
        let summary = try encoder.encode(&window, as: role, into: &lastFrame)
        let frame = lastFrame
        let outcome = try decoder.decode(frame.span, into: &batch)
        guard case .decoded(let head) = outcome else { return "\(outcome)" }
        guard head.group == summary.group, head.index == summary.index,
            head.byteCount == summary.headBytes,
            head.byteCount + summary.payloadBytes == lastFrame.count
        else { return "head \(head) for \(summary)" }
        guard batch.count == summary.readings, window.isEmpty else { return "counts" }
        let restored = batch.trafficColumns
        guard restored.count == columns.count else { return "columns" }
        for (a, b) in zip(columns, restored) where !a.isIdentical(to: b) {
            return "channel \(a.sensor)"
        }
        guard encoder.context.fingerprint == decoder.context.fingerprint else {
            return "fingerprint"
        }
        return nil
    }
}
