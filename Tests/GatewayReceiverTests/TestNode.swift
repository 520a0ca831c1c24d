// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import MosquittoClient
import TestSupport

/// A sender in memory: real frames of one node, kept so that they can be sent again.
struct TestNode: ~Copyable {
    let site: String
    let node: String
    let stream: StreamID
    let table: ChannelTable
    private var encoder: FrameEncoder
    private var alerts: FrameEncoder
    private var random: SeededGenerator
    private var group: UInt32
    private var time: Int64 = 1_790_000_000_000_000_000
    private(set) var messages: [ClientMessage] = []
    /// The ids of all readings, and their values.
    private(set) var readings: [String: Double] = [:]

    /// `tableID` is what its frames claim, if not the id of its own table.
    init(
        site: String = "plant", node: String = "n1", seed: UInt64 = 1, sensors: Int = 3,
        tableID: UInt32? = nil
    ) throws {
        self.site = site
        self.node = node
        random = SeededGenerator(seed: seed)
        stream = StreamID(random: random.next())
        group = UInt32(truncatingIfNeeded: random.next()) & 0xFFF_FFFF
        table = try ChannelTable((0..<sensors).map { Channel(name: Array("s\($0)".utf8)) })
        let hash = Self.hash("\(site)/\(node)")
        encoder = FrameEncoder(
            stream: StreamHead(id: stream, nodeHash: hash, tableID: tableID ?? table.id),
            channels: sensors)
        alerts = FrameEncoder(
            stream: StreamHead(id: stream, lane: .alert, nodeHash: hash, tableID: table.id),
            channels: sensors)
    }

    var prefix: String { TopicName.prefix(site: site, node: node) }

    static func hash(_ text: String) -> UInt32 {
        var check = Checksum()
        let bytes = Array(text.utf8)
        check.add(bytes.span, 0..<bytes.count)
        return check.value
    }

    var tableMessage: ClientMessage {
        var bytes: [UInt8] = []
        ChannelTableFrame(stream: stream, nodeHash: Self.hash("\(site)/\(node)"), table: table)
            .append(to: &bytes)
        return ClientMessage(topic: prefix + "frame/data", payload: bytes)
    }

    /// Makes a group of `frames` frames; their messages.
    @discardableResult
    mutating func group(frames: Int, rows: Int = 4) throws -> [ClientMessage] {
        group += 1 + UInt32(truncatingIfNeeded: random.next() % 2)
        var made: [ClientMessage] = []
        for i in 0..<frames {
            var bytes: [UInt8] = []
            var window = window(rows: rows)
            let count = window.count
            _ = try encoder.encode(
                &window, as: i == 0 ? .key(group: group) : .chained, into: &bytes)
            note(.data, UInt32(i), count)
            made.append(ClientMessage(topic: prefix + "frame/data", payload: bytes))
        }
        messages += made
        return made
    }

    mutating func alert() throws -> ClientMessage {
        group += 1
        var bytes: [UInt8] = []
        var window = window(rows: 1)
        let count = window.count
        _ = try alerts.encode(&window, as: .key(group: group), into: &bytes)
        note(.alert, 0, count)
        let message = ClientMessage(topic: prefix + "frame/alert", payload: bytes)
        messages.append(message)
        return message
    }

    var lastGroup: UInt32 { group }

    private mutating func window(rows: Int) -> ReadingWindow {
        var window = ReadingWindow()
        for _ in 0..<rows {
            time += 1_000_000_000
            for sensor in table.entries.indices {
                let value = Double(Int.random(in: 0..<1000, using: &random)) / 10
                _ = window.append(Reading(sensor: sensor, time: time, value: value))
            }
        }
        return window
    }

    private mutating func note(_ lane: Lane, _ index: UInt32, _ count: Int) {
        let text = stream.string + ".\(lane.text).\(group).\(index)."
        for n in 0..<count { readings[text + "\(n)"] = 0 }
    }
}

extension ClientMessage {
    /// The same frame, sent again.
    func again(_ prefix: String) -> ClientMessage {
        ClientMessage(topic: prefix + "frame/back", payload: payload)
    }
}
