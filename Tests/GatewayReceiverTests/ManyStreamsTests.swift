// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import MosquittoClient
import TestSupport
import Testing

@testable import GatewayReceiver

/// Each start of an agent is a stream, and one spool may hold many of them.
@Suite struct ManyStreamsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func repeatsOfManyLivesAreWrittenOnce() throws {
        var messages: [ClientMessage] = []
        var readings: [String: Double] = [:]
        do {
            var receiver = try Receiver(folder)
            for life in 0..<200 {
                var node = try TestNode(seed: UInt64(life) + 1)
                if life == 0 { receiver.take(node.tableMessage) }
                receiver.take(try node.group(frames: 3, rows: 1))
                receiver.take(try node.group(frames: 2, rows: 1))
                receiver.take(try node.alert())
                messages += node.messages
                readings.merge(node.readings) { first, _ in first }
            }
            receiver.settle(after: 2)
            // An agent that heard no acknowledgement sends its whole spool again.
            receiver.take(messages)
            receiver.settle(after: 2)
            #expect(receiver.counts.duplicates == messages.count)
            #expect(receiver.counts.forgottenStreams == 0)
            Written(folder).expect(readings, "same receiver")
        }
        var receiver = try Receiver(folder)
        receiver.take(messages)
        receiver.settle(after: 2)
        Written(folder).expect(readings, "after a start")
        // The tails of ended streams are given up; what came of them is known all the same.
        receiver.settle(after: 700)
        receiver.take(messages)
        receiver.settle(after: 2)
        Written(folder).expect(readings, "after their end")
    }

    @Test func aCheckpointHoldsAllStreamsOfANode() throws {
        var node = Checkpoint.Node(prefix: "alec/v1/plant/n1/")
        for i in 0..<UInt64(SequenceTracker.streamLimit) {
            var memory = SequenceTracker.StreamMemory(stream: StreamID(random: .max - i))
            let low = UInt32.max - 20_000
            memory[.data] = DuplicateMemory(
                settled: GroupRanges([low...(low + 900)]), origin: low)
            node.streams.append(memory)
        }
        var checkpoint = Checkpoint()
        checkpoint.nodes = [node]
        let bytes = checkpoint.bytes
        #expect(bytes.count / SequenceTracker.streamLimit < 100)
        #expect(
            bytes.count * KnownNode.limit < ReceiverPipeline.checkpointLimit)
        #expect(try Checkpoint(bytes) == checkpoint)
    }
}
