// SPDX-License-Identifier: Apache-2.0

/// Takes an `.alec` file apart, in whatever pieces it comes, in constant memory.
///
///     await header ──header──▶ records ──end mark──▶ await header or end
///          │                     │  ▲
///        damage            damage│  │next key frame, table, end mark or header
///          ▼                     ▼  │
///       finished                search
///
/// A record is given out as it lies there: whoever decodes it says `reject` where it fails. The
/// length may be what is wrong, so the search begins at the record's second byte.
public struct ContainerReader: Sendable {
    private enum State: Sendable {
        /// Nothing but a header may follow; without one the file is refused.
        case start
        /// Records up to an end mark.
        case records
        /// Behind an end mark.
        case betweenParts
        /// Looks for a place to go on, since the offset `from`.
        case search(from: Int)
        case finished
    }

    /// What came and is not used up; records are ranges of it.
    public private(set) var buffer: [UInt8] = []
    private var state = State.start
    /// The next byte of `buffer` to look at.
    private var position = 0
    /// Where `buffer` begins in the file.
    private var base = 0
    /// No more bytes will come.
    private var isComplete = false
    private var recordCount = 0
    /// Where the record given out last begins in `buffer`.
    private var lastStart: Int?
    private var scanner = ContainerScanner()

    /// A reader that has seen nothing.
    public init() {}

    /// Adds the next bytes of the file, best after `needsBytes`.
    public mutating func append(_ chunk: Span<UInt8>) {
        if position > 0 {
            buffer.removeSubrange(0..<position)
            base += position
            position = 0
            lastStart = nil
        }
        buffer.append(addingCapacity: chunk.count) { (output: inout OutputSpan<UInt8>) in
            for i in chunk.indices { output.append(chunk[i]) }
        }
    }

    /// Says that no more bytes will come.
    public mutating func finish() { isComplete = true }

    /// The record given out last is no good.
    public mutating func reject() {
        guard let lastStart else { return }
        beginSearch(at: lastStart)
    }

    /// What comes next.
    public mutating func next() -> ContainerEvent {
        switch state {
        case .start: return nextHeader(isFirst: true)
        case .betweenParts:
            if position == buffer.count {
                guard isComplete else { return .needsBytes }
                state = .finished
                return .finished
            }
            return nextHeader(isFirst: false)
        case .records: return nextRecord()
        case .search(let from): return search(since: from)
        case .finished: return .finished
        }
    }

    private mutating func nextHeader(isFirst: Bool) -> ContainerEvent {
        do throws(DecodeError) {
            let header = try ContainerHeader(buffer.span.extracting(position..<buffer.count))
            position += ContainerHeader.byteCount
            state = .records
            return .header(header)
        } catch {
            if case .truncated = error, !isComplete { return .needsBytes }
            let place = error.moved(by: base + position)
            if isFirst {
                state = .finished
            } else {
                beginSearch(at: position)
            }
            return .damage(place)
        }
    }

    private mutating func nextRecord() -> ContainerEvent {
        lastStart = nil
        var cursor = ByteCursor(at: position, end: buffer.count)
        do throws(DecodeError) {
            let length: UInt64
            do throws(DecodeError) {
                length = try cursor.varint(buffer.span, limit: UInt64(DecoderLimits.frameBytes))
            } catch {
                if case .malformed(_, let at) = error { throw .malformed(.recordLength, at: at) }
                throw error
            }
            if length == 0 { return try endMark() }
            let start = cursor.at
            try cursor.skip(Int(length))
            recordCount += 1
            lastStart = position
            position = cursor.at
            return .record(
                ContainerRecord(
                    number: recordCount, offset: base + (lastStart ?? 0),
                    bytes: start..<cursor.at))
        } catch {
            if case .truncated = error {
                guard isComplete else { return .needsBytes }
                if position == buffer.count { state = .finished }
            }
            if case .records = state { beginSearch(at: position) }
            return .damage(error.moved(by: base))
        }
    }

    private mutating func endMark() throws(DecodeError) -> ContainerEvent {
        var cursor = ByteCursor(at: position, end: buffer.count)
        let totals = try ContainerTotals(buffer.span, &cursor)
        position = cursor.at
        state = .betweenParts
        return .end(totals)
    }

    /// A search goes on behind the byte at `start`, which led nowhere.
    private mutating func beginSearch(at start: Int) {
        state = .search(from: base + start)
        // A file may be joined to one without an end mark: its header then looked like a length.
        let isHeader = (try? ContainerHeader(buffer.span.extracting(start..<buffer.count))) != nil
        position = isHeader ? start : start + 1
        lastStart = nil
    }

    private mutating func search(since from: Int) -> ContainerEvent {
        // On its own, as the span keeps all of this value from changing.
        var scanner = scanner
        let found = scanner.scan(buffer.span, from: position, isComplete: isComplete)
        self.scanner = scanner
        position = found.position
        guard let place = found.place else {
            guard isComplete else { return .needsBytes }
            state = .finished
            return .finished
        }
        switch place {
        case .record, .endMark: state = .records
        case .header: state = .betweenParts
        }
        return .resumed(offset: base + position, skipped: base + position - from)
    }
}

extension DecodeError {
    /// The same error in a larger whole.
    func moved(by offset: Int) -> DecodeError {
        switch self {
        case .truncated(let at): .truncated(at: at + offset)
        case .unsupported(let what, let at): .unsupported(what, at: at + offset)
        case .malformed(let what, let at): .malformed(what, at: at + offset)
        case .badCheck(let at): .badCheck(at: at + offset)
        case .limit(let what, let at): .limit(what, at: at + offset)
        }
    }
}
