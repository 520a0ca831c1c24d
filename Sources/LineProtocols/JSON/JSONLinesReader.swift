// SPDX-License-Identifier: Apache-2.0

/// Reads lines that are one JSON object each, in either of two forms:
///
///     {"sensor":"t1","value":22.5,"ts":1700000000123}     one reading
///     {"time_ms":1700000000123,"temp":21.5,"door":true}   every number and Boolean is one
///
/// **Time**: `ts` and `t` in milliseconds, `time` in seconds, `time_s`, `time_ms`, `time_us`,
/// `time_ns`; in any of them a string is RFC 3339. `ns` (0 to 999999) adds to `ts` or `t`. `t`
/// is the time only where no other key is: beside one it is a sensor like any other.
///
/// **One reading** it is where `sensor`, else `name`, else `id` is a string, or a number beside
/// a value. The value is `value`, else `v`; Booleans are 0 and 1; null with `"err":"nan"`,
/// `"inf"` or `"-inf"` is that, other nulls are no reading. All further members are ignored.
///
/// **Otherwise** every member is a sensor; texts, objects and arrays are counted and left out.
///
/// What RFC 8259 allows is read, all else refused, keys that occur twice too.
package struct JSONLinesReader: Sendable {
    /// Objects and arrays inside each other, the line's own included.
    package static let maximumDepth = 32

    private var scanner = JSONScanner()
    private var members: [JSONMember] = []

    /// A reader; one can read lines for ever.
    package init() {}

    /// Reads one line without its newline; its readings are appended to `readings`.
    ///
    /// Without a time in the line, `arrival` is the time. A line that throws appends nothing.
    package mutating func read(
        _ line: Span<UInt8>,
        arrival: Int64? = nil,
        names: inout SensorNames,
        into readings: inout LineReadings
    ) throws(LineError) -> LineOutcome {
        let end = line.count
        var i = 0
        JSONScanner.skipSpace(line, &i, end)
        guard i < end else { return LineOutcome() }
        guard line[i] == ASCII.openBrace else { throw .json(.notAnObject, at: i) }
        i += 1
        scanner.reset()
        members.removeAll(keepingCapacity: true)
        var roles = JSONRoles()
        try readMembers(line, &i, end, &roles)
        JSONScanner.skipSpace(line, &i, end)
        guard i == end else { throw .json(.trailing, at: i) }
        guard !members.isEmpty else { return LineOutcome() }

        let mark = readings.count
        do throws(LineError) {
            let (time, timeRole) = try time(line, roles, arrival)
            if let name = nameIndex(roles) {
                return try readOne(line, roles, name, time, &names, &readings)
            }
            return try readAll(line, roles, time, timeRole, &names, &readings)
        } catch {
            readings.truncate(to: mark)
            throw error
        }
    }

    private mutating func readMembers(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ roles: inout JSONRoles
    ) throws(LineError) {
        JSONScanner.skipSpace(line, &i, end)
        if i < end, line[i] == ASCII.closeBrace {
            i += 1
            return
        }
        while true {
            JSONScanner.skipSpace(line, &i, end)
            let key = try scanner.string(line, &i, end)
            let role =
                key.isUnescaped
                ? JSONMember.role(scanner.unescaped.span, key.start, key.end)
                : JSONMember.role(line, key.start, key.end)
            if role == .ordinary {
                try scanner.insert(key, of: 0, line)
            } else if !roles.insert(role, at: members.count) {
                throw .json(.duplicateKey, at: key.quote)
            }
            JSONScanner.skipSpace(line, &i, end)
            try JSONScanner.expect(ASCII.colon, line, &i, end)
            JSONScanner.skipSpace(line, &i, end)
            try readValue(line, &i, end, key, role)
            JSONScanner.skipSpace(line, &i, end)
            guard i < end else { throw .json(.truncated, at: end) }
            i &+= 1
            if line[i &- 1] == ASCII.closeBrace { return }
            guard line[i &- 1] == ASCII.comma else { throw .json(.unexpected, at: i &- 1) }
        }
    }

    /// The value at `i` becomes a member.
    @inline(__always)
    private mutating func readValue(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ key: JSONText,
        _ role: JSONMember.Role
    ) throws(LineError) {
        guard i < end else { throw .json(.truncated, at: end) }
        let start = i
        var kind = JSONMember.Kind.number
        var decimal = Decimal(mantissa: 0, exponent: 0, isNegative: false, isTruncated: false)
        var text = JSONText(start: 0, end: 0, quote: 0, isUnescaped: false)
        switch line[i] {
        case ASCII.quote:
            kind = .text
            text = try scanner.string(line, &i, end)
        case UInt8(ascii: "t"):
            kind = .boolean
            decimal.mantissa = 1
            try JSONScanner.expect("true", line, &i, end)
        case UInt8(ascii: "f"):
            kind = .boolean
            try JSONScanner.expect("false", line, &i, end)
        case UInt8(ascii: "n"):
            kind = .null
            try JSONScanner.expect("null", line, &i, end)
        case ASCII.openBrace, ASCII.openBracket:
            kind = .nested
            try scanner.skipNested(line, &i, end)
        default:
            decimal = try JSONScanner.number(line, &i, end)
        }
        members.append(
            JSONMember(
                key: key, role: role, kind: kind, start: start, end: i, decimal: decimal,
                text: text))
    }

    /// The member that names the sensor, nil in the form where every member is one.
    private func nameIndex(_ roles: JSONRoles) -> Int? {
        guard let index = roles[.sensor] ?? roles[.name] ?? roles[.identifier] else { return nil }
        switch members[index].kind {
        case .text: return index
        case .number: return roles[.value] ?? roles[.v] == nil ? nil : index
        case .boolean, .null, .nested: return nil
        }
    }

    private mutating func readOne(
        _ line: Span<UInt8>,
        _ roles: JSONRoles,
        _ nameIndex: Int,
        _ time: Int64,
        _ names: inout SensorNames,
        _ readings: inout LineReadings
    ) throws(LineError) -> LineOutcome {
        let name = members[nameIndex]
        guard let valueIndex = roles[.value] ?? roles[.v] else {
            throw .json(.missingValue, at: name.start)
        }
        guard let value = try value(line, members[valueIndex], roles) else {
            return LineOutcome(absent: 1)
        }
        let sensor =
            if name.kind == .text {
                try index(of: name.text, line, &names)
            } else {
                try names.index(of: line, from: name.start, to: name.end)
            }
        readings.append(sensor: sensor, time: time, value: value)
        return LineOutcome(readings: 1)
    }

    private func value(
        _ line: Span<UInt8>,
        _ member: JSONMember,
        _ roles: JSONRoles
    ) throws(LineError) -> Double? {
        switch member.kind {
        case .number, .boolean: return try Self.rounded(line, member)
        case .text, .nested: throw .value(.notANumber, at: member.start, column: 0)
        case .null:
            guard let error = roles[.error], members[error].kind == .text else { return nil }
            let text = members[error].text
            return text.isUnescaped
                ? Self.special(scanner.unescaped.span, text) : Self.special(line, text)
        }
    }

    private static func special(_ bytes: Span<UInt8>, _ text: JSONText) -> Double? {
        func isWord(_ word: StaticString) -> Bool {
            bytes.equalsIgnoringCase(word, from: text.start, to: text.end)
        }
        return isWord("nan") ? .nan : isWord("inf") ? .infinity : isWord("-inf") ? -.infinity : nil
    }

    private func readAll(
        _ line: Span<UInt8>,
        _ roles: JSONRoles,
        _ time: Int64,
        _ timeRole: JSONMember.Role,
        _ names: inout SensorNames,
        _ readings: inout LineReadings
    ) throws(LineError) -> LineOutcome {
        var outcome = LineOutcome()
        let hasRemainder = timeRole == .ts || timeRole == .t
        for member in members {
            if member.role != .ordinary,
                member.role == timeRole || member.role == .remainder && hasRemainder
            {
                continue
            }
            switch member.kind {
            case .number, .boolean:
                let value = try Self.rounded(line, member)
                let sensor = try index(of: member.key, line, &names)
                readings.append(sensor: sensor, time: time, value: value)
                outcome.readings &+= 1
            case .null: outcome.absent &+= 1
            case .text, .nested: outcome.skipped &+= 1
            }
        }
        return outcome
    }

    @inline(__always)
    private static func rounded(
        _ line: Span<UInt8>,
        _ member: JSONMember
    ) throws(LineError) -> Double {
        let value = member.decimal.rounded(line, member.start, member.end)
        guard value.isFinite else { throw .value(.outOfRange, at: member.start, column: 0) }
        return value
    }

    @inline(__always)
    private func index(
        of text: JSONText,
        _ line: Span<UInt8>,
        _ names: inout SensorNames
    ) throws(LineError) -> Int {
        if text.isUnescaped {
            return try names.index(
                of: scanner.unescaped.span, from: text.start, to: text.end, at: text.quote)
        }
        return try names.index(of: line, from: text.start, to: text.end)
    }
}

