// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import AlecCodec

/// Bytes that nobody's encoder wrote. Nothing may trap, and the next good key frame must decode.
@Suite struct HostileBytesTests {
    /// A good key frame and a good chained frame behind it.
    private struct Victim {
        var name: String
        var key: [UInt8]
        var chained: [UInt8]?
        /// What a decoder knows after the key frame alone.
        var fingerprint: UInt64

        init(_ vector: GoldenVector) throws {
            name = vector.name
            key = vector.frames[0].bytes
            chained = vector.frames.count > 1 ? vector.frames[1].bytes : nil
            if let next = chained, try FrameHead(next.span).isKey { chained = nil }
            var decoder = FrameDecoder()
            _ = Refusal.of(key, by: &decoder)
            fingerprint = decoder.context.fingerprint
        }
    }

    /// Changes the payload in one of several ways.
    private static func mutate(
        _ frame: inout [UInt8], from start: Int, _ random: inout SeededGenerator
    ) {
        let count = frame.count - start
        switch random.below(6) {
        case 0: frame.removeLast(random.below(count + 1))
        case 1:
            for _ in 0..<random.below(40) { frame.append(UInt8(truncatingIfNeeded: random.next())) }
        case 2: for i in start..<frame.count { frame[i] = UInt8(truncatingIfNeeded: random.next()) }
        case 3: for i in start..<frame.count { frame[i] = random.once(in: 2) ? 0 : 255 }
        default:
            guard count > 0 else { return }
            for _ in 0..<random.pick(1...4) {
                frame[start + random.below(count)] ^= 1 << UInt8(random.below(8))
            }
        }
    }

    /// Twenty seeds: twelve thousand frames as debug code, half a million as optimised code.
    #if DEBUG
    private static let perSeed = 600
    #else
    private static let perSeed = 25_000
    #endif

    @Test(arguments: Seeds.from(1, count: 20))
    func payloadsWithARepairedCheckNeverTrap(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let victims = try GoldenVector.all().map { try Victim($0) }
        var decoder = FrameDecoder(limits: DecoderLimits(channels: 64))
        var batch = ReadingBatch()
        for i in 0..<Self.perSeed {
            let victim = random.pick(victims)
            var frame = victim.key
            decoder.reset()
            if let chained = victim.chained, random.once(in: 2) {
                guard Refusal.of(victim.key, by: &decoder) == "decoded" else {
                    Issue.record("seed \(seed), \(i): \(victim.name) no longer decodes")
                    return
                }
                frame = chained
            }
            let head = try FrameHead(frame.span)
            Self.mutate(&frame, from: head.byteCount, &random)
            if random.once(in: 8) { frame[0] ^= 0x08 }
            ForgedFrame.repairCheck(
                &frame, at: head.byteCount - 4,
                link: head.isKey ? .none : decoder.context.link)
            let answer = Refusal.of(frame, by: &decoder, into: &batch)
            let isClean =
                answer == "decoded"
                || (batch.count == 0
                    && (answer.hasPrefix("malformed") || answer.hasPrefix("limit")))
            if !isClean { Issue.record("seed \(seed), \(i): \(answer)") }
            guard i % 50 == 0 else { continue }
            decoder.reset()
            _ = Refusal.of(victim.key, by: &decoder)
            #expect(decoder.context.fingerprint == victim.fingerprint, "seed \(seed), \(i)")
        }
    }

    /// Frames in which one decision was written the wrong way round: the codec is well formed to
    /// that point, so deeper states are reached than by chance.
    @Test(arguments: Seeds.from(1, count: 20))
    func framesWithOneLieNeverTrap(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var traffic = Traffic(seed: seed, mostChannels: 4)
        let columns = [traffic.next(most: 20), traffic.next(most: 20)]
        var decoder = FrameDecoder()
        for _ in 0..<100 {
            let parameters = (0..<4).map { ChosenParameters.make(&random, channel: $0) }
            var stream = ForgedStream(channels: traffic.channels)
            var honest = RangeEncoder()
            try stream.encode(columns[0], isKey: true, with: &honest) { c, _ in parameters[c] }
            honest.finish()
            let key = ForgedFrame.frame(
                group: 1, index: 0, key: ForgedFrame.key, isAnnotated: stream.isAnnotated,
                payload: Array(honest.bytes))
            decoder.reset()
            guard Refusal.of(key, by: &decoder) == "decoded" else {
                Issue.record("seed \(seed): the honest frame was refused")
                return
            }
            stream.link(check: decoder.context.link.check)
            var liar = LyingEncoder(lieAt: random.below(random.pick([20, 200, 1_000])))
            try stream.encode(columns[1], isKey: false, with: &liar) { c, isNew in
                isNew ? parameters[c] : nil
            }
            let frame = ForgedFrame.frame(
                group: 1, index: 1, key: nil, isAnnotated: stream.isAnnotated,
                link: decoder.context.link, payload: liar.finished())
            let answer = Refusal.of(frame, by: &decoder)
            #expect(answer == "decoded" || answer.hasPrefix("malformed"), "seed \(seed)")
        }
    }

    @Test(arguments: Seeds.from(1, count: 4))
    func anyBytesAreRefused(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var decoder = FrameDecoder()
        for _ in 0..<2_000 {
            var frame = (0..<random.below(60)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if !frame.isEmpty && random.once(in: 2) { frame[0] = random.pick([0x01, 0x41, 0x49]) }
            #expect(Refusal.of(frame, by: &decoder) != "decoded", "seed \(seed)")
        }
    }
}
