// SPDX-License-Identifier: Apache-2.0

package import GatewayConfiguration
package import GatewayCore
package import LineProtocols

/// The bytes of one input on their way to readings.
///
/// A read gives a chunk; its lines are taken from it as long as the encoder takes readings, so
/// that nothing is read ahead of a full spool but the chunk.
package struct LineInput: Sendable {
    /// How much is read at a time.
    package static let chunkBytes = 64 << 10
    /// Bytes of a refused line that a message shows.
    private static let sampleBytes = 48
    /// Times of arrival are no more exact than this.
    private static let arrivalUnit: Int64 = 1_000_000

    /// A refused line that is worth a message.
    package struct Refusal: Equatable, Sendable {
        package var line: Int
        package var reason: RefusalReason
        /// nil where the line was too long.
        package var error: LineError?
        package var sample: [UInt8]
    }

    /// The input waits while the encoder is blocked; nothing is dropped.
    package let canWait: Bool
    /// Its lines have numbers from which a feeder can go on.
    package let hasMarks: Bool
    /// Its number among the inputs.
    package var source = 0
    package private(set) var counts = LineCounts()
    /// The first refused line of each reason, until someone takes them.
    package private(set) var refusals: [Refusal] = []
    package var chunk = [UInt8](repeating: 0, count: Self.chunkBytes)
    private var chunkCount = 0
    private var arrival: Int64 = 0
    private var splitter: LineSplitter
    private var reader: LineReader
    private var readings = LineReadings()
    private var toldTooLong = 0
    /// Behind the last line that was taken.
    private var mark = InputMark()
    /// Bytes before the chunk.
    private var chunkStart = 0

    /// An input of lines in `format`. Only one that `canWait` has marks.
    package init(_ format: InputSettings.Format, canWait: Bool, hasMarks: Bool) {
        self.canWait = canWait
        self.hasMarks = hasMarks
        splitter = LineSplitter(
            maximumLength: canWait
                ? LineSplitter.highestMaximumLength : LineSplitter.defaultMaximumLength)
        reader = LineReader(format: format.lineFormat)
    }

    /// Whether lines of the last chunk wait.
    package var hasChunk: Bool { chunkCount > 0 }

    /// `chunk` has `count` new bytes, which came at `arrival`.
    package mutating func fill(_ count: Int, arrival: WallTime) {
        chunkCount = count
        counts.take(bytes: count)
        // Floor, also before 1970, so that equal moments stay equal.
        let remainder = arrival.nanoseconds % Self.arrivalUnit
        self.arrival =
            arrival.nanoseconds - (remainder < 0 ? remainder + Self.arrivalUnit : remainder)
    }

    /// Hands the lines of the chunk to `stage` as long as it takes them.
    package mutating func drain(into stage: inout EncodeStage, at now: MonotonicInstant) {
        // On its own, as a span keeps the value that it comes from from changing.
        let chunk = chunk
        let bytes = chunk.span.extracting(0..<chunkCount)
        while !(canWait && stage.isBlocked) {
            guard let place = splitter.next(in: bytes) else {
                chunkStart += chunkCount
                chunkCount = 0
                countTooLong()
                break
            }
            let behind = InputMark(
                lines: splitter.lineNumber, bytes: chunkStart + splitter.position)
            switch place {
            case .chunk(let range): take(bytes.extracting(range), behind, into: &stage, at: now)
            case .carried:
                let carried = splitter.carried
                take(carried.span, behind, into: &stage, at: now)
            }
        }
        endBatch(of: &stage, at: now)
    }

    /// The input ended: its last line may have no newline.
    package mutating func finish(into stage: inout EncodeStage, at now: MonotonicInstant) {
        guard splitter.finish() != nil else { return }
        let carried = splitter.carried
        let behind = InputMark(lines: splitter.lineNumber, bytes: chunkStart)
        take(carried.span, behind, into: &stage, at: now)
        endBatch(of: &stage, at: now)
    }

    private func endBatch(of stage: inout EncodeStage, at now: MonotonicInstant) {
        stage.endBatch(
            source: source, refused: counts.refused, tooLong: counts.refused(.tooLong), at: now)
    }

    /// Forgets half a line, as after a port was opened again.
    package mutating func reset() {
        chunkCount = 0
        splitter.reset()
    }

    /// Takes the refused lines that are worth a message.
    package mutating func takeRefusals() -> [Refusal] {
        defer { refusals.removeAll() }
        return refusals
    }

    @inline(__always)
    private mutating func take(
        _ line: Span<UInt8>, _ behind: InputMark, into stage: inout EncodeStage,
        at now: MonotonicInstant
    ) {
        if splitter.tooLongLines > toldTooLong { countTooLong() }
        readings.removeAll()
        do throws(LineError) {
            let outcome = try reader.read(
                line, arrival: arrival, names: &stage.names, into: &readings)
            counts.accept(outcome)
        } catch {
            refuse(RefusalReason(error), error, line)
        }
        stage.add(
            readings, span: hasMarks ? mark..<behind : nil, canWait: canWait,
            source: source, at: now)
        mark = behind
    }

    private mutating func countTooLong() {
        while toldTooLong < splitter.tooLongLines {
            toldTooLong += 1
            refuse(.tooLong, nil, Span())
        }
    }

    private mutating func refuse(_ reason: RefusalReason, _ error: LineError?, _ line: Span<UInt8>)
    {
        guard counts.refuse(reason) else { return }
        var sample: [UInt8] = []
        for i in 0..<min(line.count, Self.sampleBytes) { sample.append(line[i]) }
        refusals.append(
            Refusal(line: splitter.lineNumber, reason: reason, error: error, sample: sample))
    }
}

extension InputSettings.Format {
    /// nil: the first line decides.
    var lineFormat: LineFormat? {
        switch self {
        case .auto: nil
        case .csv: .csv
        case .jsonl: .jsonLines
        case .influx: .influx
        }
    }
}