// MARK: Time

extension JSONLinesReader {
    /// The line's time, and the key that gave it; `ordinary` where it was the arrival.
    private func time(
        _ line: Span<UInt8>,
        _ roles: JSONRoles,
        _ arrival: Int64?
    ) throws(LineError) -> (Int64, JSONMember.Role) {
        guard let index = try timeIndex(roles) else {
            guard let arrival else { throw .time(.missing, at: 0, column: 0) }
            return (arrival, .ordinary)
        }
        let member = members[index]
        let time: Int64
        switch member.kind {
        case .number:
            time = try TimeText.nanoseconds(
                member.decimal, unit: Self.unit(member.role), at: member.start, column: 0)
        case .text:
            time = try timeOfText(line, member)
        case .null:
            guard let arrival else { throw .time(.missing, at: member.start, column: 0) }
            return (arrival, member.role)
        case .boolean, .nested:
            throw .time(.malformed, at: member.start, column: 0)
        }
        guard member.role == .ts || member.role == .t, let remainder = roles[.remainder] else {
            return (time, member.role)
        }
        return (try adding(members[remainder], to: time), member.role)
    }

    private func timeIndex(_ roles: JSONRoles) throws(LineError) -> Int? {
        // The usual one first.
        var found = roles[.ts]
        for role in [JSONMember.Role.time, .timeSeconds, .timeMilliseconds] {
            try Self.choose(roles[role], &found, members)
        }
        try Self.choose(roles[.timeMicroseconds], &found, members)
        try Self.choose(roles[.timeNanoseconds], &found, members)
        return found ?? roles[.t]
    }

