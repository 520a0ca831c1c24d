// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import CAllocationCounter
import GatewayAgent
import GatewayConfiguration
import GatewayCore
import HostSystem
import LineProtocols
import StoreAndForward

/// Time of the processor and requests for memory of a piece of work.
struct Cost {
    var nanoseconds = 0
    var allocations = 0

    static func of(_ work: () -> Void) -> Cost {
        let requests = alec_allocation_count()
        let start = Stopwatch.processor()
        work()
        let end = Stopwatch.processor()
        return Cost(
            nanoseconds: end - start, allocations: alec_allocation_count() - requests)
    }

    static func - (a: Cost, b: Cost) -> Cost {
        Cost(
            nanoseconds: a.nanoseconds - b.nanoseconds, allocations: a.allocations - b.allocations)
    }
}

/// One pass of a text through the front half of the agent: the whole as the ingest thread does it,
/// and each stage alone on what the stage before it gives.
///
/// The clock stands still, so that windows close by size and number as under load. Syncing is the
/// work of another thread and not in here; the measurement of the process has it.
struct AgentRun {
    private(set) var split = Cost()
    private(set) var parse = Cost()
    private(set) var window = Cost()
    private(set) var encode = Cost()
    private(set) var append = Cost()
    private(set) var whole = Cost()
    private(set) var readings = 0
    private(set) var lines = 0
    private(set) var frames = 0
    private(set) var frameBytes = 0

    /// What the whole costs beyond its stages: adding line by line, queue, counts, progress page.
    var between: Cost { whole - split - parse - window - encode - append }

    private static let now = MonotonicInstant(nanoseconds: 1_000_000_000)
    private static let arrival = WallTime(nanoseconds: 1_790_000_000_000_000_000)

    /// Runs `text` with the state of an agent in `folder`, which must not exist.
    init(_ text: [UInt8], _ kind: AgentText, folder: String) {
        do {
            try FileOperation.createFolder(folder)
            let stored = try runWhole(text, kind, folder + "/whole")
            let parsed = runSplitAndParse(text, kind)
            precondition(parsed.count == readings, "the whole lost readings")
            try runFrames(stored, parsed, folder + "/frames")
        } catch {
            _ = Output.write("\(folder): \(error)\n", to: 2)
            preconditionFailure("the spool refused")
        }
    }

    /// Lines that only have to be found, and then readings of them.
    private mutating func runSplitAndParse(_ text: [UInt8], _ kind: AgentText) -> LineReadings {
        var count = 0
        split = Cost.of {
            var splitter = LineSplitter(maximumLength: LineSplitter.highestMaximumLength)
            Self.forEachChunk(text) { chunk, _ in
                while splitter.next(in: chunk) != nil { count += 1 }
            }
        }
        lines = count
        var all = LineReadings(capacity: readings)
        let both = Cost.of {
            var splitter = LineSplitter(maximumLength: LineSplitter.highestMaximumLength)
            var reader = LineReader(format: kind.lineFormat)
            var names = SensorNames()
            func read(_ line: Span<UInt8>) {
                do {
                    _ = try reader.read(line, names: &names, into: &all)
                } catch {
                    preconditionFailure("\(error)")
                }
            }
            Self.forEachChunk(text) { chunk, _ in
                while let place = splitter.next(in: chunk) {
                    switch place {
                    case .chunk(let range): read(chunk.extracting(range))
                    case .carried:
                        let carried = splitter.carried
                        read(carried.span)
                    }
                }
            }
        }
        parse = both - split
        return all
    }

    /// A frame that the whole made.
    private struct StoredFrame {
        var header: RecordHeader
        var isKey: Bool
        var bytes: [UInt8]
    }

