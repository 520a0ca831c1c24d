// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import LineProtocols

/// Writes the readings of decoded frames as text.
struct ReadingPrinter {
    /// What was written; the caller takes it and empties the buffer.
    var text = TextBuffer()
    /// Readings that the format has no place for: left out.
    private(set) var dropped = 0
    /// NaN whose bits the format has no place for: written as some NaN.
    private(set) var alteredNaNs = 0

    private let format: OutputFormat
    private let wantedUnit: TimeUnit?
    private var unit: TimeUnit?
    private var table: ChannelTable?
    private var names = SensorNames()
    private var nameCount = 0
    private var wide: CSVWideWriter?
    private var order = TimeOrder()
    private var basePriority = Priority.normal

    init(format: OutputFormat, unit: TimeUnit?) {
        self.format = format
        wantedUnit = unit
    }

    /// A file begins whose source counted `sourceUnit`.
    mutating func begin(_ sourceUnit: SourceTimeUnit) {
        let next = wantedUnit ?? TimeUnit(rawValue: sourceUnit.rawValue) ?? .nanoseconds
        guard next != unit else { return }
        finish()
        unit = next
        // The wide header waits for the names.
        wide = nil
        if format == .csv { CSVWriter.appendLongHeader(unit: next, to: &text) }
    }

    /// Writes the readings of a frame of `channels` channels.
    mutating func append(
        _ batch: borrowing ReadingBatch, _ head: FrameHead, table: ChannelTable?, channels: Int
    ) {
        if let key = head.key {
            basePriority = key.stream.basePriority
            setNames(table, count: channels)
        }
        order.sort(batch)
        let times = batch.times
        let values = batch.values
        let remarks = RemarkCursor(batch.annotations)
        let nameBytes = names.text
        for number in order.numbers {
            let reading = LineReading(
                sensor: order.sensors[number], time: times[number], value: values[number])
            append(
                reading, name: nameBytes.span.extracting(names.range(of: reading.sensor)),
                remarks.isEmpty ? .none : remarks[number])
        }
    }

    /// Writes what is gathered of a line; the last call.
    mutating func finish() {
        wide?.finish(to: &text)
    }

    private mutating func append(
        _ reading: LineReading, name: Span<UInt8>, _ remark: Annotation
    ) {
        switch format {
        case .csv:
            CSVWriter.appendLong(reading, name: name, unit: unit ?? .nanoseconds, to: &text)
        case .csvWide:
            if wide?.append(reading, to: &text) != .written { dropped += 1 }
        case .jsonLines:
            let priority = remark.priority ?? basePriority
            let outcome = JSONLinesWriter.append(
                reading, name: name,
                remarks: JSONRemarks(
                    quality: remark.quality.rawValue,
                    priority: priority == .normal ? 0 : priority.rawValue),
                to: &text)
            if outcome == .lostNaNBits { alteredNaNs += 1 }
        case .influx:
            if InfluxWriter.append(reading, name: name, to: &text) != .written { dropped += 1 }
        }
    }

    /// Takes the names of `table`, and makes up such as `?3` for channels without one.
    private mutating func setNames(_ table: ChannelTable?, count: Int) {
        let isKnown = nameCount == max(count, table?.entries.count ?? 0) && self.table == table
        guard !isKnown || (format == .csvWide && wide == nil) else { return }
        finish()
        self.table = table
        nameCount = max(count, table?.entries.count ?? 0)
        names = SensorNames()
        for entry in table?.entries ?? [] { addName(entry.name) }
        while names.count < nameCount {
            let number = names.count
            var name = "?\(number)"
            // A sensor may really be called like that.
            while names.count == number {
                addName(Array(name.utf8))
                name = "?" + name
            }
        }
        guard format == .csvWide else { return }
        let writer = CSVWideWriter(sensorCount: nameCount, unit: unit ?? .nanoseconds)
        wide = writer.appendHeader(names, to: &text) ? writer : nil
    }

    private mutating func addName(_ name: [UInt8]) {
        // Tables hold only what may be a name.
        _ = try? names.index(of: name.span, from: 0, to: name.count)
    }
}

/// Looks up remarks by the number of the reading.
private struct RemarkCursor {
    private let runs: [AnnotationRun]

    init(_ runs: [AnnotationRun]) { self.runs = runs }

    var isEmpty: Bool { runs.isEmpty }

    subscript(number: Int) -> Annotation {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].start + runs[middle].count <= number {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < runs.count, runs[low].start <= number else { return .none }
        return runs[low].annotation
    }
}