    private static func choose(
        _ index: Int?,
        _ found: inout Int?,
        _ members: [JSONMember]
    ) throws(LineError) {
        guard let index else { return }
        if let found { throw .json(.twoTimes, at: members[max(index, found)].start) }
        found = index
    }

    private static func unit(_ role: JSONMember.Role) -> TimeUnit {
        switch role {
        case .timeNanoseconds: .nanoseconds
        case .timeMicroseconds: .microseconds
        case .time, .timeSeconds: .seconds
        case .timeMilliseconds, .ts, .t: .milliseconds
        // No times.
        case .ordinary, .sensor, .name, .identifier, .value, .v, .error, .remainder: .milliseconds
        }
    }

    private func timeOfText(
        _ line: Span<UInt8>,
        _ member: JSONMember
    ) throws(LineError) -> Int64 {
        let text = member.text
        guard text.isUnescaped else {
            return try TimeText.rfc3339(line, from: text.start, to: text.end)
        }
        do throws(LineError) {
            return try TimeText.rfc3339(scanner.unescaped.span, from: text.start, to: text.end)
        } catch {
            // Offsets in what the escapes stand for mean nothing in the line.
            guard case .time(let fault, _, let column) = error else { throw error }
            throw .time(fault, at: text.quote, column: column)
        }
    }

    private func adding(_ member: JSONMember, to time: Int64) throws(LineError) -> Int64 {
        let decimal = member.decimal
        guard member.kind == .number, decimal.exponent == 0, !decimal.isNegative,
            decimal.mantissa <= 999_999
        else { throw .json(.badRemainder, at: member.start) }
        let (sum, overflow) = time.addingReportingOverflow(Int64(decimal.mantissa))
        guard !overflow else { throw .time(.outOfRange, at: member.start, column: 0) }
        return sum
    }
}
