// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import AlecCodec

/// The codec against the decoder that was written from the format page alone.
@Suite struct PlainDecoderTests {
    private static let startValues = try? String(
        contentsOf: Project.root.appending(
            path: "Sources/AlecCodec/AlecCodec.docc/StartValues.csv"), encoding: .utf8)

    /// Both decoders, frame by frame.
    private struct Both: ~Copyable {
        var plain: PlainDecoder
        var decoder: FrameDecoder
        var batch = ReadingBatch()

        init(channels: Int) throws {
            plain = PlainDecoder(
                startValues: try #require(startValues), maxChannels: channels)
            decoder = FrameDecoder(limits: DecoderLimits(channels: channels))
        }

        /// What both answer, or in what they differ.
        mutating func decode(_ frame: [UInt8]) -> (answer: String, isSame: Bool) {
            let answer = Refusal.of(frame, by: &decoder, into: &batch)
            switch plain.decode(frame) {
            case .frame(let content):
                return (answer, answer == "decoded" && content == PlainFrame(batch))
            case .duplicate: return (answer, answer == "duplicate")
            case .needsKey: return (answer, answer == "needsKey")
            case .refused(let fault):
                return (answer, answer.prefix { $0 != "." } == fault.rawValue)
            }
        }
    }

    @Test func bothDecodeEveryVectorAlike() throws {
        for vector in try GoldenVector.all() {
            var both = try Both(channels: vector.channels)
            for (i, frame) in vector.frames.enumerated() {
                let (answer, isSame) = both.decode(frame.bytes)
                #expect(answer == "decoded" && isSame, "\(vector.name) \(i)")
            }
        }
    }

    @Test func bothRefuseEveryRejectAlike() throws {
        for vector in try RejectVector.all() {
            for example in vector.cases {
                var both = try Both(channels: vector.channels)
                for frame in example.before + [example.frame] {
                    let (answer, isSame) = both.decode(try #require(Hexadecimal.bytes(frame)))
                    #expect(isSame, "\(vector.name), \(example.name): \(answer)")
                }
            }
        }
    }

    @Test(arguments: Seeds.from(900, count: 24))
    func bothDecodeSeededStreamsAlike(seed: UInt64) throws {
        var traffic = Traffic(seed: seed)
        var both = try Both(channels: traffic.channels)
        var encoder = FrameEncoder(stream: ForgedFrame.key.stream, channels: traffic.channels)
        for index in 0..<4 {
            var window = ReadingWindow(traffic.next(most: traffic.random.once(in: 4) ? 120 : 12))
            var frame: [UInt8] = []
            _ = try encoder.encode(
                &window, as: index == 0 ? .key(group: 1) : .chained, into: &frame)
            let (answer, isSame) = both.decode(frame)
            #expect(answer == "decoded" && isSame, "seed \(seed), frame \(index)")
        }
    }

    /// Parameters that our encoder never chooses, and a last frame with a lie in it.
    @Test(arguments: Seeds.from(900, count: 40))
    func bothDecodeForgedStreamsAlike(seed: UInt64) throws {
        var traffic = Traffic(seed: seed, mostChannels: 6)
        var random = SeededGenerator(seed: ~seed)
        var both = try Both(channels: traffic.channels)
        var stream = ForgedStream(channels: traffic.channels)
        for index in 0..<UInt32(4) {
            let columns = traffic.next(most: traffic.random.once(in: 3) ? 100 : 10)
            let isKey = index == 0
            var coder = LyingEncoder(lieAt: index == 3 ? random.below(300) : -1)
            try stream.encode(columns, isKey: isKey, with: &coder) {
                $1 || random.once(in: 3) ? ChosenParameters.make(&random, channel: $0) : nil
            }
            let frame = ForgedFrame.frame(
                group: 1, index: index, key: isKey ? ForgedFrame.key : nil,
                isAnnotated: stream.isAnnotated, link: both.decoder.context.link,
                payload: coder.finished())
            let (answer, isSame) = both.decode(frame)
            if index == 3 && answer.hasPrefix("malformed") { break }
            #expect(isSame, "seed \(seed), frame \(index): \(answer)")
            #expect(index == 3 || answer == "decoded")
            stream.link(check: both.decoder.context.link.check)
        }
    }
}

extension PlainFrame {
    /// What our decoder found, in the words of the plain one.
    init(_ batch: ReadingBatch) {
        self.init()
        columns = batch.columns.map { column in
            let range = column.start..<(column.start + column.count)
            return Column(
                sensor: column.sensor, times: Array(batch.times[range]),
                values: batch.values[range].map(\.bitPattern))
        }
        remarks = batch.annotations.map {
            Remark(
                start: $0.start, count: $0.count, quality: Int($0.annotation.quality.rawValue),
                priority: Int($0.annotation.priority?.rawValue ?? 0))
        }
    }
}
