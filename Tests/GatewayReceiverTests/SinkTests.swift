// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayConfiguration
import GatewayCore
import HostSystem
import MosquittoClient
import StoreAndForward
import TestSupport
import Testing

@testable import GatewayReceiver

/// Sinks that are slow, full or dead, beside others that are not.
@Suite struct SinkTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func aFullDiskOfOneSinkHoldsUpNoOther() throws {
        var node = try TestNode()
        let output = MemoryOutput()
        output.limit = 100
        var receiver = try Receiver(folder, outputs: [output])
        receiver.take(node.tableMessage)
        receiver.take(try node.group(frames: 2))
        let sent = receiver.settle(after: 2)
        #expect(sent.contains { $0.topic.hasSuffix("/ack") })
        #expect(receiver.pipeline.takeNotes().contains { $0.hasPrefix("sink.blocked sink=csv:m0") })
        receiver.take(try node.group(frames: 3))
        receiver.settle(after: 2)
        Written(folder).expect(node.readings)
        #expect(output.ids.isEmpty && receiver.counts.refused == 0)
        output.limit = .max
        receiver.settle(after: 2)
        #expect(output.ids.sorted() == node.readings.keys.sorted())
        #expect(receiver.pipeline.takeNotes().contains("sink.resumed sink=csv:m0"))
    }

    /// The full sink gathers its buffer, then lags; when it goes on it reads the journal again.
    @Test func aSinkThatLagsCatchesUpFromTheJournal() throws {
        var node = try TestNode()
        let output = MemoryOutput()
        output.limit = 0
        var receiver = try Receiver(folder, outputs: [output])
        receiver.take(node.tableMessage)
        for _ in 0..<25 {
            receiver.take(try node.group(frames: 10, rows: 40))
            receiver.settle(after: 2)
        }
        let sink = try #require(receiver.pipeline.sinks.last as? TextSink)
        #expect(!sink.feed.isLive && sink.waitingBytes < 3 << 20)
        Written(folder).expect(node.readings)
        output.limit = .max
        var turns = 0
        while !sink.feed.isLive, turns < 200 {
            receiver.settle(after: 1)
            turns += 1
        }
        receiver.settle(after: 2)
        #expect(output.ids.sorted() == node.readings.keys.sorted())
        let isDelivered = receiver.pipeline.isDelivered
        #expect(isDelivered && sink.losses == SinkLosses())
    }

    /// A kill while one sink has been full for long: both have everything once.
    @Test(arguments: 0..<8)
    func aKillWhileOneSinkFailsWritesEachReadingOnce(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var node = try TestNode(seed: UInt64(seed) + 1)
        let output = MemoryOutput()
        for life in 0..<8 {
            let isFull = life < 7 && Bool.random(using: &random)
            output.limit = isFull ? output.bytes.count + 5000 : .max
            var receiver = try Receiver(folder, outputs: [output])
            receiver.take(node.tableMessage)
            for _ in 0..<6 {
                let frames = Int.random(in: 1...9, using: &random)
                receiver.take(try node.group(frames: frames, rows: 9))
                if Bool.random(using: &random) { receiver.take(try node.alert()) }
                switch Int.random(in: 0..<4, using: &random) {
                case 0: receiver.settle()
                case 1: receiver.settle(after: 2)
                case 2: output.limit = .max
                default: break
                }
            }
            // What the journal did not have on the disk was not acknowledged: it comes again.
            receiver.take(node.messages)
            if life < 7, Bool.random(using: &random) { continue }
            receiver.settle(after: 2)
            for _ in 0..<40 { receiver.settle(after: 1) }
        }
        Written(folder).expect(node.readings, "seed \(seed)")
        let ids = output.ids
        #expect(ids.count == node.readings.count && Set(ids) == Set(node.readings.keys))
    }

    @Test func aDeadSinkIsCutWhenTheJournalIsFull() throws {
        var node = try TestNode()
        let output = MemoryOutput()
        output.limit = 0
        var receiver = try Receiver(folder, outputs: [output], journalBytes: 1 << 17)
        receiver.take(node.tableMessage)
        for _ in 0..<70 {
            receiver.take(try node.group(frames: 10, rows: 40))
            receiver.settle(after: 1)
        }
        Written(folder).expect(node.readings)
        let sink = try #require(receiver.pipeline.sinks.last as? TextSink)
        #expect(sink.losses.frames > 0 && receiver.counts.refused == 0)
        #expect(receiver.pipeline.takeNotes().contains { $0.hasPrefix("sink.lost sink=csv:m0") })
        let statistics = receiver.pipeline.journal.statistics
        #expect(statistics.pendingBytes + statistics.historyBytes < 1 << 17)
        output.limit = .max
        for _ in 0..<50 { receiver.settle(after: 1) }
        // What it lost and what it has is everything, and nothing twice.
        let ids = output.ids
        #expect(Set(ids).count == ids.count && Set(ids).isSubset(of: node.readings.keys))
        let frames = Set(ids.map { $0.split(separator: ".").dropLast().joined(separator: ".") })
        #expect(frames.count + sink.losses.frames == node.messages.count)
    }

    /// If no sink takes anything, senders keep what the journal has no room for.
    @Test func whereAllSinksAreDeadNothingIsLost() throws {
        var node = try TestNode()
        let output = MemoryOutput()
        output.limit = 0
        var receiver = try Receiver(
            folder, outputs: [output], hasFiles: false, journalBytes: 1 << 17)
        receiver.take(node.tableMessage)
        for _ in 0..<70 {
            receiver.take(try node.group(frames: 10, rows: 40))
            receiver.settle(after: 1)
        }
        let isBlocked = receiver.pipeline.isBlocked
        #expect(isBlocked && receiver.counts[.sink] > 0)
        output.limit = .max
        for _ in 0..<50 { receiver.settle(after: 1) }
        for message in node.messages {
            receiver.take(message)
            if receiver.pipeline.isTurnFull { receiver.settle(after: 1) }
        }
        for _ in 0..<20 { receiver.settle(after: 1) }
        receiver.take(node.messages)
        for _ in 0..<20 { receiver.settle(after: 1) }
        #expect(output.ids.sorted() == node.readings.keys.sorted())
    }

    /// Frames of many readings, more than a broker takes: the rest waits in the journal.
    @Test func publicationsAreBounded() throws {
        var node = try TestNode()
        do {
            var receiver = try Receiver(folder, mqtt: true)
            receiver.take(node.tableMessage)
            receiver.take(try node.group(frames: 12, rows: 1000))
            receiver.settle()
            let sink = try #require(receiver.pipeline.sinks.last as? TopicSink)
            #expect(sink.outstanding < TopicSink.publicationLimit + 3000)
            #expect(receiver.counts.frames == 12)
        }
        // A new life begins with the same bound.
        var second = try Receiver(folder, mqtt: true)
        var open = second.pipeline.takeOutbox()
        #expect(open.count < TopicSink.publicationLimit + 3000)
        var count = 0
        var turns = 0
        while !open.isEmpty, turns < 20 {
            turns += 1
            for (link, publication) in open {
                guard case .reading(let place) = publication.purpose else { continue }
                count += 1
                second.pipeline.delivered(place, isTaken: true, link: link, at: second.now)
            }
            second.now = second.now + .seconds(1)
            second.pipeline.commit(at: second.now)
            open = second.pipeline.takeOutbox()
        }
        let isPublished = second.pipeline.isPublished
        #expect(count == node.readings.count && isPublished)
    }

    /// What one broker does not take holds up no other.
    @Test func aDeadBrokerLagsAlone() throws {
        var one = try TestNode(node: "n1", seed: 1)
        var two = try TestNode(node: "n2", seed: 2)
        var receiver = try Receiver(folder, mqtt: true, brokers: 2)
        receiver.take(one.tableMessage)
        receiver.pipeline.take(two.tableMessage, link: 1, at: receiver.now)
        var count = 0
        for _ in 0..<12 {
            receiver.take(try one.group(frames: 1, rows: 1000))
            for message in try two.group(frames: 1, rows: 100) {
                receiver.pipeline.take(message, link: 1, at: receiver.now)
            }
            receiver.now = receiver.now + .seconds(1)
            receiver.pipeline.commit(at: receiver.now)
            for (link, publication) in receiver.pipeline.takeOutbox() where link == 1 {
                guard case .reading(let place) = publication.purpose else { continue }
                count += 1
                receiver.pipeline.delivered(place, isTaken: true, link: 1, at: receiver.now)
            }
        }
        #expect(count == two.readings.count)
        let isPublished = receiver.pipeline.isPublished
        #expect(!isPublished)
    }

    @Test func aTurnEndsWithManyReadings() throws {
        var node = try TestNode()
        var receiver = try Receiver(folder)
        receiver.take(node.tableMessage)
        let group = try node.group(frames: 22, rows: 1000)
        receiver.take(group.dropLast())
        var isFull = receiver.pipeline.isTurnFull
        #expect(!isFull)
        receiver.take(group[21])
        isFull = receiver.pipeline.isTurnFull
        #expect(isFull)
        receiver.settle()
        isFull = receiver.pipeline.isTurnFull
        #expect(!isFull)
    }
}

extension Receiver {
    mutating func take(_ messages: ArraySlice<ClientMessage>) { take(Array(messages)) }
}
