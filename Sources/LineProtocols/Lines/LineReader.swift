// SPDX-License-Identifier: Apache-2.0

/// Reads lines of one of the three formats, found out from the first line if not given.
package struct LineReader: Sendable {
    /// The format; nil until the first line that holds anything.
    package private(set) var format: LineFormat?
    private var csv = CSVReader()
    private var jsonLines = JSONLinesReader()
    private var influx: InfluxReader
    private let influxUnit: TimeUnit

    /// A reader of `format`, or of what the first line turns out to be. `influxUnit` is what
    /// the times of Influx lines count.
    package init(format: LineFormat? = nil, influxUnit: TimeUnit = .nanoseconds) {
        self.format = format
        influx = InfluxReader(unit: influxUnit)
        self.influxUnit = influxUnit
    }

    /// What the source declares that its times count, where it does.
    package var declaredUnit: TimeUnit? {
        switch format {
        case .csv: csv.declaredUnit
        case .influx: influxUnit
        case .jsonLines, nil: nil
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
        case .csv:
            return try csv.read(line, arrival: arrival, names: &names, into: &readings)
        case .jsonLines:
            return try jsonLines.read(line, arrival: arrival, names: &names, into: &readings)
        case .influx:
            return try influx.read(line, arrival: arrival, names: &names, into: &readings)
        case nil:
            switch FormatDetector.examine(line) {
            case .nothing: return LineOutcome()
            case .fault(let fault): throw .format(fault)
            case .format(let found): format = found
            }
            return try read(line, arrival: arrival, names: &names, into: &readings)
        }
    }
}
