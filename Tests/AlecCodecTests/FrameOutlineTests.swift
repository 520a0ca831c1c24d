// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import AlecCodec

@Suite struct FrameOutlineTests {
    private static func outline(_ frame: [UInt8]) -> Result<FrameOutline, DecodeError> {
        Result { () throws(DecodeError) in try FrameOutline(frame.span) }
    }

    /// Key frame and chained frame of every vector, even where only their heads are there.
    @Test func headsOfVectorsAreOutlined() throws {
        for vector in try GoldenVector.all() {
            for frame in vector.frames.map(\.bytes) {
                let head = try FrameHead(frame.span)
                let expected = head.isKey ? FrameOutline.key(head) : .chained(head)
                #expect(Self.outline(frame) == .success(expected))
                #expect(Self.outline(Array(frame[..<head.byteCount])) == .success(expected))
            }
        }
    }

    @Test func tablesAreOutlinedWithTheirStream() throws {
        var frame: [UInt8] = []
        let table = try ChannelTable([Channel(name: [97])])
        let stream = StreamID(random: 0x12_3456_789A)
        ChannelTableFrame(stream: stream, nodeHash: 7, table: table).append(to: &frame)
        #expect(Self.outline(frame) == .success(.table(stream: stream, nodeHash: 7)))
        for bit in 16..<(8 * frame.count) {
            frame[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(Self.outline(frame) == .failure(.badCheck(at: frame.count - 4)))
            frame[bit / 8] ^= 1 << UInt8(bit % 8)
        }
        let short = ForgedFrame.extended([0xC1, 1, 0])
        #expect(Self.outline(short) == .failure(.malformed(.tableEntry, at: 2)))
    }

    /// What later versions add is told from what was damaged on the way.
    @Test func wholeFramesOfUnknownKindsMayBePassedOver() throws {
        for type: UInt8 in [0xC0, 0xC1, 0xC9, 0xFF] {
            for content in [[], [1, 2, 3], [UInt8](repeating: 9, count: 300)] as [[UInt8]] {
                var frame = ForgedFrame.extended([type, 77] + content)
                guard case .success(.unknown(let extended)) = Self.outline(frame) else {
                    Issue.record("type \(type), \(content.count) bytes")
                    continue
                }
                #expect(extended.type == type && extended.kind == 77 && !extended.isTable)
                frame[frame.count - 5] ^= 4
                #expect(Self.outline(frame) == .failure(.badCheck(at: frame.count - 4)))
            }
        }
    }

    @Test func framesThatAreNoneHaveNoOutline() {
        #expect(Self.outline([]) == .failure(.truncated(at: 0)))
        #expect(Self.outline([0xC1, 1, 0, 0, 0]) == .failure(.truncated(at: 5)))
        #expect(Self.outline([0x42]) == .failure(.unsupported(.profile(2), at: 0)))
        let long = [UInt8](repeating: 0xC5, count: DecoderLimits.frameBytes + 1)
        #expect(Self.outline(long) == .failure(.limit(.frameBytes(long.count), at: 0)))
    }

    /// A decoder that gets an extended frame by mistake says what it is, and goes on.
    @Test func aFrameDecoderLeavesExtendedFramesAlone() throws {
        var decoder = FrameDecoder()
        var batch = ReadingBatch()
        var frame = ForgedFrame.extended([0xC1, 9, 1])
        #expect(throws: DecodeError.unsupported(.extendedFrame(9), at: 1)) {
            _ = try decoder.decode(frame.span, into: &batch)
        }
        frame[2] ^= 1
        #expect(throws: DecodeError.badCheck(at: 3)) {
            _ = try decoder.decode(frame.span, into: &batch)
        }
        #expect(decoder.current == nil)
    }
}
