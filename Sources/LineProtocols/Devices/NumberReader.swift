// SPDX-License-Identifier: Apache-2.0

/// Reads lines of numbers and nothing else:
///
///     21.5                one sensor, whose name is configured
///     21.5, 40 1013.2     three: name.1, name.2, name.3
///
/// Commas and semicolons part numbers, each of them one place; so do blanks, any number of them.
/// With columns configured there are as many numbers as columns, and one may be the time; else it
/// is the arrival.
package struct NumberReader: Sendable {
    private var columns: LineColumns
    private let naming: SensorNaming
    private let texts: TextValues
    private let name: [UInt8]
    /// The sensor of each place; place 0 is that of a number alone.
    private var sensors: [Int] = []
    private var fields: [DeviceField] = []
    private var values = DeviceValue()
    private var scratch: [UInt8] = []

    /// A reader of lines as `settings` describe them: with a sensor or with columns.
    package init(_ settings: LineReaderSettings) {
        columns = LineColumns(settings.columns, TimeRule(settings))
        naming = SensorNaming(prefix: settings.prefix)
        texts = settings.texts
        name = Array((settings.sensor ?? "").utf8)
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
        let end = DeviceList.trimmedEnd(line)
        let first = DeviceList.skipBlanks(line, 0, end)
        guard first < end else { return LineOutcome() }
        let mark = readings.count
        do throws(LineError) {
            if columns.isEmpty {
                guard let arrival else { throw .time(.missing, at: 0, column: 0) }
                try readFields(line, first, end)
                return try addPlaces(line, arrival, &names, &readings)
            }
            try columns.resolve(naming, &names)
            try readFields(line, first, end)
            return try addColumns(line, end, arrival, names, &readings)
        } catch {
            readings.truncate(to: mark)
            throw error
        }
    }

    /// Takes the line apart.
    private mutating func readFields(
        _ line: Span<UInt8>,
        _ first: Int,
        _ end: Int
    ) throws(LineError) {
        fields.removeAll(keepingCapacity: true)
        var i = first
        while true {
            let start = i
            let wordEnd = DeviceList.wordEnd(line, start, end)
            var field = DeviceField(start: start, end: wordEnd, kind: .absent)
            if wordEnd > start {
                let value = try values.read(
                    line, from: start, to: wordEnd, column: fields.count + 1)
                field.kind = value == nil ? .text : .number
                field.value = value ?? 0
            }
            fields.append(field)
            i = DeviceList.skipBlanks(line, wordEnd, end)
            guard i < end else { return }
            if line[i] == ASCII.comma || line[i] == ASCII.semicolon {
                i = DeviceList.skipBlanks(line, i + 1, end)
                // The last one may end the line as well as part it.
                guard i < end else { return }
            }
        }
    }

    private mutating func addPlaces(
        _ line: Span<UInt8>,
        _ time: Int64,
        _ names: inout SensorNames,
        _ readings: inout LineReadings
    ) throws(LineError) -> LineOutcome {
        var outcome = LineOutcome()
        let offset = fields.count == 1 ? 0 : 1
        // A text here is mostly no reading at all: no sensor is named for it.
        if texts.isEmpty { try refuseTexts() }
        for k in fields.indices {
            let sensor = try sensor(at: k + offset, fields[k].start, &names)
            try add(line, k, sensor, time, names, &readings, &outcome)
        }
        return outcome
    }

    private func refuseTexts() throws(LineError) {
        for k in fields.indices where fields[k].kind == .text {
            throw .value(.malformed, at: fields[k].start, column: k + 1)
        }
    }

    private mutating func addColumns(
        _ line: Span<UInt8>,
        _ end: Int,
        _ arrival: Int64?,
        _ names: borrowing SensorNames,
        _ readings: inout LineReadings
    ) throws(LineError) -> LineOutcome {
        var outcome = LineOutcome()
        var time = arrival
        let mark = readings.count
        guard !areColumnNames(line) else { return outcome }
        guard fields.count >= columns.count else {
            throw .csv(.missingCell, at: end, column: fields.count + 1)
        }
        guard fields.count == columns.count else {
            throw .csv(.extraCell, at: fields[columns.count].start, column: columns.count + 1)
        }
        for k in fields.indices {
            switch columns.roles[k] {
            case .skipped: break
            case .time(let notation):
                if fields[k].kind != .absent { time = try readTime(line, k, notation) }
            case .sensor(let sensor), .degrees(let sensor):
                try add(line, k, sensor, 0, names, &readings, &outcome)
            }
        }
        guard let time else { throw .time(.missing, at: 0, column: 0) }
        readings.stamp(from: mark, time)
        return outcome
    }

    private func areColumnNames(_ line: Span<UInt8>) -> Bool {
        guard fields.count == columns.count else { return false }
        return fields.indices.allSatisfy {
            columns.areNames(line, $0, fields[$0].start, fields[$0].end)
        }
    }

    private func readTime(
        _ line: Span<UInt8>, _ k: Int, _ notation: TimeNotation
    ) throws(LineError) -> Int64 {
        switch notation {
        case .anything(let unit):
            try TimeText.anything(
                line, from: fields[k].start, to: fields[k].end, unit: unit, column: k + 1)
        case .number(let unit):
            try TimeText.number(
                line, from: fields[k].start, to: fields[k].end, unit: unit, column: k + 1)
        }
    }

    private mutating func add(
        _ line: Span<UInt8>,
        _ k: Int,
        _ sensor: Int,
        _ time: Int64,
        _ names: borrowing SensorNames,
        _ readings: inout LineReadings,
        _ outcome: inout LineOutcome
    ) throws(LineError) {
        let field = fields[k]
        switch field.kind {
        case .absent: outcome.absent += 1
        case .number:
            readings.append(sensor: sensor, time: time, value: field.value)
            outcome.readings += 1
        case .text:
            let answer = texts.answer(
                sensor: names.text.span.extracting(names.range(of: sensor)),
                text: line.extracting(field.start..<field.end))
            switch answer {
            case .value(let value):
                readings.append(sensor: sensor, time: time, value: value)
                outcome.readings += 1
            case .unknown: outcome.skipped += 1
            case .none: throw .value(.malformed, at: field.start, column: k + 1)
            }
        }
    }

    /// The sensor of a place, from 1; 0 is that of a number alone.
    private mutating func sensor(
        at place: Int,
        _ at: Int,
        _ names: inout SensorNames
    ) throws(LineError) -> Int {
        while sensors.count <= place {
            scratch.removeAll(keepingCapacity: true)
            scratch.append(contentsOf: name)
            if sensors.count > 0 { scratch.append(place: sensors.count) }
            sensors.append(
                try naming.index(of: scratch.span, from: 0, to: scratch.count, at: at, &names))
        }
        return sensors[place]
    }
}

extension [UInt8] {
    /// Adds a point and a number: the place of a value that has no other name.
    mutating func append(place: Int) {
        append(ASCII.dot)
        var divisor = 1
        while place / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(ASCII.zero + UInt8(place / divisor % 10))
            divisor /= 10
        }
    }
}
