// SPDX-License-Identifier: Apache-2.0

/// Reads lists of `key=value` or `key:value`:
///
///     temp=21.5,hum=40 door=true;note="wet"
///     time: 1700000000, temp: 21.5
///
/// **Members** are parted by commas, semicolons, spaces and tabs, any number of them. Blanks may
/// stand on both sides of the `=`. Where a line has no `=` at all, `:` is in its place; else
/// it is a part of keys: `28:ff:64=21.5`.
///
/// **Values** are numbers as devices print them, and in letters of any case `true`, `false`, `nan`,
/// `inf`, `-inf`. Anything else, bare or in double quotes, is a text: left out and counted, unless
/// the sensor's texts are known. Nothing at all is no reading.
///
/// **Time** is in the keys that JSON lines have for it: `ts` and `t` (milliseconds), `time`,
/// `time_s`, `time_ms`, `time_us`, `time_ns`, in each of them RFC 3339 as well. `t` is the time
/// only where no other key is.
package struct KeyValueReader: Sendable {
    private var rule: TimeRule
    private let naming: SensorNaming
    private let texts: TextValues
    private var fields: [DeviceField] = []
    private var values = DeviceValue()
    private var marks = SensorMarks()
    /// Which fields are times: that which is one by any key, and `t`.
    private var timeField: Int?
    private var shortTimeField: Int?

    /// A reader of lines as `settings` describe them.
    package init(_ settings: LineReaderSettings) {
        rule = TimeRule(settings)
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
        try readFields(line, line.endWithoutReturn)
        guard !fields.isEmpty else { return LineOutcome() }
        let time = try time(line, arrival)
        let mark = readings.count
        do throws(LineError) {
            return try add(line, time, &names, &readings)
        } catch {
            readings.truncate(to: mark)
            throw error
        }
    }

    /// Whether the line is such a list beyond doubt: names, all with numbers or, behind `=`,
    /// texts, and at least one number.
    mutating func isCertain(_ line: Span<UInt8>) -> Bool {
        guard (try? readFields(line, line.endWithoutReturn)) != nil else { return false }
        let hasEquals = line.firstOffset(of: ASCII.equals, from: 0, to: line.count) != nil
        var hasNumber = false
        for k in fields.indices {
            let first = line[fields[k].keyStart]
            guard Self.beginsName(first), fields[k].kind != .text || hasEquals || isTime(k) else {
                return false
            }
            if fields[k].kind == .number, !isTime(k) { hasNumber = true }
        }
        return hasNumber
    }

    private static func beginsName(_ byte: UInt8) -> Bool {
        byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte == ASCII.underscore || byte >= 0x80
    }

    private func isTime(_ k: Int) -> Bool { k == timeField ?? shortTimeField }

    /// Takes the line apart.
    private mutating func readFields(_ line: Span<UInt8>, _ end: Int) throws(LineError) {
        fields.removeAll(keepingCapacity: true)
        timeField = nil
        shortTimeField = nil
        var separator = ASCII.equals
        var i = Self.skipDelimiters(line, 0, end)
        while i < end {
            let keyStart = i
            var keyEnd = Self.keyEnd(line, i, end, separator)
            if keyEnd == nil, fields.isEmpty, separator == ASCII.equals,
                line.firstOffset(of: ASCII.equals, from: 0, to: end) == nil
            {
                separator = ASCII.colon
                keyEnd = Self.keyEnd(line, i, end, separator)
            }
            guard let keyEnd else { throw .keyValue(.missingSeparator, at: keyStart) }
            guard keyEnd.key > keyStart else { throw .name(.empty, at: keyStart, column: 0) }
            i = keyEnd.value
            let isTime = try noteTime(line, keyStart, keyEnd.key)
            var field = try readValue(line, &i, end, separator, isTime: isTime)
            field.keyStart = keyStart
            field.keyEnd = keyEnd.key
            fields.append(field)
            i = Self.skipDelimiters(line, i, end)
        }
        // A `t` beside another time is a sensor.
        guard timeField != nil, let k = shortTimeField, fields[k].kind == .text,
            let value = try values.read(line, from: fields[k].start, to: fields[k].end)
        else { return }
        fields[k].kind = .number
        fields[k].value = value
    }

    /// Where the key that begins at `start` ends, and where its value begins; nil if nothing parts
    /// the two.
    @inline(__always)
    private static func keyEnd(
        _ line: Span<UInt8>,
        _ start: Int,
        _ end: Int,
        _ separator: UInt8
    ) -> (key: Int, value: Int)? {
        var i = start
        while i < end, line[i] != separator, !DeviceList.isDelimiter(line[i]) { i &+= 1 }
        let key = i
        i = DeviceList.skipBlanks(line, i, end)
        guard i < end, line[i] == separator else { return nil }
        return (key, i &+ 1)
    }

    private mutating func readValue(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ separator: UInt8,
        isTime: Bool
    ) throws(LineError) -> DeviceField {
        var start = i
        var next = DeviceList.wordEnd(line, start, end)
        if next == start {
            // Blanks before the value, or no value at all.
            let first = DeviceList.skipBlanks(line, start, end)
            next = DeviceList.wordEnd(line, first, end)
            let isKey =
                first < end && Self.beginsName(line[first])
                && Self.keyEnd(line, first, end, separator) != nil
            if first == next || isKey {
                return DeviceField(start: start, end: start, kind: .absent)
            }
            start = first
        }
        if line[start] == ASCII.quote {
            return try readQuoted(line, start, &i, end)
        }
        i = next
        // A time has more digits than a value may have.
        if isTime { return DeviceField(start: start, end: next, kind: .text) }
        if let value = try values.read(line, from: start, to: next) {
            return DeviceField(start: start, end: next, kind: .number, value: value)
        }
        // `a=b=2` is two members or none that anyone can tell.
        if separator == ASCII.equals,
            let second = line.firstOffset(of: ASCII.equals, from: start, to: next)
        {
            throw .keyValue(.missingSeparator, at: second)
        }
        return DeviceField(start: start, end: next, kind: .text)
    }

    private func readQuoted(
        _ line: Span<UInt8>,
        _ quote: Int,
        _ i: inout Int,
        _ end: Int
    ) throws(LineError) -> DeviceField {
        guard let closing = line.firstOffset(of: ASCII.quote, from: quote + 1, to: end),
            closing + 1 == end || DeviceList.isDelimiter(line[closing + 1])
        else { throw .keyValue(.badQuote, at: quote) }
        i = closing + 1
        return DeviceField(start: quote + 1, end: closing, kind: .text)
    }

    /// Whether the key of the next field means a time.
    private mutating func noteTime(
        _ line: Span<UInt8>, _ start: Int, _ end: Int
    ) throws(LineError) -> Bool {
        switch JSONMember.role(line, start, end) {
        case .t:
            guard shortTimeField == nil else { throw .keyValue(.duplicateKey, at: start) }
            shortTimeField = fields.count
        case .ts, .time, .timeSeconds, .timeMilliseconds, .timeMicroseconds, .timeNanoseconds:
            guard timeField == nil else { throw .keyValue(.twoTimes, at: start) }
            timeField = fields.count
        case .ordinary, .sensor, .name, .identifier, .value, .v, .error, .remainder, .quality,
            .priority:
            return false
        }
        return true
    }

    private func time(_ line: Span<UInt8>, _ arrival: Int64?) throws(LineError) -> Int64 {
        if let k = timeField ?? shortTimeField, !rule.isArrival, fields[k].kind != .absent {
            let field = fields[k]
            let unit = JSONMember.role(line, field.keyStart, field.keyEnd).timeUnit(rule)
            return try TimeText.anything(
                line, from: field.start, to: field.end, unit: unit, column: 0)
        }
        guard let arrival else { throw .time(.missing, at: 0, column: 0) }
        return arrival
    }

    private mutating func add(
        _ line: Span<UInt8>,
        _ time: Int64,
        _ names: inout SensorNames,
        _ readings: inout LineReadings
    ) throws(LineError) -> LineOutcome {
        var outcome = LineOutcome()
        marks.begin()
        for k in fields.indices where !isTime(k) {
            let field = fields[k]
            var value = field.value
            switch field.kind {
            case .absent:
                outcome.absent &+= 1
                continue
            case .text:
                let answer = naming.answer(
                    texts, for: line, from: field.keyStart, to: field.keyEnd,
                    text: line.extracting(field.start..<field.end), &names)
                guard case .value(let meant) = answer else {
                    outcome.skipped &+= 1
                    continue
                }
                value = meant
            case .number: break
            }
            let sensor = try naming.index(
                of: line, from: field.keyStart, to: field.keyEnd, &names)
            guard marks.insert(sensor) else { throw .keyValue(.duplicateKey, at: field.keyStart) }
            readings.append(sensor: sensor, time: time, value: value)
            outcome.readings &+= 1
        }
        return outcome
    }

    @inline(__always)
    private static func skipDelimiters(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var i = start
        while i < end, DeviceList.isDelimiter(line[i]) { i &+= 1 }
        return i
    }
}
