// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import Foundation
import GatewayAgent
import GatewayConfiguration
import GatewayCore
import HostSystem
import LineProtocols
import StoreAndForward
import Synchronization

/// A state directory that goes with the value, and what belongs to an agent in it.
final class AgentFixture {
    let directory: String
    let spool: SharedSpool
    let shared: AgentShared
    let log = LogLines()
    static let start = MonotonicInstant(nanoseconds: 1_000_000_000)

    init(
        _ settings: AgentSettings = AgentSettings(), bytes: Int = 64 << 20,
        storage: (String) throws -> ChosenStorage = {
            ChosenStorage(try PosixStorage(directory: $0))
        }
    ) throws {
        directory = Self.newDirectory()
        let state = StateDirectory(directory)
        let bounds = SpoolSettings(maximumBytes: bytes)
        spool = SharedSpool(
            try Spool(try storage(state.spool), bounds))
        let stream = StreamID(random: 77)
        shared = try AgentShared(
            stream: stream, topicPrefix: Array("alec/v1/s/n/".utf8), log: log.log(),
            progress: ProgressPage(state.progress, AgentProgress(stream: stream)),
            publishesReadings: settings.publishesReadings)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    static func newDirectory() -> String {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "alec-agent-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url.path
    }

    func stage(_ settings: AgentSettings = AgentSettings()) -> EncodeStage {
        EncodeStage(settings, spool: spool, shared: shared, random: 5)
    }

    /// What the spool holds, in order.
    func items() throws -> [SpoolItem] {
        try spool.with { spool in
            var items: [SpoolItem] = []
            var place: UInt64 = 0
            while let item = try spool.next(from: place, includingHistory: true) {
                items.append(item)
                place = item.place + 1
            }
            return items
        }
    }

    func frames(_ lane: Lane = .data) throws -> [SpoolItem] {
        try items().filter { $0.header.kind == .frame && $0.header.frame.group.lane == lane }
    }

    /// All readings of a lane as a receiver restores them, with the names of the sensors.
    func readings(_ lane: Lane = .data) throws -> [NamedReading] {
        var decoder = FrameDecoder()
        var tables: [UInt32: ChannelTable] = [:]
        var result: [NamedReading] = []
        for item in try items() {
            let bytes = try spool.with { spool in
                var bytes: [UInt8] = []
                try spool.read(item, into: &bytes)
                return bytes
            }
            if item.header.kind == .table {
                let frame = try ChannelTableFrame(bytes.span)
                tables[frame.table.id] = frame.table
                continue
            }
            guard item.header.frame.group.lane == lane else { continue }
            var batch = ReadingBatch()
            guard case .decoded = try decoder.decode(bytes.span, into: &batch),
                let id = decoder.current?.key?.stream.tableID, let table = tables[id]
            else { throw FixtureFault.notDecoded }
            func add(_ reading: Reading, _ number: Int, _ annotation: Annotation) {
                let name = String(decoding: table.entries[reading.sensor].name, as: UTF8.self)
                result.append(
                    NamedReading(sensor: name, time: reading.time, value: reading.value))
            }
            batch.forEach(add)
        }
        return result
    }

    /// Feeds a text as stdin does, in pieces of `bytes`.
    static func feed(
        _ text: String, into stage: inout EncodeStage, piece: Int = 1 << 16,
        at now: MonotonicInstant = start
    ) -> LineInput {
        var input = LineInput(.auto, canWait: true, hasMarks: true)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let part = rest.prefix(piece)
            rest = rest.dropFirst(piece)
            for (i, byte) in part.enumerated() { input.chunk[i] = byte }
            input.fill(part.count, arrival: WallTime(nanoseconds: 1_790_000_000_123_456_789))
            input.drain(into: &stage, at: now)
        }
        return input
    }

    /// Wide CSV, a line each second.
    static func text(rows: Int, sensors: Int = 3, from first: Int = 0) -> String {
        var text = "time_ms" + (0..<sensors).map { ",s\($0)" }.joined() + "\n"
        for row in first..<(first + rows) {
            text += "\(1_790_000_000_000 + 1000 * row)"
            for s in 0..<sensors { text += ",2\((row * 7 + s * 13) % 9).\(row % 9 + 1)" }
            text += "\n"
        }
        return text
    }
}

enum FixtureFault: Error { case notDecoded }

struct NamedReading: Hashable {
    var sensor: String
    var time: Int64
    var value: Double
}

/// The lines of a log.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])
    private let watched = Mutex<(beginning: String, flag: EventFlag)?>(nil)

    /// Raises `flag` with each line that begins so.
    func watch(_ beginning: String, _ flag: EventFlag) {
        watched.withLock { $0 = (beginning, flag) }
    }

    func log(isJournal: Bool = false) -> AgentLog {
        AgentLog(isJournal: isJournal, most: .info) { [self] line in
            let text = String(decoding: line, as: UTF8.self)
            lines.withLock { $0.append(text) }
            watched.withLock { if let it = $0, text.hasPrefix(it.beginning) { it.flag.raise() } }
        }
    }

    var all: [String] { lines.withLock { $0 } }
}
