// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayConfiguration
import GatewayCore
import HostSystem
import LineProtocols
import MosquittoClient
import TestSupport
import Testing

@testable import GatewayReceiver

@Suite struct FormatTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func lines(
        _ format: ReceiverSettings.LineFormat, _ messages: [ClientMessage]
    ) throws -> [String] {
        let output = MemoryOutput()
        var receiver = try Receiver(folder)
        let sink = TextSink(format: format, path: "x", output: output)
        _ = try sink.begin(offset: nil, SinkFeed())
        receiver.pipeline.sinks = [sink]
        receiver.take(messages)
        receiver.settle(after: 2)
        return output.lines.map(String.init)
    }

    @Test func wideCSVHasALineForEachTime() throws {
        var node = try TestNode()
        let lines = try lines(.csvWide, [node.tableMessage] + node.group(frames: 2, rows: 3))
        #expect(lines.count == 1 + 6)
        #expect(lines.first == "time_ns,node,frame,s0,s1,s2")
        let first = try #require(lines.dropFirst().first).split(separator: ",")
        #expect(first.count == 6 && first[1] == "n1" && first[0] == "1790000001000000000")
        #expect(Double(first[3]) != nil)
    }

    @Test func wideCSVNamesOtherSensors() throws {
        var one = try TestNode(node: "n1", sensors: 2)
        var two = try TestNode(node: "n2", seed: 2, sensors: 3)
        let messages =
            try [one.tableMessage, two.tableMessage] + one.group(frames: 1, rows: 1)
            + two.group(frames: 1, rows: 1) + two.group(frames: 1, rows: 1)
        let lines = try lines(.csvWide, messages)
        #expect(lines.count == 5)
        #expect(lines[0] == "time_ns,node,frame,s0,s1")
        #expect(lines[2] == "time_ns,node,frame,s0,s1,s2")
    }

    @Test func influxLinesAreReadByTheReader() throws {
        var node = try TestNode(node: "a b,c=d")
        let lines = try lines(.influx, [node.tableMessage] + node.group(frames: 1, rows: 1))
        #expect(lines.count == 3)
        let line = try #require(lines.first)
        #expect(line.hasPrefix("s0,site=plant,node=a\\ b\\,c\\=d value="))
        #expect(line.hasSuffix(",q=\"good\",p=3i 1790000001000000000"))
    }

    @Test(arguments: ReceiverSettings.TopicFormat.allCases)
    func eachFormatIsPublished(format: ReceiverSettings.TopicFormat) throws {
        var node = try TestNode()
        var receiver = try Receiver(folder, mqtt: true) { $0.topicFormat = format }
        receiver.take(node.tableMessage)
        receiver.take(try node.group(frames: 1, rows: 2))
        let sent = receiver.settle(after: 1).filter { $0.topic == node.prefix + "data/s1" }
        let text = try #require(sent.first).text
        switch format {
        case .object: #expect(sent.count == 2 && text.hasPrefix("{\"ts\":1790000001000,\"v\":"))
        case .value: #expect(sent.count == 2 && Double(text) != nil)
        case .array:
            #expect(sent.count == 1 && text.hasPrefix("[[1790000001000,"))
            #expect(text.contains("],[1790000002000,") && text.hasSuffix("]]"))
        case .influx:
            #expect(sent.count == 1 && text.split(separator: "\n").count == 2)
            #expect(text.hasPrefix("s1,site=plant,node=n1 value="))
        }
    }

    @Test func backfillAndLastValuesHaveTopicsOfTheirOwn() throws {
        var node = try TestNode()
        var receiver = try Receiver(folder, mqtt: true) {
            $0.hasHistoryTopics = true
            $0.keepsLast = true
        }
        receiver.take(node.tableMessage)
        receiver.take(try node.group(frames: 1, rows: 3).map { $0.again(node.prefix) })
        var topics = Set(receiver.settle(after: 1).map(\.topic).filter { $0.contains("/s0") })
        #expect(topics == [node.prefix + "hist/s0"])
        receiver.take(try node.group(frames: 1, rows: 3))
        receiver.now = receiver.now + .seconds(1)
        receiver.pipeline.commit(at: receiver.now)
        let sent = receiver.pipeline.takeOutbox().map(\.publication)
        topics = Set(sent.map(\.topic).filter { $0.contains("/s0") })
        #expect(topics == [node.prefix + "data/s0", node.prefix + "last/s0"])
        let last = sent.filter(\.isRetained)
        #expect(last.count == 3 && last.allSatisfy { $0.topic.contains("/last/") })
        let text = String(decoding: try #require(last.first).payload, as: UTF8.self)
        #expect(text.hasSuffix(",\"age\":300}") && text.contains("1790000006000"))
    }

    @Test func numbersThatAreNoneAreSaid() throws {
        let table = try ChannelTable([Channel(name: Array("#a\\b".utf8))])
        var window = ReadingWindow()
        _ = window.append(Reading(sensor: 0, time: 1_000_001, value: .nan))
        var bytes: [UInt8] = []
        let stream = StreamID(random: 1)
        var encoder = FrameEncoder(
            stream: StreamHead(id: stream, nodeHash: 0, tableID: table.id), channels: 1)
        _ = try encoder.encode(&window, as: .key(group: 1), into: &bytes)
        var decoder = FrameDecoder()
        var batch = ReadingBatch()
        _ = try decoder.decode(bytes.span, into: &batch)
        let group = GroupIdentity(stream: stream, lane: .data, group: 1)
        let frame = DecodedFrame(
            frame: FrameIdentity(group: group, index: 0), basePriority: .normal, table: table,
            site: [65], node: [66], prefix: "p/", isHistory: false, place: 0, link: 0)
        var text = TextBuffer()
        InfluxLines.append(batch, frame, to: &text)
        #expect(
            String(decoding: text.bytes, as: UTF8.self)
                == "\\=23a\\=5Cb,site=A,node=B err=\"nan\",q=\"bad\",p=3i 1000001\n")
        var outbox: [Publication] = []
        TopicMessages(frame, level: "data/").appendArrays(batch, to: &outbox)
        #expect(String(decoding: outbox[0].payload, as: UTF8.self) == "[[1.000001,null]]")
    }
}

