// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayConfiguration
internal import GatewayCore
internal import HostSystem
internal import LineProtocols

/// Readings as lines of a file or of stdout.
///
/// Lines are gathered in `text` while the writer works on those before. A write that fails is taken
/// back as far as the output allows and is tried again, so that a full disk costs time and no
/// reading: what does not fit into the buffer stays in the journal.
///
///     gathered ──▶ outgoing ──write──▶ written ──sync──▶ safe: the next checkpoint says so
final class TextSink: ReadingSink {
    /// With so much gathered nothing more is appended.
    static let bufferBytes = 1 << 20
    /// Between attempts.
    private static let retryPause = Duration.seconds(1)

    let format: String
    /// As it was asked for; `-` is stdout.
    let path: String
    private let output: any SinkOutput
    private let writer: any SinkWriter
    var feed = SinkFeed()
    let contexts = ContextPool(byteLimit: ReceiverPipeline.laggingContextBytes)
    var losses = SinkLosses()
    private(set) var lastProgress = MonotonicInstant(nanoseconds: 0)

    private var text = TextBuffer()
    private var lines: ReadingLines
    /// Where the sink was when what is outgoing was gathered.
    private var outgoing: (bytes: [UInt8], feed: SinkFeed) = ([], SinkFeed())
    private var isRepeated = false
    /// In the output, but a power cut may take it.
    private var written = SafePoint()
    private(set) var safe = SafePoint()
    private var retryAt = MonotonicInstant(nanoseconds: .min)
    /// Why the last attempt failed; nil after one that did not.
    private(set) var failure: SystemError?
    /// Readings that were written or wait to be.
    private(set) var readings = 0
    private(set) var writeFailures = 0

    /// Writes at once, unless there is a writer on a thread of its own.
    init(
        format: ReceiverSettings.LineFormat, path: String, output: any SinkOutput,
        writer: (any SinkWriter)? = nil
    ) {
        self.format = format.rawValue
        lines = ReadingLines(format)
        self.path = path
        self.output = output
        self.writer = writer ?? InlineWriter(output)
    }

    /// Bytes that are in no output.
    var waitingBytes: Int { text.count + outgoing.bytes.count }
    /// Bytes that a power cut may take.
    var unsynchronizedBytes: Int { written.offset - safe.offset }
    var hasRoom: Bool { !isClosed && text.count < Self.bufferBytes }
    /// Nobody reads it any more.
    var isClosed: Bool { failure?.isBrokenPipe == true }
    /// A job is under way.
    var isBusy: Bool { writer.isBusy }
    /// When it wants to be driven, if nothing else happens.
    var deadline: MonotonicInstant {
        !isBusy && !isClosed && (waitingBytes > 0 || failure != nil) ? retryAt : .distantFuture
    }

    func takes(link: Int) -> Bool { true }

    /// Cuts the output to what is safe, or goes on at its end. How many bytes are missing of what
    /// the checkpoint says was there: somebody else changed the file.
    func begin(offset known: Int?, _ feed: SinkFeed) throws(SystemError) -> Int {
        let found = try output.byteCount()
        var missing = 0
        var offset = 0
        if let found {
            offset = min(known ?? found, found)
            missing = max((known ?? 0) - found, 0)
            if offset < found { try output.cut(to: offset) }
        }
        self.feed = feed
        safe = SafePoint(offset: offset, feed: feed)
        written = safe
        if offset == 0 { lines.begin(&text) }
        return missing
    }

    func append(_ batch: borrowing ReadingBatch, _ frame: DecodedFrame) {
        readings += batch.count
        lines.append(batch, frame, to: &text)
    }

    /// Takes the writer's answer and gives it the next job. Whether something became safe.
    @discardableResult
    func drive(synchronizing: Bool, at now: MonotonicInstant) -> Bool {
        var isSafer = takeResult(at: now)
        // What failed is not known to be there before it was synced.
        let synchronizing = synchronizing || failure != nil
        while !writer.isBusy, !isClosed, now >= retryAt {
            if outgoing.bytes.isEmpty {
                if text.count > 0 {
                    outgoing = (text.bytes, feed)
                    // Anew, as one frame may have made it large.
                    text = TextBuffer()
                } else if written.feed != feed {
                    // It went on without anything to write.
                    written.feed = feed
                }
            }
            if written.offset == safe.offset, outgoing.bytes.isEmpty {
                isSafer = isSafer || safe != written
                safe = written
                return isSafer
            }
            guard !outgoing.bytes.isEmpty || synchronizing else { return isSafer }
            writer.begin(
                SinkJob(
                    bytes: outgoing.bytes, offset: written.offset, isRepeated: isRepeated,
                    synchronizes: synchronizing))
            isSafer = takeResult(at: now) || isSafer
        }
        return isSafer
    }

    func skip(to place: UInt64) {
        feed.skip(to: place)
        // What is under way still comes with its old place, which is then as true as this one.
        safe.feed.skip(to: place)
    }

    private func takeResult(at now: MonotonicInstant) -> Bool {
        guard let result = writer.takeResult() else { return false }
        if result.isWritten {
            written = SafePoint(
                offset: written.offset + outgoing.bytes.count,
                feed: outgoing.bytes.isEmpty ? written.feed : outgoing.feed)
            outgoing.bytes = []
            isRepeated = false
            lastProgress = now
        } else {
            writeFailures += 1
            isRepeated = true
        }
        failure = result.error
        if result.error != nil { retryAt = now + Self.retryPause }
        guard result.isSynchronized else { return false }
        safe = written
        return true
    }
}
