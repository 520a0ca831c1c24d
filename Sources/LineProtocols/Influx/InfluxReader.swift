// SPDX-License-Identifier: Apache-2.0

/// Reads the Influx line protocol:
///
///     weather,site=roof,mast=a temp=21.5,rain=0i,door=t,note="dry" 1700000000000000000
///
/// **Names.** Each field is a sensor: the measurement, the tags in the order of their keys, a
/// dot and the field: `weather,mast=a,site=roof.temp`. `\ ` becomes a space; `\,` and `\=` stay
/// as they are, so that no two series get one name but those that differ in where a dot stands.
///
/// **Values.** Floats as JSON writes numbers, integers `3i` and `3u` as long as a double equals
/// them, Booleans as 0 and 1. Strings are counted and left out, unless those of the
/// sensor are known.
///
/// **Times** are whole numbers of `unit`. Empty lines and comments (`#`) hold nothing.
package struct InfluxReader: Sendable {
    /// Where a tag is in the line.
    private struct Tag {
        var start: Int
        var equals: Int
        var end: Int
    }

    /// A field that is a reading.
    private struct Field {
        var keyStart: Int
        var keyEnd: Int
        var value: Double
        /// Where the content of a string is; empty for other values.
        var text = 0..<0
        var isText = false
    }

    /// More tags than fit into a name, so that sorting them has an end.
    private static let maximumTags = SensorNames.maximumLength / 4 + 1

    private let unit: TimeUnit
    private var naming = SensorNaming()
    private var texts = TextValues()
    private var isArrival = false
    private var tags: [Tag] = []
    private var fields: [Field] = []
    /// The name of a sensor while it is put together.
    private var name: [UInt8] = []

    /// A reader of lines whose times count `unit`.
    package init(unit: TimeUnit = .nanoseconds) {
        self.unit = unit
    }

    /// A reader of lines as `settings` describe them.
    package init(_ settings: LineReaderSettings) {
        unit = settings.timeUnit ?? .nanoseconds
        naming = SensorNaming(prefix: settings.prefix)
        texts = settings.texts
        isArrival = settings.timeSource == .arrival
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
        let end = line.endWithoutReturn
        var i = Self.skipSpaces(line, 0, end)
        guard i < end, line[i] != UInt8(ascii: "#") else { return LineOutcome() }
        tags.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        var outcome = LineOutcome()
        let seriesStart = i
        let measurementEnd = try readMeasurement(line, &i, end)
        while i < end, line[i] == ASCII.comma { try readTag(line, &i, end) }
        i = Self.skipSpaces(line, i, end)
        while true {
            try readField(line, &i, end)
            guard i < end, line[i] == ASCII.comma else { break }
            i += 1
        }
        let time = try readTime(line, i, end, arrival)

        let mark = readings.count
        do throws(LineError) {
            try emit(line, seriesStart..<measurementEnd, time, &names, &readings, &outcome)
        } catch {
            readings.truncate(to: mark)
            throw error
        }
        return outcome
    }

    private mutating func readMeasurement(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int
    ) throws(LineError) -> Int {
        let start = i
        // A measurement may hold an equals sign, so only these two end it.
        i = Self.wordEnd(line, start, end, stopsAtEquals: false)
        guard i > start else { throw .influx(.missingMeasurement, at: start) }
        guard i < end else { throw .influx(.missingField, at: end) }
        return i
    }

    private mutating func readTag(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int
    ) throws(LineError) {
        let start = i + 1
        let equals = Self.wordEnd(line, start, end, stopsAtEquals: true)
        guard equals > start, equals < end, line[equals] == ASCII.equals else {
            throw .influx(.badTag, at: equals)
        }
        i = Self.wordEnd(line, equals + 1, end, stopsAtEquals: true)
        guard i > equals + 1, i < end, line[i] != ASCII.equals else {
            throw .influx(.badTag, at: i)
        }
        guard tags.count < Self.maximumTags else { throw .name(.tooLong, at: start, column: 0) }
        // Into its place among the tags before it; there are few.
        var place = tags.count
        while place > 0 {
            let order = Self.compare(line, start..<equals, tags[place - 1])
            guard order != 0 else { throw .influx(.duplicateTag, at: start) }
            if order > 0 { break }
            place -= 1
        }
        tags.insert(Tag(start: start, equals: equals, end: i), at: place)
    }

    private mutating func readField(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int
    ) throws(LineError) {
        let start = i
        guard start < end else { throw .influx(.missingField, at: end) }
        let equals = Self.wordEnd(line, start, end, stopsAtEquals: true)
        guard equals > start, equals + 1 < end, line[equals] == ASCII.equals else {
            throw .influx(.badField, at: equals)
        }
        let valueStart = equals + 1
        if line[valueStart] == ASCII.quote {
            i = try Self.stringEnd(line, valueStart, end)
            fields.append(
                Field(
                    keyStart: start, keyEnd: equals, value: 0, text: (valueStart + 1)..<(i - 1),
                    isText: true))
        } else {
            i = valueStart
            while i < end, line[i] != ASCII.comma, line[i] != ASCII.space { i &+= 1 }
            let value = try InfluxValue.read(line, from: valueStart, to: i)
            fields.append(Field(keyStart: start, keyEnd: equals, value: value))
        }
        guard i == end || line[i] == ASCII.comma || line[i] == ASCII.space else {
            throw .influx(.badField, at: i)
        }
    }

    private mutating func readTime(
        _ line: Span<UInt8>,
        _ start: Int,
        _ end: Int,
        _ arrival: Int64?
    ) throws(LineError) -> Int64 {
        let first = Self.skipSpaces(line, start, end)
        guard first < end else {
            guard let arrival else { throw .time(.missing, at: end, column: 0) }
            return arrival
        }
        let last = line.firstOffset(of: ASCII.space, from: first, to: end) ?? end
        guard Self.skipSpaces(line, last, end) == end else { throw .influx(.trailing, at: last) }
        if isArrival, let arrival { return arrival }
        return try TimeText.number(line, from: first, to: last, unit: unit)
    }

    /// Names the fields and hands them on.
    private mutating func emit(
        _ line: Span<UInt8>,
        _ measurement: Range<Int>,
        _ time: Int64,
        _ names: inout SensorNames,
        _ readings: inout LineReadings,
        _ outcome: inout LineOutcome
    ) throws(LineError) {
        let first = readings.count
        name.removeAll(keepingCapacity: true)
        appendWord(line, measurement.lowerBound, measurement.upperBound)
        for tag in tags {
            name.append(ASCII.comma)
            appendWord(line, tag.start, tag.end)
        }
        name.append(ASCII.dot)
        let prefix = name.count
        for field in fields {
            if field.isText, texts.isEmpty {
                outcome.skipped += 1
                continue
            }
            name.removeLast(name.count - prefix)
            appendWord(line, field.keyStart, field.keyEnd)
            var value = field.value
            if field.isText {
                guard let meant = meaning(of: line.extracting(field.text), &names) else {
                    outcome.skipped += 1
                    continue
                }
                value = meant
            }
            let sensor = try naming.index(
                of: name.span, from: 0, to: name.count, at: field.keyStart, &names)
            for k in first..<readings.count where readings[k].sensor == sensor {
                throw .influx(.duplicateField, at: field.keyStart)
            }
            readings.append(sensor: sensor, time: time, value: value)
        }
        outcome.readings = readings.count - first
    }

    /// What a string stands for as the value of the sensor called `name`; `\"` is not undone.
    private mutating func meaning(
        of text: Span<UInt8>, _ names: inout SensorNames
    ) -> Double? {
        guard
            case .value(let value) = naming.answer(
                texts, for: name.span, from: 0, to: name.count, text: text, &names)
        else { return nil }
        return value
    }

    /// Adds a word to the name, `\ ` as a space and all else as it stands.
    private mutating func appendWord(_ line: Span<UInt8>, _ start: Int, _ end: Int) {
        var i = start
        while i < end {
            if line[i] == ASCII.backslash, i + 1 < end, line[i + 1] == ASCII.space { i += 1 }
            name.append(line[i])
            i += 1
        }
    }

    /// The comma, space or, if asked, equals sign that ends the word; those behind a backslash
    /// belong to it.
    @inline(__always)
    private static func wordEnd(
        _ line: Span<UInt8>,
        _ start: Int,
        _ end: Int,
        stopsAtEquals: Bool
    ) -> Int {
        var i = start
        while i < end {
            switch line[i] {
            case ASCII.comma, ASCII.space: return i
            case ASCII.equals where stopsAtEquals: return i
            case ASCII.backslash where i + 1 < end && isEscapable(line[i + 1]): i &+= 2
            default: i &+= 1
            }
        }
        return end
    }

    private static func isEscapable(_ byte: UInt8) -> Bool {
        byte == ASCII.comma || byte == ASCII.space || byte == ASCII.equals
    }

    /// Behind the closing quote of the string whose opening quote is at `start`.
    private static func stringEnd(
        _ line: Span<UInt8>,
        _ start: Int,
        _ end: Int
    ) throws(LineError) -> Int {
        var i = start + 1
        while i < end {
            switch line[i] {
            case ASCII.quote: return i + 1
            case ASCII.backslash: i += 2
            default: i += 1
            }
        }
        throw .influx(.unterminatedString, at: start)
    }

    @inline(__always)
    private static func skipSpaces(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var i = start
        while i < end, line[i] == ASCII.space { i &+= 1 }
        return i
    }

    /// Below, at or above zero as the key comes before, equals or comes behind that of `tag`.
    private static func compare(_ line: Span<UInt8>, _ key: Range<Int>, _ tag: Tag) -> Int {
        let otherCount = tag.equals - tag.start
        for i in 0..<min(key.count, otherCount) {
            let difference = Int(line[key.lowerBound + i]) - Int(line[tag.start + i])
            if difference != 0 { return difference }
        }
        return key.count - otherCount
    }
}
