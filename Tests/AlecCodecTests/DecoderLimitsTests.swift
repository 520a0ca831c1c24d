// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import Testing

@Suite struct DecoderLimitsTests {
    /// Equal readings cost almost nothing, so a small frame may hold very many.
    @Test(arguments: [1000, 999])
    func readingsBeyondTheReceiversLimitAreRefused(limit: Int) throws {
        var encoder = FrameEncoder(stream: StreamHead(id: StreamID(random: 1)), channels: 1)
        var window = ReadingWindow()
        for i in 0..<1000 {
            _ = window.append(Reading(sensor: 0, time: Int64(i) * 1_000_000_000, value: 1))
        }
        var frame: [UInt8] = []
        _ = try encoder.encode(&window, as: .key(group: 1), into: &frame)
        var decoder = FrameDecoder(limits: DecoderLimits(readings: limit))
        var batch = ReadingBatch()
        var refusal: DecodeError?
        do {
            _ = try decoder.decode(frame.span, into: &batch)
        } catch {
            refusal = error
        }
        if limit < 1000 {
            let headBytes = 22
            #expect(refusal == .limit(.readings(1000), at: headBytes))
            #expect(batch.count == 0)
        } else {
            #expect(refusal == nil)
            #expect(batch.count == 1000)
        }
    }

    @Test func limitsStayWithinTheFormat() {
        let limits = DecoderLimits(channels: 1 << 30, readings: 0)
        #expect(limits.channels == 4096)
        #expect(limits.readings == 1)
    }
}