    private mutating func runWhole(
        _ text: [UInt8], _ kind: AgentText, _ folder: String
    ) throws -> [StoredFrame] {
        let state = StateDirectory(folder)
        try FileOperation.createFolder(folder)
        let spool = SharedSpool(try Self.spool(state.spool))
        let stream = StreamID(random: 7)
        let shared = try AgentShared(
            stream: stream, topicPrefix: Array("alec/v1/s/n/".utf8),
            log: AgentLog(isJournal: false, most: .error) { _ in },
            progress: ProgressPage(state.progress, AgentProgress(stream: stream)),
            publishesReadings: false)
        var stage = EncodeStage(AgentSettings(), spool: spool, shared: shared, random: 5)
        let format = kind.format == "csv" ? InputSettings.Format.csv : .jsonl
        var input = LineInput(format, canWait: true, hasMarks: true)
        whole = Cost.of {
            Self.forEachChunk(text) { chunk, count in
                // As a read would put it there.
                for i in 0..<count { input.chunk[i] = chunk[i] }
                input.fill(count, arrival: Self.arrival)
                input.drain(into: &stage, at: Self.now)
            }
            stage.finish(at: Self.now)
        }
        readings = shared.readingCounts.read
        precondition(shared.readingCounts.stored == readings, "\(shared.readingCounts)")
        return try Self.frames(spool)
    }

    private static func frames(_ spool: SharedSpool) throws -> [StoredFrame] {
        var found: [StoredFrame] = []
        var place: UInt64 = 0
        while true {
            let next = try spool.with { spool -> SpoolItem? in
                try spool.next(from: place, includingHistory: true)
            }
            guard let item = next else { return found }
            place = item.place + 1
            let bytes = try spool.with { spool -> [UInt8] in
                var bytes: [UInt8] = []
                try spool.read(item, into: &bytes)
                return bytes
            }
            found.append(StoredFrame(header: item.header, isKey: item.isKey, bytes: bytes))
        }
    }

    /// The same frames once more: their windows filled, encoded, appended to a spool.
    private mutating func runFrames(
        _ stored: [StoredFrame], _ parsed: LineReadings, _ folder: String
    ) throws {
        var spool = try Self.spool(folder)
        let hash = Self.nodeHash
        var encoder = FrameEncoder(
            stream: StreamHead(id: StreamID(random: 7), lane: .data, nodeHash: hash), channels: 1)
        var open = ReadingWindow()
        var bytes: [UInt8] = []
        var next = 0
        for frame in stored {
            if frame.header.kind == .table {
                let table = try ChannelTableFrame(frame.bytes.span).table
                encoder.setTable(id: table.id, channels: table.entries.count)
                let (header, bytes) = (frame.header, frame.bytes)
                spool.setTable(header, bytes)
                continue
            }
            let end = next + Int(frame.header.readings)
            window += Cost.of {
                for i in next..<end {
                    let item = parsed[i]
                    _ = open.append(
                        Reading(sensor: item.sensor, time: item.time, value: item.value))
                }
            }
            next = end
            bytes.removeAll(keepingCapacity: true)
            let role: FrameRole =
                frame.isKey ? .key(group: frame.header.frame.group.group) : .chained
            encode += Cost.of { _ = try? encoder.encode(&open, as: role, into: &bytes) }
            precondition(bytes == frame.bytes, "frame \(frames) came out differently")
            append += Cost.of {
                _ = try? spool.append(frame.header, bytes.span, isKey: frame.isKey)
            }
            open.removeAll()
            frames += 1
            frameBytes += bytes.count
        }
        precondition(next == parsed.count, "\(next) readings of \(parsed.count) are in frames")
    }

    private static var nodeHash: UInt32 {
        let settings = AgentSettings()
        var checksum = Checksum()
        for byte in (settings.site + "/" + settings.node).utf8 { checksum.add(byte) }
        return checksum.value
    }

    private static func spool(_ folder: String) throws -> Spool<ChosenStorage> {
        let bounds = SpoolBounds()
        return try Spool(
            ChosenStorage(PosixStorage(directory: folder)),
            SpoolSettings(
                maximumBytes: bounds.maximumBytes, segmentBytes: bounds.segmentBytes,
                historyBytes: bounds.historyBytes))
    }

    private static func forEachChunk(_ text: [UInt8], _ body: (Span<UInt8>, Int) -> Void) {
        var start = 0
        while start < text.count {
            let end = min(start + LineInput.chunkBytes, text.count)
            body(text.span.extracting(start..<end), end - start)
            start = end
        }
    }
}

extension Cost {
    static func += (a: inout Cost, b: Cost) {
        a.nanoseconds += b.nanoseconds
        a.allocations += b.allocations
    }
}
