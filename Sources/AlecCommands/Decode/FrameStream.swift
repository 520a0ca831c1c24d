// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

/// What came next in an `.alec` file.
enum FrameStreamEvent: Equatable {
    case needsBytes
    case header(ContainerHeader)
    /// A channel table, for the key frames that name it.
    case table(ChannelTableFrame, ContainerRecord)
    /// The readings of a frame are in the batch.
    case frame(FrameHead, ContainerRecord)
    /// A frame of a kind that this version does not know and need not.
    case ignored(ContainerRecord)
    case fault(StreamFault)
    case resumed(offset: Int, skipped: Int)
    /// Nothing that can be read follows damage: its bytes, up to the end of the input.
    case lostEnd(offset: Int, bytes: Int)
    /// The end mark, and what was found before it.
    case end(expected: ContainerTotals, found: ContainerTotals)
    case finished
}

/// Restores frames from the bytes of an `.alec` file: container, tables and frames together.
struct FrameStream: ~Copyable {
    private(set) var decoder = FrameDecoder()
    /// The readings of the last frame.
    private(set) var batch = ReadingBatch()
    /// The table of the last frame; nil where it has none, or none that came.
    private(set) var table: ChannelTable?
    private var container = ContainerReader()
    /// The last table that came.
    private var announced: ChannelTableFrame?
    /// The stream of `table`.
    private var tableStream: StreamID?
    /// Whole frames of kinds that this version does not know.
    private(set) var ignored = 0
    private var found = ContainerTotals()
    private var hasHeader = false
    private var isDamaged = false
    /// What follows a fault.
    private var pending: FrameStreamEvent?
    /// Bytes that came.
    private var received = 0
    /// Where what was understood last ends; the container looks for the next from there.
    private var understood = 0

    mutating func append(_ chunk: Span<UInt8>) {
        received += chunk.count
        container.append(chunk)
    }

    mutating func finish() { container.finish() }

    mutating func next() -> FrameStreamEvent {
        if let event = pending {
            pending = nil
            return event
        }
        switch container.next() {
        case .needsBytes: return .needsBytes
        case .finished: return finished()
        case .header(let header):
            understood += ContainerHeader.byteCount
            // Another file begins; what the last one left is of no use.
            decoder.reset()
            found = ContainerTotals()
            hasHeader = true
            isDamaged = false
            return .header(header)
        case .record(let record):
            understood = record.end
            let isExtended = ExtendedFrame.begins(
                container.buffer.span.extracting(record.bytes))
            return isExtended ? readTable(record) : readFrame(record)
        case .end(let totals):
            understood += totals.byteCount
            return end(totals)
        case .damage(let error): return damage(error)
        case .resumed(let offset, let skipped):
            understood = offset
            return .resumed(offset: offset, skipped: skipped)
        }
    }

    /// What a search that came to the end of the input went over is told first.
    private mutating func finished() -> FrameStreamEvent {
        let bytes = received - understood
        guard hasHeader, bytes > 0 else { return .finished }
        pending = .finished
        return .lostEnd(offset: understood, bytes: bytes)
    }

    private mutating func readTable(_ record: ContainerRecord) -> FrameStreamEvent {
        do throws(DecodeError) {
            let frame = try ChannelTableFrame(container.buffer.span.extracting(record.bytes))
            announced = frame
            found.frames += 1
            return .table(frame, record)
        } catch {
            if case .unsupported = error {
                found.frames += 1
                ignored += 1
                return .ignored(record)
            }
            return reject(.frame(error), record)
        }
    }

    private mutating func readFrame(_ record: ContainerRecord) -> FrameStreamEvent {
        do throws(DecodeError) {
            // On its own, as a span keeps the value that it comes from from changing.
            let bytes = container.buffer
            if let stream = try FrameHead(bytes.span.extracting(record.bytes)).key?.stream,
                let table = knownTable(of: stream)
            {
                decoder.setTable(id: table.id, channels: table.entries.count)
            }
            let outcome = try decoder.decode(
                bytes.span.extracting(record.bytes), into: &batch)
            switch outcome {
            case .needsKey: return reject(.missingFrames, record)
            case .duplicate: return fault(.repeated, record)
            case .decoded(let head):
                found.frames += 1
                found.readings += UInt64(batch.count)
                return findTable(of: head, record)
            }
        } catch {
            return reject(.frame(error), record)
        }
    }

    private mutating func findTable(
        of head: FrameHead, _ record: ContainerRecord
    ) -> FrameStreamEvent {
        let frame = FrameStreamEvent.frame(head, record)
        guard let stream = head.key?.stream else { return frame }
        table = knownTable(of: stream)
        tableStream = stream.id
        guard table == nil, stream.tableID != 0 else { return frame }
        pending = frame
        return fault(.missingTable(stream.tableID), record)
    }

    /// The table that the key frames of `stream` name, if it came.
    private func knownTable(of stream: StreamHead) -> ChannelTable? {
        if let announced, announced.table.id == stream.tableID, announced.stream == stream.id {
            return announced.table
        }
        return table?.id == stream.tableID && tableStream == stream.id ? table : nil
    }

    /// The frames that follow until the next key frame build on this one: they go with it.
    private mutating func reject(
        _ reason: StreamFault.Reason, _ record: ContainerRecord
    ) -> FrameStreamEvent {
        container.reject()
        understood = record.offset
        decoder.reset()
        return fault(reason, record)
    }

    private mutating func fault(
        _ reason: StreamFault.Reason, _ record: ContainerRecord
    ) -> FrameStreamEvent {
        isDamaged = true
        return .fault(StreamFault(reason: reason, offset: record.offset, frame: record.number))
    }

    private mutating func end(_ expected: ContainerTotals) -> FrameStreamEvent {
        let end = FrameStreamEvent.end(expected: expected, found: found)
        // Where damage was told before, this is no news.
        guard found != expected, !isDamaged else { return end }
        isDamaged = true
        pending = end
        return .fault(
            StreamFault(reason: .totals(expected: expected, found: found), offset: 0))
    }

    private mutating func damage(_ error: DecodeError) -> FrameStreamEvent {
        decoder.reset()
        isDamaged = true
        if !hasHeader { return .fault(StreamFault(reason: .header(error), offset: error.offset)) }
        if case .truncated(let at) = error {
            return .fault(StreamFault(reason: .noEndMark, offset: at))
        }
        return .fault(StreamFault(reason: .record(error), offset: error.offset))
    }
}

extension ContainerRecord {
    /// Where it ends in the file: behind its length, of seven bits a byte, and its bytes.
    fileprivate var end: Int {
        let lengthBits = max(Int.bitWidth - bytes.count.leadingZeroBitCount, 1)
        return offset + (lengthBits + 6) / 7 + bytes.count
    }
}

extension ContainerTotals {
    fileprivate var byteCount: Int {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes.count
    }
}

extension DecodeError {
    /// Where the fault is.
    var offset: Int {
        switch self {
        case .truncated(let at), .unsupported(_, let at), .malformed(_, let at),
            .badCheck(let at), .limit(_, let at):
            at
        }
    }
}