@Suite struct EndTests {
    /// Senders that go on while a receiver ends do not keep it from ending.
    @Test func theEndHasALimitUnderTraffic() {
        var time: Int64 = 0
        var steps = 0
        ReceiverService.repeats(
            until: MonotonicInstant(nanoseconds: 100),
            clock: { MonotonicInstant(nanoseconds: time) },
            step: {
                time += 10
                steps += 1
                return true
            })
        #expect(steps == 10)
    }

    @Test func relativePathsHoldWhereverTheProcessGoes() throws {
        var settings = ReceiverSettings()
        settings.stateDirectory = "state"
        settings.sinks = [
            .mqtt, .lines(.csv, path: "-"), .lines(.csv, path: "./a//b.csv"),
            .lines(.jsonLines, path: "/x/../y"),
        ]
        let absolute = settings.absolute(in: "/srv/me")
        #expect(absolute.stateDirectory == "/srv/me/state")
        #expect(
            absolute.sinks == [
                .mqtt, .lines(.csv, path: "-"), .lines(.csv, path: "/srv/me/a/b.csv"),
                .lines(.jsonLines, path: "/x/../y"),
            ])
        #expect(try FileOperation.currentFolder().hasPrefix("/"))
    }
}

@Suite struct ThreadWriterTests {
    /// An output that takes no byte stalls its own thread and nothing else.
    @Test func aStalledOutputStallsNobody() throws {
        let folder = try TemporaryFolder()
        let news = try EventFlag()
        let output = StallingOutput()
        let writer = try ThreadWriter(output, name: "stalled", news: news)
        var node = try TestNode()
        var receiver = try Receiver(folder)
        let sink = TextSink(format: .csv, path: "-", output: output, writer: writer)
        _ = try sink.begin(offset: nil, SinkFeed())
        receiver.pipeline.sinks.append(sink)
        receiver.take(node.tableMessage)
        for _ in 0..<5 {
            receiver.take(try node.group(frames: 2))
            receiver.settle(after: 2)
        }
        Written(folder).expect(node.readings)
        #expect(sink.isBusy)
        let isDelivered = receiver.pipeline.isDelivered
        #expect(!isDelivered)
        output.goOn.raise()
        var items = [PollItem(descriptor: news.descriptor)]
        for _ in 0..<20 {
            let limit = Int64(MonotonicClock.nanoseconds) + 5_000_000_000
            _ = try Poller.wait(on: &items, until: limit)
            news.clear()
            receiver.settle(after: 2)
            if receiver.pipeline.isDelivered { break }
        }
        let isAtEnd = receiver.pipeline.isDelivered
        #expect(isAtEnd)
        writer.end()
    }
}

/// Takes nothing until it is told to go on.
private final class StallingOutput: SinkOutput, Sendable {
    let goOn: EventFlag

    init() { goOn = try! EventFlag() }

    func write(_ bytes: Span<UInt8>) throws(SystemError) {
        var items = [PollItem(descriptor: goOn.descriptor)]
        try Poller.wait(on: &items, until: nil)
    }

    func synchronize() throws(SystemError) {}
    func cut(to byteCount: Int) throws(SystemError) {}
    func byteCount() throws(SystemError) -> Int? { nil }
}
