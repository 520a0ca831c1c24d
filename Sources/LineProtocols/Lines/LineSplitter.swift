// SPDX-License-Identifier: Apache-2.0

/// Cuts a stream of bytes, in chunks of any size, into lines.
///
/// A line that lies within a chunk is not copied: the splitter says where it is. One that spans
/// chunks is gathered in `carried`, which never grows beyond the maximum. A line longer than
/// that is counted and skipped to the next newline.
///
///     while let place = splitter.next(in: chunk) {
///         switch place {
///         case .chunk(let range): read(chunk.extracting(range))
///         case .carried: read(splitter.carried.span)
///         }
///     }
///
/// Lines come without their newline; a carriage return before it stays, readers drop it. A
/// UTF-8 byte order mark at the beginning of the stream is dropped.
package struct LineSplitter: Sendable {
    /// The maximum line length where nothing else was asked for: what a serial line may have.
    package static let defaultMaximumLength = 4096
    /// The largest maximum that can be asked for: wide CSV.
    package static let highestMaximumLength = 1 << 20

    /// Where a line is.
    package enum Place: Equatable, Sendable {
        /// These bytes of the chunk.
        case chunk(Range<Int>)
        /// All of `carried`, until the next call.
        case carried
    }

    private enum State: Sendable {
        /// The next byte begins a line.
        case betweenLines
        /// `carried` holds the beginning of a line.
        case insideLine
        /// `carried` was a line; it is emptied before anything else.
        case delivered
        /// The line is too long; everything up to the next newline goes.
        case skipping
    }

    /// A line that did not lie in one chunk.
    package private(set) var carried: [UInt8] = []
    /// Lines delivered and lines skipped: the number of the line last delivered, from 1.
    package private(set) var lineNumber = 0
    /// Lines that were longer than the maximum.
    package private(set) var tooLongLines = 0
    /// Bytes a line may have without its newline.
    package let maximumLength: Int
    private var state = State.betweenLines
    /// Where in the chunk the next line begins; 0 before and after a chunk.
    package private(set) var position = 0
    private var isAtStart = true

    /// A splitter for lines of at most `maximumLength` bytes, 1 to `highestMaximumLength`.
    package init(maximumLength: Int = defaultMaximumLength) {
        precondition(
            maximumLength >= 1 && maximumLength <= Self.highestMaximumLength,
            "the maximum line length is 1 byte to 1 MiB"
        )
        self.maximumLength = maximumLength
    }

    /// The next whole line in `chunk`; nil when the chunk is used up and the next one may come.
    /// To be called with the same chunk until it answers nil.
    package mutating func next(in chunk: Span<UInt8>) -> Place? {
        if case .delivered = state {
            carried.removeAll(keepingCapacity: true)
            state = .betweenLines
        }
        while position < chunk.count {
            let start = position
            guard let newline = chunk.firstOffset(of: ASCII.newline, from: start, to: chunk.count)
            else {
                position = chunk.count
                keep(chunk, start, chunk.count)
                break
            }
            position = newline + 1
            if let place = lineEnded(chunk, start, newline) { return place }
        }
        position = 0
        return nil
    }

    /// The last line where the stream does not end in a newline, in `carried`; nil if there is
    /// none. To be called once, after the last chunk.
    package mutating func finish() -> Place? {
        switch state {
        case .betweenLines, .delivered:
            return nil
        case .skipping:
            state = .betweenLines
            return nil
        case .insideLine:
            state = .delivered
            lineNumber += 1
            return dropMark(.carried)
        }
    }

    /// Forgets half a line, as after a port was opened again. The counters stay.
    package mutating func reset() {
        carried.removeAll(keepingCapacity: true)
        state = .betweenLines
        position = 0
    }

    /// A newline at `end` closes what began at `start` or before this chunk.
    private mutating func lineEnded(_ chunk: Span<UInt8>, _ start: Int, _ end: Int) -> Place? {
        switch state {
        case .skipping:
            // Counted when it became too long.
            state = .betweenLines
            return nil
        case .insideLine:
            keep(chunk, start, end)
            guard case .insideLine = state else {
                state = .betweenLines
                return nil
            }
            state = .delivered
            lineNumber += 1
            return dropMark(.carried)
        case .betweenLines, .delivered:
            lineNumber += 1
            guard end - start <= maximumLength else {
                tooLongLines += 1
                isAtStart = false
                return nil
            }
            return dropMark(.chunk(start..<end), in: chunk)
        }
    }

    /// Adds a part of a line to `carried`, or gives the line up.
    private mutating func keep(_ chunk: Span<UInt8>, _ start: Int, _ end: Int) {
        if case .skipping = state { return }
        guard carried.count + (end - start) <= maximumLength else {
            carried.removeAll(keepingCapacity: true)
            tooLongLines += 1
            lineNumber += 1
            isAtStart = false
            state = .skipping
            return
        }
        carried.append(addingCapacity: end - start) { (output: inout OutputSpan<UInt8>) in
            for i in start..<end { output.append(chunk[i]) }
        }
        state = .insideLine
    }

    private mutating func dropMark(_ place: Place, in chunk: Span<UInt8> = Span()) -> Place {
        guard isAtStart else { return place }
        isAtStart = false
        switch place {
        case .chunk(let range):
            let isMarked =
                range.count >= 3 && chunk[range.lowerBound] == 0xEF
                && chunk[range.lowerBound + 1] == 0xBB && chunk[range.lowerBound + 2] == 0xBF
            return isMarked ? .chunk((range.lowerBound + 3)..<range.upperBound) : place
        case .carried:
            if carried.count >= 3, carried[0] == 0xEF, carried[1] == 0xBB, carried[2] == 0xBF {
                carried.removeFirst(3)
            }
            return place
        }
    }
}
