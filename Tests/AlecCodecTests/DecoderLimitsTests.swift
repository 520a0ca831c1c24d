// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import TestSupport
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

    /// A receiver knows what the channels are called, or refuses the frame.
    @Test func aTableNamesAllChannelsOfItsFrames() throws {
        var encoder = FrameEncoder(
            stream: StreamHead(id: StreamID(random: 1), tableID: 5), channels: 3)
        var decoder = FrameDecoder()
        var batch = ReadingBatch()
        var answers: [DecodeError?] = []
        for (group, table) in [(5, 2), (6, 2), (0, 2), (5, 3), (5, 4)].enumerated() {
            var window = ReadingWindow()
            _ = window.append(Reading(sensor: 0, time: 0, value: 1))
            var frame: [UInt8] = []
            _ = try encoder.encode(&window, as: .key(group: UInt32(group)), into: &frame)
            decoder.setTable(id: UInt32(table.0), channels: table.1)
            do throws(DecodeError) {
                _ = try decoder.decode(frame.span, into: &batch)
                answers.append(nil)
            } catch {
                #expect(batch.count == 0 && decoder.current == nil)
                answers.append(error)
            }
        }
        #expect(answers == [.malformed(.unnamedChannels, at: 22), nil, nil, nil, nil])
    }

    /// Table id 0 is that of frames without a table.
    @Test func framesWithoutATableHaveNoNames() throws {
        var encoder = FrameEncoder(stream: StreamHead(id: StreamID(random: 1)), channels: 3)
        var window = ReadingWindow([TrafficColumn(sensor: 2, times: [1], values: [1])])
        var frame: [UInt8] = []
        _ = try encoder.encode(&window, as: .key(group: 1), into: &frame)
        var decoder = FrameDecoder()
        decoder.setTable(id: 0, channels: 1)
        var batch = ReadingBatch()
        _ = try decoder.decode(frame.span, into: &batch)
        #expect(batch.count == 1)
    }

    @Test func limitsStayWithinTheFormat() {
        let limits = DecoderLimits(channels: 1 << 30, readings: 0)
        #expect(limits.channels == 4096)
        #expect(limits.readings == 1)
    }
}
