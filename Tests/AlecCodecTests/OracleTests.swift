// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import AlecCodec

/// Two implementations that share no line understand each other's payloads.
@Suite(
    .enabled(
        if: Oracle.isAtHand,
        "SKIPPED: without ../shared/codec/oracle and clang nothing is compared with the C program"))
struct OracleTests {
    private struct Stream {
        var channels: Int
        var frames: [(isKey: Bool, group: Int, index: Int, columns: [TrafficColumn])] = []

        init(seed: UInt64) {
            var traffic = Traffic(seed: seed)
            channels = traffic.channels
            for group in 0..<2 {
                for index in 0..<traffic.random.pick(1...6) {
                    var columns = traffic.next(most: traffic.random.once(in: 4) ? 200 : 12)
                    // The laboratory has no annotations.
                    for c in columns.indices {
                        columns[c].annotations = columns[c].values.map { _ in .none }
                    }
                    frames.append((index == 0, group, index, columns))
                }
            }
        }
    }

    @Test func bothUnderstandEachOthersPayloads() throws {
        var oracle = try #require(Oracle())
        defer { oracle.remove() }
        let streams = Seeds.from(500, count: 16).map { Stream(seed: $0) }
        for stream in streams {
            oracle.begin(channels: stream.channels)
            for frame in stream.frames {
                oracle.encode(
                    frame.columns, isKey: frame.isKey, group: frame.group, index: frame.index)
            }
        }
        var answers = try #require(try oracle.answers())
        var equal = 0
        var frames = 0
        for (i, stream) in streams.enumerated() {
            oracle.begin(channels: stream.channels)
            let theirs = stream.frames.map { _ in answers.payload() }
            let ours = try payloads(stream)
            frames += ours.count
            equal += zip(ours, theirs).count { $0 == $1 }
            try expectDecoded(theirs, stream, "stream \(i)")
            try send(ours, stream, to: &oracle)
        }
        answers = try #require(try oracle.answers())
        for (i, stream) in streams.enumerated() {
            for frame in stream.frames {
                let columns = answers.columns()
                let isSame =
                    columns?.count == frame.columns.count
                    && zip(columns ?? [], frame.columns).allSatisfy { $0.isIdentical(to: $1) }
                #expect(isSame, "stream \(i), group \(frame.group), frame \(frame.index)")
            }
        }
        print("\(equal) of \(frames) payloads are the same bytes as the C program's")
    }

    private func payloads(_ stream: Stream) throws -> [[UInt8]] {
        var encoder = FrameEncoder(stream: ForgedFrame.key.stream, channels: stream.channels)
        return try stream.frames.map { frame in
            var window = ReadingWindow(frame.columns)
            var bytes: [UInt8] = []
            let summary = try encoder.encode(
                &window, as: frame.isKey ? .key(group: UInt32(frame.group)) : .chained,
                into: &bytes)
            return Array(bytes.dropFirst(summary.headBytes))
        }
    }

    /// The laboratory's payloads under our heads.
    private func expectDecoded(
        _ payloads: [[UInt8]], _ stream: Stream, _ name: String
    ) throws {
        var decoder = FrameDecoder()
        for (frame, payload) in zip(stream.frames, payloads) {
            let bytes = ForgedFrame.frame(
                group: UInt32(frame.group), index: UInt32(frame.index),
                key: frame.isKey ? ForgedFrame.key : nil, link: decoder.context.link,
                payload: payload)
            var batch = ReadingBatch()
            let answer = Refusal.of(bytes, by: &decoder, into: &batch)
            let columns = batch.trafficColumns
            let isSame =
                columns.count == frame.columns.count
                && zip(columns, frame.columns).allSatisfy { $0.isIdentical(to: $1) }
            #expect(
                answer == "decoded" && isSame, "\(name), group \(frame.group), \(frame.index)")
        }
    }

    /// Our payloads under the laboratory's heads: byte 0, group, index, check.
    private func send(
        _ payloads: [[UInt8]], _ stream: Stream, to oracle: inout Oracle
    ) throws {
        var link = FrameLink.none
        for (frame, payload) in zip(stream.frames, payloads) {
            var bytes: [UInt8] = [frame.isKey ? 0x41 : 0x01]
            ByteWriter.appendVarint(UInt64(frame.group), to: &bytes)
            ByteWriter.appendVarint(UInt64(frame.index), to: &bytes)
            let checkAt = bytes.count
            bytes += [0, 0, 0, 0] + payload
            ForgedFrame.repairCheck(&bytes, at: checkAt, link: frame.isKey ? .none : link)
            oracle.decode(bytes)
            let check = (0..<4).reduce(UInt32(0)) {
                $0 | UInt32(bytes[checkAt + $1]) << UInt32(8 * $1)
            }
            link = FrameLink(check: check, digest: Self.digest(frame.columns))
        }
    }

    private static func digest(_ columns: [TrafficColumn]) -> UInt32 {
        var digest = Digest()
        for column in columns {
            digest.mix(UInt64(bitPattern: column.times.last ?? 0))
            for value in column.values { digest.mix(value.bitPattern) }
        }
        return digest.value
    }
}
