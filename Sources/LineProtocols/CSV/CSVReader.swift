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
///
/// Where the settings name the columns, no header is awaited, and a line of just these names is
/// passed over. A text counts only for a sensor whose texts are known.
package struct CSVReader: Sendable {
    private enum Layout {
        /// No header yet: the next line is to be one.
        case awaitingHeader
        case wide
        case long
        /// As the settings say.
        case configured
    }

    private var layout = Layout.awaitingHeader
    private var notation = TimeNotation.anything(.seconds)
    /// Wide: the sensor of each column behind the time.
    private var columns: [Int] = []
    /// The content of a quoted cell that had quotes in it.
    private var scratch: [UInt8] = []
    /// The cell last read, if it is a text that may stand for a value.
    private var unread: CSVCell?

    private var configured = LineColumns([], TimeRule())
    private var naming = SensorNaming()
    private var texts = TextValues()
    private var rule = TimeRule()
    private var delimiter = ASCII.comma

    /// A reader that awaits its header.
    package init() {}

    /// A reader of lines as `settings` describe them.
    package init(_ settings: LineReaderSettings) {
        rule = TimeRule(settings)
        configured = LineColumns(settings.columns, rule)
        if !configured.isEmpty { layout = .configured }
        naming = SensorNaming(prefix: settings.prefix)
        texts = settings.texts
        delimiter = settings.delimiter
    }

    /// Whether a header was read.
    package var hasHeader: Bool {
        switch layout {
        case .awaitingHeader, .configured: false
        case .wide, .long: true
        }
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
        var end = line.endWithoutReturn
        if delimiter == ASCII.space {
            while end > 0, line[end - 1] == ASCII.space { end -= 1 }
        }
        guard end > 0 else { return LineOutcome() }
        let mark = readings.count
        do throws(LineError) {
            switch layout {
            case .awaitingHeader:
                return try readHeader(line, end, &names)
            case .wide:
                return try readWide(line, end, arrival, names, &readings)
            case .long:
                return try readLong(line, end, arrival, &names, &readings)
            case .configured:
                return try readConfigured(line, end, arrival, &names, &readings)
            }
        } catch {
            readings.truncate(to: mark)
            if case .configured = layout {
                if areColumnNames(line, end) { return LineOutcome() }
            } else if case .time(.malformed, _, _) = error, timeColumn(line, end) != nil {
                return try readHeader(line, end, &names)
            }
            throw error
        }
    }

    /// Whether the line can only be a CSV header: it begins with a time column.
    static func isHeader(_ line: Span<UInt8>, delimiter: UInt8 = ASCII.comma) -> Bool {
        notation(line, line.endWithoutReturn, delimiter, nil) != nil
    }

    private func timeColumn(_ line: Span<UInt8>, _ end: Int) -> TimeNotation? {
        Self.notation(line, end, delimiter, rule.plainUnit)
    }

    private static func notation(
        _ line: Span<UInt8>, _ end: Int, _ delimiter: UInt8, _ plain: TimeUnit?
    ) -> TimeNotation? {
        var scratch: [UInt8] = []
        guard
            let cell = try? CSVCell.find(
                line, from: 0, to: end, column: 1, delimiter: delimiter, scratch: &scratch),
            !cell.isUnescaped
        else { return nil }
        return TimeNotation(columnName: line, from: cell.start, to: cell.end, plain: plain)
    }

    @inline(__always)
    private mutating func cell(
        _ line: Span<UInt8>, from start: Int, to end: Int, column: Int
    ) throws(LineError) -> CSVCell {
        try CSVCell.find(
            line, from: start, to: end, column: column, delimiter: delimiter, scratch: &scratch)
    }

    private mutating func readHeader(
        _ line: Span<UInt8>,
        _ end: Int,
        _ names: inout SensorNames
    ) throws(LineError) -> LineOutcome {
        guard let notation = timeColumn(line, end) else {
            throw .csv(.noTimeColumn, at: 0, column: 1)
        }
        let first = try cell(line, from: 0, to: end, column: 1)
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
        let second = try cell(line, from: comma + 1, to: end, column: 2)
        guard !second.isUnescaped, second.next < end,
            line.equalsIgnoringCase("sensor", from: second.start, to: second.end)
        else { return false }
        let third = try cell(line, from: second.next + 1, to: end, column: 3)
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
            let cell = try self.cell(line, from: start, to: end, column: column)
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
            return try naming.index(
                of: scratch.span, from: 0, to: scratch.count, at: cell.offset, column: column,
                &names)
        }
        return try naming.index(
            of: line, from: cell.start, to: cell.end, column: column, &names)
    }

    private mutating func readWide(
        _ line: Span<UInt8>,
        _ end: Int,
        _ arrival: Int64?,
        _ names: borrowing SensorNames,
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
                try addOther(line, k &+ 2, columns[k], time, names, &readings, &outcome)
            }
        }
        guard i == end else { throw .csv(.extraCell, at: i, column: columns.count + 2) }
        return outcome
    }

    private mutating func readConfigured(
        _ line: Span<UInt8>,
        _ end: Int,
        _ arrival: Int64?,
        _ names: inout SensorNames,
        _ readings: inout LineReadings
    ) throws(LineError) -> LineOutcome {
        try configured.resolve(naming, &names)
        var outcome = LineOutcome()
        var time = arrival
        var i = 0
        let mark = readings.count
        for k in 0..<configured.count {
            if k > 0 {
                guard i < end else { throw .csv(.missingCell, at: end, column: k &+ 1) }
                i &+= 1
            }
            switch configured.roles[k] {
            case .skipped: i = try cell(line, from: i, to: end, column: k &+ 1).next
            case .time(let notation):
                time = try readTimeCell(line, &i, end, notation, k &+ 1) ?? arrival
            case .sensor(let sensor), .degrees(let sensor):
                if let value = try readValue(line, &i, end, k &+ 1) {
                    readings.append(sensor: sensor, time: 0, value: value)
                    outcome.readings &+= 1
                } else {
                    try addOther(line, k &+ 1, sensor, 0, names, &readings, &outcome)
                }
            }
        }
        guard i == end else { throw .csv(.extraCell, at: i, column: configured.count + 1) }
        guard let time else { throw .time(.missing, at: 0, column: 0) }
        readings.stamp(from: mark, time)
        return outcome
    }

    /// Whether the cells are the names that the settings give the columns.
    private mutating func areColumnNames(_ line: Span<UInt8>, _ end: Int) -> Bool {
        var i = 0
        for k in 0..<configured.count {
            if k > 0 { i += 1 }
            guard i <= end, let cell = try? cell(line, from: i, to: end, column: k + 1),
                !cell.isUnescaped, configured.areNames(line, k, cell.start, cell.end)
            else { return false }
            i = cell.next
        }
        return i == end
    }

    /// A cell without a number: empty, or a text that may stand for one.
    @inline(never)
    private mutating func addOther(
        _ line: Span<UInt8>,
        _ column: Int,
        _ sensor: Int,
        _ time: Int64,
        _ names: borrowing SensorNames,
        _ readings: inout LineReadings,
        _ outcome: inout LineOutcome
    ) throws(LineError) {
        guard let text = unread else {
            outcome.absent &+= 1
            return
        }
        let unescaped = scratch.span
        let bytes = text.isUnescaped ? unescaped : line
        let answer = texts.answer(
            sensor: names.text.span.extracting(names.range(of: sensor)),
            text: bytes.extracting(text.start..<text.end))
        switch answer {
        case .value(let value):
            readings.append(sensor: sensor, time: time, value: value)
            outcome.readings &+= 1
        case .unknown: outcome.skipped &+= 1
        case .none: throw .value(.malformed, at: text.offset, column: column)
        }
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
        let cell = try self.cell(line, from: i + 1, to: end, column: 2)
        guard cell.next < end else { throw .csv(.missingCell, at: end, column: 3) }
        i = cell.next + 1
        // Before the value, because that may use the scratch bytes for itself.
        let known = cell.isUnescaped ? try name(line, cell, 2, &names) : nil
        guard let value = try readValue(line, &i, end, 3) else {
            guard i == end else { throw .csv(.extraCell, at: i, column: 4) }
            guard unread != nil else { return LineOutcome(absent: 1) }
            var outcome = LineOutcome()
            let sensor = if let known { known } else { try name(line, cell, 2, &names) }
            try addOther(line, 3, sensor, time, names, &readings, &outcome)
            return outcome
        }
        guard i == end else { throw .csv(.extraCell, at: i, column: 4) }
        // A new name is worth remembering only where the whole line was good.
        let sensor =
            if let known { known } else { try name(line, cell, 2, &names) }
        readings.append(sensor: sensor, time: time, value: value)
        return LineOutcome(readings: 1)
    }

    /// The time of the line; `i` then stands at the delimiter behind it, or at the end.
    @inline(__always)
    private mutating func readTime(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ arrival: Int64?
    ) throws(LineError) -> Int64 {
        var next = 0
        if case .number(let unit) = notation, !rule.isArrival,
            let decimal = Decimal.scan(line, from: 0, to: end, next: &next),
            next == end || line[next] == delimiter
        {
            i = next
            return try TimeText.nanoseconds(decimal, unit: unit, at: 0, column: 1)
        }
        guard let time = try readTimeCell(line, &i, end, notation, 1) ?? arrival else {
            throw .time(.missing, at: 0, column: 1)
        }
        return time
    }

    /// The time in the cell at `i`, nil if it is empty or not wanted; `i` then stands behind it.
    private mutating func readTimeCell(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ notation: TimeNotation,
        _ column: Int
    ) throws(LineError) -> Int64? {
        let start = i
        let cell = try self.cell(line, from: start, to: end, column: column)
        i = cell.next
        if cell.isEmpty { return nil }
        if rule.isArrival {
            // Whatever it is, unless it is that of a header.
            let name = TimeNotation(
                columnName: line, from: cell.start, to: cell.end, plain: nil)
            guard cell.isUnescaped || name == nil else {
                throw .time(.malformed, at: start, column: column)
            }
            return nil
        }
        guard !cell.isUnescaped else { throw .time(.malformed, at: start, column: column) }
        switch notation {
        case .anything(let unit):
            return try TimeText.anything(
                line, from: cell.start, to: cell.end, unit: unit, column: column)
        case .number(let unit):
            return try TimeText.number(
                line, from: cell.start, to: cell.end, unit: unit, column: column)
        }
    }

    /// The value of the cell at `i`, nil if it is empty, or is `unread`; `i` then stands
    /// behind the cell.
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
            next == end || line[next] == delimiter
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
        let cell = try self.cell(line, from: start, to: end, column: column)
        i = cell.next
        unread = nil
        guard !cell.isEmpty else { return nil }
        if texts.isEmpty {
            // No value has a quote in it.
            guard !cell.isUnescaped else { throw .value(.malformed, at: start, column: column) }
            return try ValueText.csvValue(line, from: cell.start, to: cell.end, column: column)
        }
        if !cell.isUnescaped,
            let value = try DeviceValue.csvValue(line, cell.start, cell.end, column)
        {
            return value
        }
        unread = cell
        return nil
    }
}
