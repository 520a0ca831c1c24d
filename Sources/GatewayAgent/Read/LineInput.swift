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
    /// Where in the chunk its lines begin.
    private var chunkOffset = 0
    /// What comes up to the next newline is a part of a line.
    private var isSkipping = false
    private var arrival: Int64 = 0
    private var splitter: LineSplitter
    private var reader: LineReader
    private var readings = LineReadings()
    private var toldTooLong = 0
    /// Behind the last line that was taken.
    private var mark = InputMark()
    /// Bytes before the chunk.
    private var chunkStart = 0

    /// An input of lines in `format`, which leaves nothing open. Only one that `canWait` has marks.
    package init(_ format: InputSettings.Format, canWait: Bool, hasMarks: Bool) {
        var settings = InputSettings()
        settings.format = format
        self.init(settings, canWait: canWait, hasMarks: hasMarks)
    }

    private init(
        _ settings: InputSettings, texts: TextValues = TextValues(), canWait: Bool, hasMarks: Bool
    ) {
        self.canWait = canWait
        self.hasMarks = hasMarks
        let usual =
            canWait ? LineSplitter.highestMaximumLength : LineSplitter.defaultMaximumLength
        splitter = LineSplitter(maximumLength: settings.lineBytes ?? usual)
        reader = LineReader(settings: LineReaderSettings(settings, texts: texts))
    }

    /// An input as its settings have it: pipes can wait, and only stdin can be fed again.
    package init(_ settings: InputSettings, texts: TextValues = TextValues()) {
        switch settings.place {
        case .standardInput: self.init(settings, texts: texts, canWait: true, hasMarks: true)
        case .command: self.init(settings, texts: texts, canWait: true, hasMarks: false)
        case .serial: self.init(settings, texts: texts, canWait: false, hasMarks: false)
        }
    }

    /// Whether lines of the last chunk wait.
    package var hasChunk: Bool { chunkCount > 0 }

    /// `chunk` has `count` new bytes, which came at `arrival`.
    package mutating func fill(_ count: Int, arrival: WallTime) {
        counts.take(bytes: count)
        let offset = isSkipping ? behindNewline(in: count) : 0
        (chunkOffset, chunkCount) = offset < count ? (offset, count) : (0, 0)
        // Floor, also before 1970, so that equal moments stay equal.
        let remainder = arrival.nanoseconds % Self.arrivalUnit
        self.arrival =
            arrival.nanoseconds - (remainder < 0 ? remainder + Self.arrivalUnit : remainder)
    }

    /// Hands the lines of the chunk to `stage` as long as it takes them.
    package mutating func drain(into stage: inout EncodeStage, at now: MonotonicInstant) {
        // On its own, as a span keeps the value that it comes from from changing.
        let chunk = chunk
        let bytes = chunk.span.extracting(chunkOffset..<chunkCount)
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

    /// Whether there is a newline in the first `count` bytes of the chunk.
    package func hasNewline(in count: Int) -> Bool {
        for i in 0..<count where chunk[i] == Self.newline { return true }
        return false
    }

    /// Forgets half a line, and that its end was waited for: the next byte begins a line. True if
    /// something was forgotten.
    package mutating func drop() -> Bool {
        defer {
            splitter.reset()
            isSkipping = false
        }
        return !splitter.carried.isEmpty
    }

    /// Forgets half a line, and what comes of it up to the next newline. False if that is so
    /// already.
    package mutating func skip() -> Bool {
        defer { isSkipping = true }
        splitter.reset()
        return !isSkipping
    }

    private static let newline = UInt8(ascii: "\n")

    /// Where the lines behind the end of the skipped one begin.
    private mutating func behindNewline(in count: Int) -> Int {
        for i in 0..<count where chunk[i] == Self.newline {
            isSkipping = false
            return i + 1
        }
        return count
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
