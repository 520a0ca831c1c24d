// SPDX-License-Identifier: Apache-2.0

/// Reads lines of any of the formats, found out from the first line if not given.
package struct LineReader: Sendable {
    /// The format; nil until the first line that holds anything.
    package private(set) var format: LineFormat?
    private var csv = CSVReader()
    private var jsonLines = JSONLinesReader()
    private var influx: InfluxReader
    private var keyValue: KeyValueReader
    private var number: NumberReader
    private var nmea: NMEAReader
    private let influxUnit: TimeUnit
    private let delimiter: UInt8
    private let hasChecksum: Bool
    /// Numbers alone say nothing of their sensor.
    private let knowsNumbers: Bool

    /// A reader of `format`, or of what the first line turns out to be. `influxUnit` is what
    /// the times of Influx lines count.
    package init(format: LineFormat? = nil, influxUnit: TimeUnit = .nanoseconds) {
        var settings = LineReaderSettings(format: format)
        settings.plainTimeUnit = .seconds
        settings.readsNested = false
        self.init(settings: settings)
        influx = InfluxReader(unit: influxUnit)
    }

    /// A reader of lines as `settings` describe them. Columns without a format are those of CSV.
    package init(settings: LineReaderSettings) {
        format = settings.format ?? (settings.columns.isEmpty ? nil : .csv)
        csv = CSVReader(settings)
        jsonLines = JSONLinesReader(settings)
        influx = InfluxReader(settings)
        keyValue = KeyValueReader(settings)
        number = NumberReader(settings)
        nmea = NMEAReader(settings)
        influxUnit = settings.timeUnit ?? .nanoseconds
        delimiter = settings.delimiter
        hasChecksum = settings.hasChecksum
        knowsNumbers = settings.sensor != nil || !settings.columns.isEmpty
    }

    /// What the source declares that its times count, where it does.
    package var declaredUnit: TimeUnit? {
        switch format {
        case .csv: csv.declaredUnit
        case .influx: influxUnit
        case .jsonLines, .keyValue, .number, .nmea, nil: nil
        }
    }

    /// Reads one line without its newline; its readings are appended to `readings`.
    ///
    /// Without a time in the line, `arrival` is the time. A line that throws appends nothing.
    package mutating func read(
        _ line: Span<UInt8>,
        arrival: Int64? = nil,
        names: inout SensorNames,
        into readings: inout LineReadings
    ) throws(LineError) -> LineOutcome {
        switch format {
        case .csv where !hasChecksum:
            return try csv.read(line, arrival: arrival, names: &names, into: &readings)
        case .csv:
            let content = line.extracting(0..<(try contentEnd(line)))
            return try csv.read(content, arrival: arrival, names: &names, into: &readings)
        case .jsonLines:
            return try jsonLines.read(line, arrival: arrival, names: &names, into: &readings)
        case .influx:
            return try influx.read(line, arrival: arrival, names: &names, into: &readings)
        case .keyValue:
            let content = line.extracting(0..<(try contentEnd(line)))
            return try keyValue.read(content, arrival: arrival, names: &names, into: &readings)
        case .number:
            guard knowsNumbers else { throw .format(.noSensorName) }
            let content = line.extracting(0..<(try contentEnd(line)))
            return try number.read(content, arrival: arrival, names: &names, into: &readings)
        case .nmea:
            return try nmea.read(line, arrival: arrival, names: &names, into: &readings)
        case nil:
            try findFormat(line)
            guard format != nil else { return LineOutcome() }
            return try read(line, arrival: arrival, names: &names, into: &readings)
        }
    }

    private mutating func findFormat(_ line: Span<UInt8>) throws(LineError) {
        let content = line.extracting(0..<(try contentEnd(line)))
        switch FormatDetector.examine(content, delimiter: delimiter) {
        case .nothing: return
        case .fault(let fault): throw .format(fault)
        case .format(.number) where !knowsNumbers: throw .format(.noSensorName)
        case .format(let found): format = found
        }
    }

    /// The end of the line without its checksum, which is right, where lines have one.
    @inline(__always)
    private func contentEnd(_ line: Span<UInt8>) throws(LineError) -> Int {
        hasChecksum ? try endOfChecked(line) : line.count
    }

    @inline(never)
    private func endOfChecked(_ line: Span<UInt8>) throws(LineError) -> Int {
        // The format of a sentence is found by its checksum.
        guard format != nil || !NMEAReader.isSentence(line),
            let star = LineChecksum.place(line, DeviceList.trimmedEnd(line))
        else { return line.count }
        try LineChecksum.verify(line, star)
        return star
    }
}
