// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import AlecCodec

@Suite struct ForgedStreamTests {
    /// Groups of a few frames, every channel with parameters as chance has them.
    @Test(arguments: Seeds.from(1, count: 60))
    func framesWithAnyParametersRestore(seed: UInt64) throws {
        var traffic = Traffic(seed: seed, mostChannels: 8)
        var random = SeededGenerator(seed: ~seed)
        var stream = ForgedStream(channels: traffic.channels)
        var decoder = FrameDecoder()
        for index in 0..<UInt32(6) {
            let columns = traffic.next(most: traffic.random.once(in: 3) ? 120 : 10)
            var coder = RangeEncoder()
            let isKey = index == 0
            try stream.encode(columns, isKey: isKey, with: &coder) {
                $1 || random.once(in: 3) ? ChosenParameters.make(&random, channel: $0) : nil
            }
            coder.finish()
            let frame = ForgedFrame.frame(
                group: 1, index: index, key: isKey ? ForgedFrame.key : nil,
                isAnnotated: stream.isAnnotated, link: stream.context.link,
                payload: Array(coder.bytes))
            var batch = ReadingBatch()
            let answer = Refusal.of(frame, by: &decoder, into: &batch)
            let isRestored =
                answer == "decoded"
                && zip(batch.trafficColumns, columns).allSatisfy { $0.isIdentical(to: $1) }
            stream.link(check: decoder.context.link.check)
            guard isRestored, stream.context.fingerprint == decoder.context.fingerprint else {
                Issue.record("seed \(seed), frame \(index): \(answer)")
                return
            }
        }
    }
}
