// SPDX-License-Identifier: Apache-2.0

import AlecCodec

/// One pass over a data set: encoded, decoded, compared bit by bit.
struct FrameRun {
    var frames = 0
    var readings = 0
    var payloadBytes = 0
    var headBytes = 0
    /// Nanoseconds from the first reading handed over to the finished frame, all frames.
    var encodeTime = 0
    var decodeTime = 0

    /// A head as on a real link: group numbers start below 2^28, so most take four bytes.
    private static let firstGroup: UInt32 = 0x0765_4321

    init(_ set: DataSet, samples n: Int, framesPerGroup k: Int) {
        let stream = StreamHead(
            id: StreamID(random: 0x5A5A_5A5A_5A), nodeHash: 0x1234_5678, tableID: 0x8765_4321)
        var encoder = FrameEncoder(stream: stream, channels: set.columns)
        var decoder = FrameDecoder()
        var window = ReadingWindow()
        var batch = ReadingBatch()
        var bytes: [UInt8] = []
        let samples = min(n, set.rows)
        guard samples > 0 else { return }
        for f in 0..<(set.rows / samples) {
            let rows = (f * samples)..<((f + 1) * samples)
            let role: FrameRole =
                f % k == 0 ? .key(group: Self.firstGroup + UInt32(f / k)) : .chained
            bytes.removeAll(keepingCapacity: true)
            let start = Stopwatch.now()
            for c in 0..<set.columns {
                Self.append(c, set.times[c], set.values[c], rows, to: &window)
            }
            let summary: FrameSummary
            do {
                summary = try encoder.encode(&window, as: role, into: &bytes)
            } catch {
                preconditionFailure("\(set.name), frame \(f): \(error)")
            }
            let middle = Stopwatch.now()
            do {
                let outcome = try decoder.decode(bytes.span, into: &batch)
                guard case .decoded = outcome else {
                    preconditionFailure("\(set.name), frame \(f) was not taken")
                }
            } catch {
                preconditionFailure("\(set.name), frame \(f): \(error)")
            }
            let end = Stopwatch.now()
            precondition(
                Self.isSame(set, rows, batch), "\(set.name), frame \(f) came out differently")
            encodeTime += middle - start
            decodeTime += end - middle
            frames += 1
            readings += summary.readings
            payloadBytes += summary.payloadBytes
            headBytes += summary.headBytes
        }
    }

    private static func append(
        _ c: Int, _ times: [Int64], _ values: [Double], _ rows: Range<Int>,
        to window: inout ReadingWindow
    ) {
        for r in rows {
            _ = window.append(Reading(sensor: c, time: times[r], value: values[r]))
        }
    }

    private static func isSame(_ set: DataSet, _ rows: Range<Int>, _ batch: ReadingBatch) -> Bool {
        var i = 0
        for c in 0..<set.columns {
            for r in rows {
                guard batch.times[i] == set.times[c][r],
                    batch.values[i].bitPattern == set.values[c][r].bitPattern
                else { return false }
                i += 1
            }
        }
        return i == batch.count
    }
}
