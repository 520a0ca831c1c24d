// SPDX-License-Identifier: Apache-2.0

/// Reads CSV line by line. The first line is the header and decides the layout:
///
///     time_ms,temp,hum            wide: a column for each sensor, an empty cell is no reading
///     1700000000123,21.5,
///
///     time_ms,sensor,value        long: a line for each reading
///     1700000000123,temp,21.5
///
/// The first column is `time_ns`, `time_us`, `time_ms`, `time_s`, or `time` for RFC 3339 or
/// seconds. Names become sensor indexes once, at the header, so a wide line costs no lookup. A
/// later line that is a header too (files joined, a device that restarted) is taken as one.
package struct CSVReader: Sendable {
    private enum Layout {
        /// No header yet: the next line is to be one.
        case awaitingHeader
        case wide
        case long
    }

    private var layout = Layout.awaitingHeader
    private var notation = TimeNotation.anything
    /// Wide: the sensor of each column behind the time.
    private var columns: [Int] = []
    /// The content of a quoted cell that had quotes in it.
    private var scratch: [UInt8] = []

    /// A reader that awaits its header.
    package init() {}

    /// Whether a header was read.
    package var hasHeader: Bool {
        if case .awaitingHeader = layout { false } else { true }
    }

    /// What the header says that times count; nil without a header, and for a plain `time`.
    package var declaredUnit: TimeUnit? {
        if hasHeader, case .number(let unit) = notation { unit } else { nil }
    }

    /// Reads one line without its newline; its readings are appended to `readings`.
    ///
    /// An empty time cell stands for `arrival`. A line that throws appends nothing.
    package mutating func read(
        _ line: Span<UInt8>,
        arrival: Int64? = nil,
        names: inout SensorNames,
        into readings: inout LineReadings
    ) throws(LineError) -> LineOutcome {
        let end = line.endWithoutReturn
        guard end > 0 else { return LineOutcome() }
        let mark = readings.count
        do throws(LineError) {
            switch layout {
            case .awaitingHeader:
                return try readHeader(line, end, &names)
            case .wide:
                return try readWide(line, end, arrival, &readings)
            case .long:
                return try readLong(line, end, arrival, &names, &readings)
            }
        } catch {
            readings.truncate(to: mark)
            if case .time(.malformed, _, _) = error, Self.notation(line, end) != nil {
                return try readHeader(line, end, &names)
            }
            throw error
        }
    }

    /// Whether the line can only be a CSV header: it begins with a time column.
    static func isHeader(_ line: Span<UInt8>) -> Bool {
        notation(line, line.endWithoutReturn) != nil
    }

    private static func notation(_ line: Span<UInt8>, _ end: Int) -> TimeNotation? {
        var scratch: [UInt8] = []
        guard
            let cell = try? CSVCell.find(line, from: 0, to: end, column: 1, scratch: &scratch),
            !cell.isUnescaped
        else { return nil }
        if line.equalsIgnoringCase("time", from: cell.start, to: cell.end) { return .anything }
        for unit in TimeUnit.allCases
        where line.equalsIgnoringCase(unit.columnName, from: cell.start, to: cell.end) {
            return .number(unit)
        }
        return nil
    }

    private mutating func readHeader(
        _ line: Span<UInt8>,
        _ end: Int,
        _ names: inout SensorNames
    ) throws(LineError) -> LineOutcome {
        guard let notation = Self.notation(line, end) else {
            throw .csv(.noTimeColumn, at: 0, column: 1)
        }
        let first = try CSVCell.find(line, from: 0, to: end, column: 1, scratch: &scratch)
        guard first.next < end else { throw .csv(.noSensorColumn, at: end, column: 2) }
        if try isLong(line, first.next, end) {
            layout = .long
        } else {
            columns = try sensors(line, first.next, end, &names)
            layout = .wide
        }
        self.notation = notation
        return LineOutcome()
    }

    /// Whether `sensor` and `value` are all that follows the comma at `comma`.
    private mutating func isLong(
        _ line: Span<UInt8>,
        _ comma: Int,
        _ end: Int
    ) throws(LineError) -> Bool {
        let second = try CSVCell.find(line, from: comma + 1, to: end, column: 2, scratch: &scratch)
        guard !second.isUnescaped, second.next < end,
            line.equalsIgnoringCase("sensor", from: second.start, to: second.end)
        else { return false }
        let third = try CSVCell.find(
            line, from: second.next + 1, to: end, column: 3, scratch: &scratch)
        return !third.isUnescaped && third.next == end
            && line.equalsIgnoringCase("value", from: third.start, to: third.end)
    }

    private mutating func sensors(
        _ line: Span<UInt8>,
        _ comma: Int,
        _ end: Int,
        _ names: inout SensorNames
    ) throws(LineError) -> [Int] {
        var columns: [Int] = []
        var i = comma
        while i < end {
            let start = i + 1
            let column = columns.count + 2
            let cell = try CSVCell.find(
                line, from: start, to: end, column: column, scratch: &scratch)
            let sensor = try name(line, cell, column, &names)
            guard !columns.contains(sensor) else {
                throw .csv(.duplicateColumn, at: start, column: column)
            }
            columns.append(sensor)
            i = cell.next
        }
        return columns
    }

    private mutating func name(
        _ line: Span<UInt8>,
        _ cell: CSVCell,
        _ column: Int,
        _ names: inout SensorNames
    ) throws(LineError) -> Int {
        if cell.isUnescaped {
            return try names.index(
                of: scratch.span, from: 0, to: scratch.count, at: cell.offset, column: column)
        }
        return try names.index(of: line, from: cell.start, to: cell.end, column: column)
    }

    private mutating func readWide(
        _ line: Span<UInt8>,
        _ end: Int,
        _ arrival: Int64?,
        _ readings: inout LineReadings
    ) throws(LineError) -> LineOutcome {
        var outcome = LineOutcome()
        var i = 0
        let time = try readTime(line, &i, end, arrival)
        for k in columns.indices {
            guard i < end else { throw .csv(.missingCell, at: end, column: k &+ 2) }
            i &+= 1
            if let value = try readValue(line, &i, end, k &+ 2) {
                readings.append(sensor: columns[k], time: time, value: value)
                outcome.readings &+= 1
            } else {
                outcome.absent &+= 1
            }
        }
        guard i == end else { throw .csv(.extraCell, at: i, column: columns.count + 2) }
        return outcome
    }

    private mutating func readLong(
        _ line: Span<UInt8>,
        _ end: Int,
        _ arrival: Int64?,
        _ names: inout SensorNames,
        _ readings: inout LineReadings
    ) throws(LineError) -> LineOutcome {
        var i = 0
        let time = try readTime(line, &i, end, arrival)
        guard i < end else { throw .csv(.missingCell, at: end, column: 2) }
        let cell = try CSVCell.find(line, from: i + 1, to: end, column: 2, scratch: &scratch)
        guard cell.next < end else { throw .csv(.missingCell, at: end, column: 3) }
        i = cell.next + 1
        // Before the value, because that may use the scratch bytes for itself.
        let known = cell.isUnescaped ? try name(line, cell, 2, &names) : nil
        guard let value = try readValue(line, &i, end, 3) else {
            guard i == end else { throw .csv(.extraCell, at: i, column: 4) }
            return LineOutcome(absent: 1)
        }
        guard i == end else { throw .csv(.extraCell, at: i, column: 4) }
        // A new name is worth remembering only where the whole line was good.
        let sensor =
            if let known { known } else { try name(line, cell, 2, &names) }
        readings.append(sensor: sensor, time: time, value: value)
        return LineOutcome(readings: 1)
    }

    /// The time of the line; `i` then stands at the comma behind it, or at the end.
    @inline(__always)
    private mutating func readTime(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ arrival: Int64?
    ) throws(LineError) -> Int64 {
        var next = 0
        if case .number(let unit) = notation,
            let decimal = Decimal.scan(line, from: 0, to: end, next: &next),
            next == end || line[next] == ASCII.comma
        {
            i = next
            return try TimeText.nanoseconds(decimal, unit: unit, at: 0, column: 1)
        }
        return try readTimeCell(line, &i, end, arrival)
    }

    private mutating func readTimeCell(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ arrival: Int64?
    ) throws(LineError) -> Int64 {
        let cell = try CSVCell.find(line, from: 0, to: end, column: 1, scratch: &scratch)
        i = cell.next
        if cell.isEmpty {
            guard let arrival else { throw .time(.missing, at: 0, column: 1) }
            return arrival
        }
        guard !cell.isUnescaped else { throw .time(.malformed, at: 0, column: 1) }
        switch notation {
        case .anything:
            return try TimeText.anything(line, from: cell.start, to: cell.end, column: 1)
        case .number(let unit):
            return try TimeText.number(
                line, from: cell.start, to: cell.end, unit: unit, column: 1)
        }
    }

    /// The value of the cell at `i`, nil if it is empty; `i` then stands behind the cell.
    @inline(__always)
    private mutating func readValue(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ column: Int
    ) throws(LineError) -> Double? {
        let start = i
        var next = start
        if let decimal = Decimal.scan(line, from: start, to: end, next: &next),
            next == end || line[next] == ASCII.comma
        {
            i = next
            return try decimal.value(line, start, next, column: column)
        }
        return try readValueCell(line, &i, end, column)
    }

    @inline(never)
    private mutating func readValueCell(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ column: Int
    ) throws(LineError) -> Double? {
        let start = i
        let cell = try CSVCell.find(line, from: start, to: end, column: column, scratch: &scratch)
        i = cell.next
        guard !cell.isEmpty else { return nil }
        // No value has a quote in it.
        guard !cell.isUnescaped else { throw .value(.malformed, at: start, column: column) }
        return try ValueText.csvValue(line, from: cell.start, to: cell.end, column: column)
    }
}
