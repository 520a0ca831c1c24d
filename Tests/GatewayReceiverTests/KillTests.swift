// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import HostSystem
import MosquittoClient
import StoreAndForward
import TestSupport
import Testing

@testable import GatewayReceiver

@Suite struct KillTests {
    /// The receiver is killed again and again, and everything is sent again and again: each
    /// reading is in the files once.
    @Test(arguments: 0..<12)
    func eachReadingIsWrittenOnce(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let folder = try TemporaryFolder()
        var node = try TestNode(seed: UInt64(seed) + 1)
        for _ in 0..<12 {
            try node.group(frames: Int.random(in: 1...6, using: &random))
            if Bool.random(using: &random) { _ = try node.alert() }
        }
        let messages = node.messages
        var from = 0
        for life in 0..<8 {
            var receiver = try Receiver(folder)
            receiver.take(node.tableMessage)
            let isLast = life == 7
            let end = isLast ? messages.count : Int.random(in: 0...messages.count, using: &random)
            from = isLast ? 0 : min(from, Int.random(in: 0...messages.count, using: &random))
            for message in messages[min(from, end)..<end] {
                if !isLast, Int.random(in: 0..<10, using: &random) == 0 { continue }
                receiver.take(message)
                switch Int.random(in: 0..<6, using: &random) {
                // Lines are written, but there is no checkpoint.
                case 0: receiver.settle()
                // There is one.
                case 1: receiver.settle(after: 2)
                default: break
                }
            }
            from = end
            if isLast {
                for _ in 0..<3 { receiver.take(messages) }
                receiver.settle(after: 2)
            }
        }
        Written(folder).expect(node.readings, "seed \(seed)")
    }

    @Test func aFileThatSomebodyShortenedIsTold() throws {
        let folder = try TemporaryFolder()
        var node = try TestNode()
        do {
            var receiver = try Receiver(folder)
            receiver.take(node.tableMessage)
            receiver.take(try node.group(frames: 1))
            receiver.settle(after: 2)
        }
        try folder.write("", "out.jsonl")
        var receiver = try Receiver(folder)
        #expect(receiver.pipeline.takeNotes().contains { $0.hasPrefix("sink.shorter") })
    }

    @Test func wholeGroupsLeaveTheJournalForItsHistory() throws {
        let folder = try TemporaryFolder()
        var node = try TestNode()
        var receiver = try Receiver(folder)
        receiver.take(node.tableMessage)
        for _ in 0..<5 { receiver.take(try node.group(frames: 2)) }
        receiver.settle(after: 2)
        #expect(receiver.pipeline.journal.statistics.pendingGroups == 1)
    }

    @Test func startsThatCannotBeAreErrors() throws {
        let folder = try TemporaryFolder()
        _ = try Receiver(folder)
        let path = folder.path + "/state/checkpoint"
        try folder.write("alec-receiver-checkpoint 3\ncheck 1\n", "state/checkpoint")
        #expect(throws: ReceiverError.checkpoint(path: path, .unsupportedVersion)) {
            _ = try Receiver(folder)
        }
        try folder.write("alec-receiver-checkpoint 2\nplace 1\ncheck 1\n", "state/checkpoint")
        #expect(throws: ReceiverError.checkpoint(path: path, .damaged(line: 3))) {
            _ = try Receiver(folder)
        }
        let errors: [ReceiverError] = [
            .inUse(path: ""), .file(path: "", SystemError(code: 2)), .journal(path: "", .inUse),
            .system(SystemError(code: 2)),
        ]
        #expect(Set(errors.map { "\($0)" }).count == 4)
    }
}

@Suite struct CheckpointTests {
    @Test(arguments: 0..<10)
    func whatIsWrittenIsRead(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var checkpoint = Checkpoint()
        checkpoint.place = random.next()
        var memory = SequenceTracker.StreamMemory(stream: StreamID(random: random.next()))
        memory[.data] = DuplicateMemory(
            settled: GroupRanges([3...9, 11...11]), lost: GroupRanges([10...10]),
            open: [DuplicateMemory.OpenGroup(group: 14, next: 2, last: 5, known: 3, reach: 12)],
            awaited: [DuplicateMemory.Awaited(group: 20, last: 2)], origin: 3)
        let group = GroupIdentity(stream: memory.stream, lane: .alert, group: 7)
        checkpoint.sinks = [
            Checkpoint.Sink(
                format: "csv", offset: 12, path: "/a b/c  d.csv", place: random.next(),
                waiting: [
                    NodeGroup(node: 0, group: group): SinkFeed.Waiting(table: 5, from: 9)
                ],
                owed: [SinkFeed.Debt(group: NodeGroup(node: 1, group: group), from: 3)]),
            Checkpoint.Sink(format: "mqtt", offset: 0, path: "a:1883", place: 4),
        ]
        checkpoint.nodes = [
            Checkpoint.Node(prefix: "alec/v1/a/b/", link: 1, streams: [memory]),
            Checkpoint.Node(prefix: "alec/v1/a/c/"),
        ]
        #expect(try Checkpoint(checkpoint.bytes) == checkpoint)
        for i in checkpoint.bytes.indices {
            var bytes = checkpoint.bytes
            bytes[i] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            #expect(throws: CheckpointError.self) { try Checkpoint(bytes) }
            #expect(throws: CheckpointError.self) { try Checkpoint(Array(bytes[..<i])) }
        }
    }
}
