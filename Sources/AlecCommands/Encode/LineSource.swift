// SPDX-License-Identifier: Apache-2.0

internal import LineProtocols

/// Reads lines of readings from the input and hands them out, one line's readings at a time.
struct LineSource {
    private let path: String?
    private var splitter = LineSplitter(maximumLength: LineSplitter.highestMaximumLength)
    private(set) var reader: LineReader
    private(set) var names = SensorNames()
    /// The readings of the line at hand.
    private(set) var readings = LineReadings()
    /// Texts and nested values that are no readings.
    private(set) var skippedValues = 0
    /// Empty cells and nulls.
    private(set) var absentValues = 0
    private(set) var chunk: [UInt8]
    private var chunkCount = 0
    /// Of the lines that the splitter skipped, those that were reported.
    private var tooLongLines = 0
    /// A line that waits until the skipped ones before it are reported.
    private var held: LineSplitter.Place?
    private var isOver = false

    init(path: String?, format: LineFormat?, chunkBytes: Int) {
        self.path = path
        reader = LineReader(format: format)
        chunk = [UInt8](repeating: 0, count: chunkBytes)
    }

    /// Reads on; bytes that came, 0 at the end of the input.
    mutating func fill<Host: CommandHost>(on host: inout Host) throws(CommandError) -> Int {
        chunkCount = try host.readInput(path, into: &chunk)
        isOver = chunkCount == 0
        return chunkCount
    }

    /// Goes to the next line that has readings; false when it is time to `fill`.
    mutating func next() throws(LineFault) -> Bool {
        readings.removeAll()
        while true {
            let place = held ?? nextPlace()
            held = place
            if splitter.tooLongLines > tooLongLines {
                // They stand right before the line that was found, if one was.
                let isBehind = place != nil ? 1 : 0
                let untold = splitter.tooLongLines - tooLongLines
                let line = splitter.lineNumber - isBehind + 1 - untold
                tooLongLines += 1
                throw LineFault(
                    path: path, line: line, column: 1,
                    reason: .tooLong(limit: splitter.maximumLength))
            }
            held = nil
            guard let place else { return false }
            // On its own, as a span keeps the value that it comes from from changing.
            switch place {
            case .chunk(let range):
                let bytes = chunk
                try read(bytes.span.extracting(range))
            case .carried:
                let bytes = splitter.carried
                try read(bytes.span)
            }
            if readings.count > 0 { return true }
        }
    }

    private mutating func nextPlace() -> LineSplitter.Place? {
        guard !isOver else { return splitter.finish() }
        let bytes = chunk
        return splitter.next(in: bytes.span.extracting(0..<chunkCount))
    }

    private mutating func read(_ line: Span<UInt8>) throws(LineFault) {
        do throws(LineError) {
            let outcome = try reader.read(line, names: &names, into: &readings)
            skippedValues += outcome.skipped
            absentValues += outcome.absent
        } catch {
            throw fault(error, line)
        }
    }

    private func fault(_ error: LineError, _ line: Span<UInt8>) -> LineFault {
        LineFault(
            path: path, line: splitter.lineNumber, column: error.offset(in: line) + 1,
            reason: .refused(error), excerpt: error.excerpt(of: line))
    }
}
