// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore
internal import LineProtocols
internal import StoreAndForward

/// `alec spool export`: the readings that a spool holds, bit by bit.
enum SpoolExport {
    static func run<Host: CommandHost>(
        _ options: Options.Spool, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        var walk = try SpoolWalk(options, includesHistory: options.includesHistory)
        var decoder = SpoolDecoder()
        var printer = ReadingPrinter(format: options.format, unit: nil)
        // The times of the agent are in nanoseconds, whatever its sources count.
        printer.begin(.nanoseconds)
        var bytes: [UInt8] = []
        var isDamaged = false
        var removed = 0
        while let step = try walk.next() {
            guard case .item(let item) = step else {
                if case .damaged(let place) = step { host.tell(SpoolPage.damaged(place)) }
                isDamaged = true
                continue
            }
            switch try walk.read(item, into: &bytes) {
            case .removed:
                removed += 1
                continue
            case .damaged: bytes.removeAll()
            case .read: break
            }
            switch decoder.take(item, bytes) {
            case .nothing: continue
            case .fault(let reason):
                isDamaged = true
                host.tell(undecoded(item, reason))
            case .readings(let head, let table, let channels, let isNameless):
                printer.append(decoder.batch, head, table: table, channels: channels)
                if isNameless {
                    isDamaged = true
                    host.tell(undecoded(item, "its channel table is missing; sensors are ?0, ?1"))
                }
            }
            if printer.text.count >= Host.chunkBytes { try host.flush(&printer.text) }
        }
        printer.finish()
        try host.flush(&printer.text)
        if removed > 0 { host.tell("alec: \(removed) records went while they were read\n") }
        if walk.hasLostRecords {
            isDamaged = true
            host.tell(
                Notes.message(
                    "alec: records are damaged, or changed while they were read",
                    next: "alec spool verify says what is lost"))
        }
        if printer.alteredNaNs > 0 { host.tell(Notes.alteredNaNs(printer.alteredNaNs)) }
        if printer.dropped > 0 {
            host.tell(Notes.droppedReadings(printer.dropped, options.format))
        }
        return isDamaged ? .damagedData : printer.dropped > 0 ? .dropped : .success
    }

    private static func undecoded(_ item: SpoolItem, _ reason: String) -> String {
        let frame = item.header.frame
        return "segment=\(Place.segment(of: item.place)) offset=\(Place.offset(of: item.place)) "
            + "sid=\(frame.group.stream.string) lane=\(frame.group.lane) "
            + "group=\(frame.group.group) index=\(frame.index) reason=\"\(reason)\"\n"
    }
}

/// Decodes the frames of a spool, whose lanes lie between each other.
struct SpoolDecoder: ~Copyable {
    enum Outcome {
        /// A table, a frame that came before, or one of a group that was told to be faulty.
        case nothing
        /// The frames of its group from here on cannot be decoded.
        case fault(String)
        /// The readings are in the batch; the head is that of a frame with what its group's key
        /// frame said. Nameless: the key frame names a table that did not come.
        case readings(FrameHead, ChannelTable?, channels: Int, isNameless: Bool)
    }

    /// What a lane knows of its current group.
    private final class LaneState {
        var decoder = FrameDecoder()
        var key: KeyHead?
        var table: ChannelTable?
        var faulty: GroupIdentity?
    }

    private(set) var batch = ReadingBatch()
    private var lanes: [Lane: LaneState] = [:]
    /// The last table of each stream and id.
    private var tables: [GroupIdentity: ChannelTable] = [:]

    mutating func take(_ item: SpoolItem, _ bytes: [UInt8]) -> Outcome {
        let group = item.header.frame.group
        guard item.header.kind == .frame else {
            // A damaged one is missed by the first key frame that names it.
            if let frame = try? ChannelTableFrame(bytes.span) {
                tables[Self.key(frame.stream, frame.table.id)] = frame.table
            }
            return .nothing
        }
        let state = lanes[group.lane] ?? LaneState()
        lanes[group.lane] = state
        guard state.faulty != group else { return .nothing }
        let outcome = decode(bytes, state)
        if case .fault = outcome {
            state.faulty = group
            state.decoder.reset()
        }
        return outcome
    }

    private static func key(_ stream: StreamID, _ table: UInt32) -> GroupIdentity {
        GroupIdentity(stream: stream, lane: .data, group: table)
    }

    private mutating func decode(_ bytes: [UInt8], _ state: LaneState) -> Outcome {
        guard !bytes.isEmpty else { return .fault("the record is damaged") }
        do throws(DecodeError) {
            let key = try FrameHead(bytes.span).key
            var isNameless = false
            if let key {
                state.key = key
                state.table = tables[Self.key(key.stream.id, key.stream.tableID)]
                isNameless = state.table == nil && key.stream.tableID != 0
                state.decoder.setTable(
                    id: state.table?.id ?? 0, channels: state.table?.entries.count ?? 0)
            }
            switch try state.decoder.decode(bytes.span, into: &batch) {
            case .needsKey: return .fault("frames that it builds on are missing")
            // Its readings are written already.
            case .duplicate: return .nothing
            case .decoded(var head):
                head.key = state.key
                return .readings(
                    head, state.table, channels: state.decoder.context.channelCount,
                    isNameless: isNameless)
            }
        } catch {
            return .fault(FaultText.reason(error))
        }
    }
}
