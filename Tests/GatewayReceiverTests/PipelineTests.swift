// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import MosquittoClient
import TestSupport
import Testing

@testable import GatewayReceiver

@Suite struct PipelineTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func readingsReachTheFilesOnce() throws {
        var node = try TestNode()
        var receiver = try Receiver(folder)
        receiver.take(node.tableMessage)
        let first = try node.group(frames: 3)
        let alert = try node.alert()
        let second = try node.group(frames: 2)
        receiver.take(first + [alert] + second)
        receiver.take(first.map { $0.again(node.prefix) } + [alert])
        let sent = receiver.settle(after: 2)
        Written(folder).expect(node.readings)
        #expect(receiver.counts.duplicates == 4)
        #expect(receiver.counts.readings == node.readings.count)
        #expect(receiver.counts.refused == 0)
        #expect(folder.text("out.csv").hasPrefix("time_ns,node,sensor,value,quality,priority,id\n"))
        let line = folder.text("out.jsonl").split(separator: "\n").first ?? ""
        #expect(line.contains("\"node\":\"n1\",\"sensor\":\"s0\""))
        #expect(sent.contains { $0.topic == node.prefix + "ack" && $0.text.contains("\"r1\"") })
    }

    @Test func backfillBetweenLiveGroupsIsDecodedByItself() throws {
        var node = try TestNode()
        var receiver = try Receiver(folder)
        receiver.pipeline.contexts = ContextPool(byteLimit: .max, countLimit: 2)
        receiver.take(node.tableMessage)
        let groups = try (0..<5).map { _ in try node.group(frames: 6) }
        for i in 0..<6 {
            for (k, group) in groups.enumerated() {
                receiver.take(k == 0 ? group[i] : group[i].again(node.prefix))
            }
        }
        receiver.settle(after: 2)
        Written(folder).expect(node.readings)
        // Five groups in turn with room for two: each frame but the keys found no context.
        #expect(receiver.counts.rebuilt >= 20)
        #expect(folder.text("out.jsonl").contains("\"hist\":true"))
    }

    @Test func aHoleIsAskedForAndFilled() throws {
        var node = try TestNode()
        var receiver = try Receiver(folder)
        receiver.take(node.tableMessage)
        let group = try node.group(frames: 5)
        receiver.take([group[0], group[1], group[3], group[4]])
        let asked = receiver.settle()
        #expect(asked.contains { $0.topic == node.prefix + "cmd/resend" })
        #expect(receiver.counts.held == 2)
        let told = receiver.settle(after: 6)
        #expect(told.contains { $0.topic == node.prefix + "gap" && $0.text.contains("open") })
        receiver.take(group.map { $0.again(node.prefix) })
        receiver.settle(after: 2)
        Written(folder).expect(node.readings)
    }

    @Test func aMissedKeyFrameIsAskedFor() throws {
        var node = try TestNode()
        var receiver = try Receiver(folder)
        receiver.take(node.tableMessage)
        receiver.take(try node.group(frames: 2))
        let group = try node.group(frames: 3)
        receiver.take(Array(group.dropFirst()))
        #expect(receiver.settle().contains { $0.topic.hasSuffix("cmd/resend") })
        receiver.take(group[0].again(node.prefix))
        receiver.settle(after: 2)
        Written(folder).expect(node.readings)
    }

    @Test func whatIsGoneIsAGap() throws {
        var node = try TestNode()
        var receiver = try Receiver(folder)
        receiver.take(node.tableMessage)
        receiver.take(try node.group(frames: 1))
        let lost = try node.group(frames: 1)
        receiver.take(try node.group(frames: 1))
        let asked = receiver.settle().first { $0.topic.hasSuffix("cmd/resend") }
        let id = try #require(asked).text.split(separator: "\"id\":\"")[1].prefix { $0 != "\"" }
        receiver.take(
            ClientMessage(
                topic: node.prefix + "rsp/resend",
                payload: ResponseMessage(id: String(id), status: .gone).payload))
        let told = receiver.settle(after: 1)
        #expect(told.contains { $0.topic.hasSuffix("/gap") && $0.text.contains("gone") })
        #expect(receiver.pipeline.gapFields == "gaps=0 filled=0 lost=1 open=0")
        #expect(!receiver.settle(after: 60).contains { $0.topic.hasSuffix("cmd/resend") })
        // It comes all the same: taken.
        receiver.take(lost)
        receiver.settle(after: 2)
        let ids = Written(folder).json
        #expect(ids.count == node.readings.count && Set(ids) == Set(node.readings.keys))
    }

    /// A power cut took the table: its node says so, and nobody is asked for ever.
    @Test func aTableThatIsGoneIsAGap() throws {
        var node = try TestNode()
        var receiver = try Receiver(folder)
        receiver.take(try node.group(frames: 2))
        let asked = receiver.settle().first { $0.topic.hasSuffix("cmd/rebirth") }
        let id = try #require(asked).text.split(separator: "\"id\":\"")[1].prefix { $0 != "\"" }
        receiver.take(
            ClientMessage(
                topic: node.prefix + "rsp/rebirth",
                payload: ResponseMessage(id: String(id), status: .gone).payload))
        let told = receiver.settle(after: 1)
        #expect(told.contains { $0.topic.hasSuffix("/gap") && $0.text.contains("gone") })
        for _ in 0..<5 {
            #expect(!receiver.settle(after: 400).contains { $0.topic.contains("cmd/") })
        }
        let isWaiting = receiver.pipeline.isWaitingForTables
        #expect(!isWaiting && Written(folder).json.isEmpty)
    }

    @Test func streamsThatAreOnlyNamedAreBounded() throws {
        let node = try TestNode()
        var receiver = try Receiver(folder)
        for number in 0..<1000 {
            var heads = HeadsMessage(stream: StreamID(random: UInt64(number)))
            heads[.data] = HeadsMessage.Head(group: 1, index: 2)
            receiver.take(ClientMessage(topic: node.prefix + "heads", payload: heads.payload))
        }
        #expect(receiver.pipeline.resends.count == ResendPolicy.namedLimit)
    }

    @Test func headsTellAMissedTail() throws {
        var node = try TestNode()
        var receiver = try Receiver(folder)
        receiver.take(node.tableMessage)
        let group = try node.group(frames: 3)
        receiver.take(group[0])
        var heads = HeadsMessage(stream: node.stream)
        heads[.data] = HeadsMessage.Head(group: node.lastGroup, index: 2)
        receiver.take(ClientMessage(topic: node.prefix + "heads", payload: heads.payload))
        #expect(receiver.settle(after: 1).contains { $0.topic.hasSuffix("cmd/resend") })
        receiver.take(group.map { $0.again(node.prefix) })
        receiver.settle(after: 2)
        Written(folder).expect(node.readings)
    }

    @Test func aLateReceiverAsksForWhatWasBefore() throws {
        var node = try TestNode()
        try node.group(frames: 2)
        var receiver = try Receiver(folder, history: true)
        receiver.take(node.tableMessage)
        receiver.take(try node.group(frames: 2))
        let asked = receiver.settle(after: 1)
        #expect(asked.contains { $0.topic.hasSuffix("cmd/resend") && $0.text.contains("history") })
        receiver.take(node.messages.map { $0.again(node.prefix) })
        #expect(!receiver.settle(after: 1).contains { $0.text.contains("history") })
        receiver.settle(after: 2)
        let ids = Written(folder).json
        #expect(ids.count == node.readings.count && Set(ids) == Set(node.readings.keys))
    }

    @Test func tableIsAskedForAgainSoonAfterAConnection() throws {
        var node = try TestNode()
        let group = try node.group(frames: 1)
        var receiver = try Receiver(folder)
        receiver.take(group[0])
        let topic = node.prefix + "cmd/rebirth"
        #expect(receiver.settle().contains { $0.topic == topic })
        for _ in 0..<4 { receiver.settle(after: 200) }
        #expect(!receiver.settle(after: 10).contains { $0.topic == topic })
        receiver.pipeline.connected(link: 0, at: receiver.now)
        #expect(receiver.settle(after: 1).contains { $0.topic == topic })
    }

    @Test(arguments: [true, false]) func keptStateOfAnUnknownStreamAsksForItsHistory(
        isRetained: Bool
    ) throws {
        let node = try TestNode()
        var receiver = try Receiver(folder, history: true)
        let state = StateMessage(
            isOnline: true, stream: node.stream, connection: 1, time: WallTime(nanoseconds: 0))
        receiver.take(
            ClientMessage(
                topic: node.prefix + "state", payload: state.payload, isRetained: isRetained))
        let asked = receiver.settle(after: 2).contains { $0.text.contains("history") }
        // A state that was not kept is of a stream that begins under the receiver's eyes.
        #expect(asked == isRetained)
    }

    @Test func framesWaitForTheirTable() throws {
        var node = try TestNode()
        let group = try node.group(frames: 3)
        do {
            var receiver = try Receiver(folder)
            receiver.take(group[0])
            receiver.take(group[1])
            let asked = receiver.settle(after: 2)
            #expect(asked.contains { $0.topic == node.prefix + "cmd/rebirth" })
            #expect(Written(folder).json.isEmpty)
            #expect(receiver.counts.frames == 2)
        }
        // The wait outlasts a restart.
        do {
            var receiver = try Receiver(folder)
            #expect(receiver.settle().contains { $0.topic == node.prefix + "cmd/rebirth" })
            receiver.take(group[2])
            receiver.take(node.tableMessage)
            receiver.settle(after: 2)
        }
        Written(folder).expect(node.readings)
        _ = try Receiver(folder)
        Written(folder).expect(node.readings)
    }

    @Test func publishedReadingsAreCheckpointedWhenABrokerHasThem() throws {
        var node = try TestNode()
        var messages = [node.tableMessage]
        messages += try node.group(frames: 2)
        do {
            var receiver = try Receiver(folder, mqtt: true)
            receiver.take(messages)
            let sent = receiver.settle(after: 2).filter { $0.topic.contains("/data/") }
            #expect(sent.count == node.readings.count)
            #expect(sent.first?.topic == node.prefix + "data/s0")
        }
        do {
            var receiver = try Receiver(folder, mqtt: true)
            let again = receiver.pipeline.takeOutbox()
            #expect(again.count == node.readings.count)
            for (_, publication) in again {
                if case .reading(let place) = publication.purpose {
                    receiver.pipeline.delivered(
                        place, isTaken: true, link: 0, at: receiver.now)
                }
            }
            receiver.settle(after: 2)
            Written(folder).expect(node.readings)
        }
        var third = try Receiver(folder, mqtt: true)
        #expect(third.pipeline.takeOutbox().isEmpty)
    }

    @Test func foreignAndUnknownThingsAreCounted() throws {
        var node = try TestNode(node: "a/b")
        var other = try TestNode(node: "n2")
        var receiver = try Receiver(folder)
        let frame = try other.group(frames: 2)
        for message in frame + [other.tableMessage] {
            receiver.take(
                ClientMessage(topic: node.prefix + "frame/data", payload: message.payload))
        }
        #expect(receiver.counts[.foreignNode] == 2)
        receiver.take(ClientMessage(topic: "alec/v2/x/y/frame/data", payload: []))
        receiver.take(ClientMessage(topic: node.prefix + "frame/data", payload: []))
        receiver.take(
            ClientMessage(
                topic: node.prefix + "frame/data",
                payload: [UInt8](repeating: 1, count: DecoderLimits.frameBytes + 1)))
        receiver.take(ClientMessage(topic: node.prefix + "heads", payload: [1]))
        receiver.take(ClientMessage(topic: node.prefix + "rsp/resend", payload: [1]))
        let mine = try node.group(frames: 1)
        receiver.take(
            ClientMessage(topic: node.prefix + "frame/alert", payload: mine[0].payload))
        for reason: FrameRefusal in [.topic, .truncated, .oversized, .wrongLane] {
            #expect(receiver.counts[reason] == 1, "\(reason)")
        }
        #expect(receiver.counts[.message] == 2)
        // A name with a slash is one level, and its own hash.
        receiver.take([node.tableMessage] + mine)
        receiver.settle(after: 2)
        Written(folder).expect(node.readings)
    }

    /// Every prefix and every flipped bit of every frame is counted; the right frames still work.
    @Test func damageIsCountedAndHarmsNothing() throws {
        var node = try TestNode(sensors: 2)
        var messages = [node.tableMessage]
        messages += try node.group(frames: 3, rows: 2)
        messages.append(try node.alert())
        var receiver = try Receiver(folder)
        for message in messages {
            for count in message.payload.indices {
                receiver.take(
                    ClientMessage(topic: message.topic, payload: Array(message.payload[..<count])))
            }
            for bit in 0..<(8 * message.payload.count) {
                var payload = message.payload
                payload[bit / 8] ^= 1 << UInt8(bit % 8)
                receiver.take(ClientMessage(topic: message.topic, payload: payload))
            }
            receiver.take(message)
        }
        receiver.settle(after: 2)
        #expect(receiver.counts.frames == 4)
        Written(folder).expect(node.readings)
    }
}
