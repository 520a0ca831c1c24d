// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore
internal import HostSystem
internal import LineProtocols

/// Readings as lines of a file or of stdout.
///
/// Lines are gathered; `flush` writes them. A write that fails is taken back as far as the output
/// allows and is tried again, so that a full disk costs time and no reading.
final class TextSink {
    enum Format: String {
        case jsonLines = "jsonl"
        case csv
    }

    static let csvHeader: StaticString = "time_ns,node,sensor,value,quality,priority,id\n"

    let format: Format
    /// As it was asked for; `-` is stdout.
    let path: String
    private let output: any SinkOutput
    private var text = TextBuffer()
    /// Bytes that are surely in the output.
    private(set) var offset = 0
    /// Readings that were written or wait to be.
    private(set) var readings = 0
    private(set) var writeFailures = 0
    /// Since the last `synchronize`.
    private(set) var unsynchronizedBytes = 0

    init(format: Format, path: String, output: any SinkOutput) {
        self.format = format
        self.path = path
        self.output = output
    }

    var waitingBytes: Int { text.count }

    /// Cuts the output to `offset`, or goes on at its end. How many bytes are missing of what the
    /// checkpoint says was there: somebody else changed the file.
    func begin(at wanted: Int?) throws(SystemError) -> Int {
        let found = try output.byteCount()
        var missing = 0
        if let found {
            offset = min(wanted ?? found, found)
            missing = max((wanted ?? 0) - found, 0)
            if offset < found { try output.cut(to: offset) }
        }
        if format == .csv, offset == 0 { text.append(Self.csvHeader) }
        return missing
    }

    func append(_ batch: borrowing ReadingBatch, _ frame: DecodedFrame) {
        readings += batch.count
        switch format {
        case .jsonLines: appendJSON(batch, frame)
        case .csv: appendCSV(batch, frame)
        }
    }

    /// Writes what was gathered.
    func flush() throws(SystemError) {
        guard text.count > 0 else { return }
        do throws(SystemError) {
            let bytes = text.bytes
            try output.write(bytes.span)
        } catch {
            writeFailures += 1
            // Half a line must not stay in front of the next attempt.
            try output.cut(to: offset)
            throw error
        }
        offset += text.count
        unsynchronizedBytes += text.count
        text.removeAll()
    }

    func synchronize() throws(SystemError) {
        guard unsynchronizedBytes > 0 else { return }
        try output.synchronize()
        unsynchronizedBytes = 0
    }

    private func appendJSON(_ batch: borrowing ReadingBatch, _ frame: DecodedFrame) {
        let writer = ReadingText(
            frame: frame.frame, basePriority: frame.basePriority, isHistory: frame.isHistory,
            node: frame.node)
        let channels = frame.table.entries
        func append(_ reading: Reading, _ number: Int, _ annotation: Annotation) {
            writer.append(
                reading, number: number, annotation: annotation, of: channels[reading.sensor],
                to: &text)
            text.append("\n")
        }
        batch.forEach(append)
    }

    private func appendCSV(_ batch: borrowing ReadingBatch, _ frame: DecodedFrame) {
        let channels = frame.table.entries
        let node = frame.node
        func append(_ reading: Reading, _ number: Int, _ annotation: Annotation) {
            TimeText.append(reading.time, in: .nanoseconds, to: &text)
            text.append(",")
            CSVWriter.appendName(node.span, to: &text)
            text.append(",")
            let name = channels[reading.sensor].name
            CSVWriter.appendName(name.span, to: &text)
            text.append(",")
            NumberText.appendForCSV(reading.value, to: &text)
            text.append(",")
            text.append(annotation.quality.text)
            text.append(",")
            text.append(decimal: UInt64((annotation.priority ?? frame.basePriority).rawValue))
            text.append(",")
            frame.frame.append(to: &text)
            text.append(".")
            text.append(decimal: UInt64(number))
            text.append("\n")
        }
        batch.forEach(append)
    }
}
