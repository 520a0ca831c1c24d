// SPDX-License-Identifier: Apache-2.0

/// Reads sentences as NMEA 0183 writes them:
///
///     $GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47
///
/// The checksum must be there and right: a sentence that was cut off looks like a whole one
/// otherwise. Talker and sentence name the sensors, and the place of the field behind them, from 1:
/// `GPGGA.7` is 8. Fields of letters are left out and counted, empty ones are no readings.
///
/// With columns configured, the first says which sentences to take and the others what their
/// fields are; other sentences hold nothing then, nor do fields behind the last column. The time
/// is that of a column, if one is a time, else the arrival: sentences have times of day only.
package struct NMEAReader: Sendable {
    private var columns: LineColumns
    private let sentence: [UInt8]
    private let naming: SensorNaming
    private let texts: TextValues
    private var fields: [DeviceField] = []
    private var values = DeviceValue()
    private var name: [UInt8] = []

    /// A reader of lines as `settings` describe them.
    package init(_ settings: LineReaderSettings) {
        columns = LineColumns(
            Array(settings.columns.dropFirst()), TimeRule(settings), hasDegrees: true)
        sentence = Array((settings.columns.first ?? LineReaderSettings.skippedColumn).utf8)
        naming = SensorNaming(prefix: settings.prefix)
        texts = settings.texts
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
        guard end > 0 else { return LineOutcome() }
        guard line[0] == ASCII.dollar else { throw .nmea(.missingStart, at: 0) }
        guard let star = LineChecksum.place(line, end) else {
            throw .checksum(.missing, at: end)
        }
        try LineChecksum.verify(line, star)
        let addressEnd = try Self.addressEnd(line, star)
        let mark = readings.count
        do throws(LineError) {
            if columns.isEmpty {
                guard let arrival else { throw .time(.missing, at: 0, column: 0) }
                try readFields(line, addressEnd, star)
                return try addFields(line, addressEnd, arrival, &names, &readings)
            }
            guard isWanted(line, addressEnd) else { return LineOutcome() }
            try columns.resolve(naming, &names)
            try readFields(line, addressEnd, star)
            return try addColumns(line, star, arrival, names, &readings)
        } catch {
            readings.truncate(to: mark)
            throw error
        }
    }

    /// Whether the line has the form of a sentence, whatever its checksum says.
    static func isSentence(_ line: Span<UInt8>) -> Bool {
        guard line.count > 0, line[0] == ASCII.dollar,
            let star = LineChecksum.place(line, DeviceList.trimmedEnd(line))
        else { return false }
        return (try? addressEnd(line, star)) != nil
    }

    private static func addressEnd(_ line: Span<UInt8>, _ star: Int) throws(LineError) -> Int {
        var i = 1
        while i < star, line[i] != ASCII.comma {
            let isLetter = line[i] | 0x20 >= 0x61 && line[i] | 0x20 <= 0x7A
            guard isLetter || line[i] &- ASCII.zero < 10 else { throw .nmea(.badAddress, at: i) }
            i += 1
        }
        guard i > 1 else { throw .nmea(.badAddress, at: 1) }
        return i
    }

    /// Whether the address is that of the configured sentences, or ends in it.
    private func isWanted(_ line: Span<UInt8>, _ addressEnd: Int) -> Bool {
        if sentence == [ASCII.underscore] { return true }
        let start = addressEnd - sentence.count
        // The talker has two letters, and only it may be left out.
        guard start == 1 || start == 3 else { return false }
        for i in sentence.indices where sentence[i] != line[start + i] { return false }
        return true
    }

    /// Takes the fields apart; those of degrees are no numbers yet.
    private mutating func readFields(
        _ line: Span<UInt8>,
        _ addressEnd: Int,
        _ star: Int
    ) throws(LineError) {
        fields.removeAll(keepingCapacity: true)
        var i = addressEnd
        while i < star {
            let start = i + 1
            i = line.firstOffset(of: ASCII.comma, from: start, to: star) ?? star
            fields.append(DeviceField(start: start, end: i, kind: start == i ? .absent : .text))
        }
    }

    private mutating func addFields(
        _ line: Span<UInt8>,
        _ addressEnd: Int,
        _ time: Int64,
        _ names: inout SensorNames,
        _ readings: inout LineReadings
    ) throws(LineError) -> LineOutcome {
        var outcome = LineOutcome()
        for k in fields.indices {
            guard fields[k].kind != .absent else {
                outcome.absent += 1
                continue
            }
            name.removeAll(keepingCapacity: true)
            for i in 1..<addressEnd { name.append(line[i]) }
            name.append(place: k + 1)
            guard let value = try value(line, k, &names) else {
                outcome.skipped += 1
                continue
            }
            let sensor = try naming.index(
                of: name.span, from: 0, to: name.count, at: fields[k].start, &names)
            readings.append(sensor: sensor, time: time, value: value)
            outcome.readings += 1
        }
        return outcome
    }

    /// The value of a field that is not empty, for the sensor called `name`; nil for a text that
    /// is none.
    private mutating func value(
        _ line: Span<UInt8>, _ k: Int, _ names: inout SensorNames
    ) throws(LineError) -> Double? {
        let field = fields[k]
        if let value = try values.read(line, from: field.start, to: field.end) { return value }
        let text = line.extracting(field.start..<field.end)
        guard
            case .value(let value) = naming.answer(
                texts, for: name.span, from: 0, to: name.count, text: text, &names)
        else { return nil }
        return value
    }

    private mutating func addColumns(
        _ line: Span<UInt8>,
        _ star: Int,
        _ arrival: Int64?,
        _ names: borrowing SensorNames,
        _ readings: inout LineReadings
    ) throws(LineError) -> LineOutcome {
        guard fields.count >= columns.count else { throw .nmea(.missingField, at: star) }
        var outcome = LineOutcome()
        var time = arrival
        let mark = readings.count
        for k in 0..<columns.count where fields[k].kind != .absent {
            let field = fields[k]
            var found: (sensor: Int, value: Double?)
            switch columns.roles[k] {
            case .skipped: continue
            case .time(let notation):
                time = try readTime(line, field, notation)
                continue
            case .sensor(let sensor):
                found = (sensor, try values.read(line, from: field.start, to: field.end))
                if found.value == nil { found.value = text(line, field, sensor, names) }
            case .degrees(let sensor): found = (sensor, try degrees(line, k))
            }
            guard let value = found.value else {
                outcome.skipped += 1
                continue
            }
            readings.append(sensor: found.sensor, time: 0, value: value)
            outcome.readings += 1
        }
        for k in 0..<columns.count where fields[k].kind == .absent {
            switch columns.roles[k] {
            case .skipped, .time: break
            case .sensor, .degrees: outcome.absent += 1
            }
        }
        guard let time else { throw .time(.missing, at: 0, column: 0) }
        readings.stamp(from: mark, time)
        return outcome
    }

    private func text(
        _ line: Span<UInt8>, _ field: DeviceField, _ sensor: Int, _ names: borrowing SensorNames
    ) -> Double? {
        let answer = texts.answer(
            sensor: names.text.span.extracting(names.range(of: sensor)),
            text: line.extracting(field.start..<field.end))
        guard case .value(let value) = answer else { return nil }
        return value
    }

    private func readTime(
        _ line: Span<UInt8>, _ field: DeviceField, _ notation: TimeNotation
    ) throws(LineError) -> Int64 {
        switch notation {
        case .anything(let unit):
            try TimeText.anything(line, from: field.start, to: field.end, unit: unit, column: 0)
        case .number(let unit):
            try TimeText.number(line, from: field.start, to: field.end, unit: unit)
        }
    }

    /// The degrees of field `k`, south and west of zero below it.
    private mutating func degrees(_ line: Span<UInt8>, _ k: Int) throws(LineError) -> Double {
        let field = fields[k]
        guard !Self.hasExponent(line, field),
            let decimal = values.decimal(line, from: field.start, to: field.end),
            let magnitude = Self.degrees(decimal)
        else { throw .nmea(.badDegrees, at: field.start) }
        guard k + 1 < fields.count, fields[k + 1].end == fields[k + 1].start + 1 else {
            throw .nmea(.badHemisphere, at: field.end)
        }
        let limit: Double
        let isNegative: Bool
        switch line[fields[k + 1].start] {
        case UInt8(ascii: "N"): (limit, isNegative) = (90, false)
        case UInt8(ascii: "S"): (limit, isNegative) = (90, true)
        case UInt8(ascii: "E"): (limit, isNegative) = (180, false)
        case UInt8(ascii: "W"): (limit, isNegative) = (180, true)
        default: throw .nmea(.badHemisphere, at: fields[k + 1].start)
        }
        guard magnitude <= limit else { throw .nmea(.badDegrees, at: field.start) }
        return isNegative && magnitude != 0 ? -magnitude : magnitude
    }

    private static func hasExponent(_ line: Span<UInt8>, _ field: DeviceField) -> Bool {
        for i in field.start..<field.end where line[i] | 0x20 == 0x65 { return true }
        return false
    }

    /// Degrees of `dddmm.mmmm`: degrees and sixtieths are whole numbers of one unit, small enough
    /// to be doubles, so that their one division rounds correctly. nil for what is no such number,
    /// and for minutes with more than eleven decimals.
    private static func degrees(_ number: Decimal) -> Double? {
        guard !number.isNegative, !number.isTruncated, number.exponent <= 0,
            number.exponent >= -11
        else { return nil }
        var minute: UInt64 = 1
        for _ in 0..<(-number.exponent) { minute *= 10 }
        let (whole, minutes) = number.mantissa.quotientAndRemainder(dividingBy: 100 * minute)
        guard whole <= 180, minutes < 60 * minute else { return nil }
        return Double(whole * 60 * minute + minutes) / Double(60 * minute)
    }
}
