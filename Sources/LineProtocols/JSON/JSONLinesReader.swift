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
/// `"inf"` or `"-inf"` is that, other nulls are no reading. `q` (good, uncertain, bad, stale, time)
/// and `p` (1 to 5) are remarks on it; all further members are ignored.
///
/// **Otherwise** every member is a sensor; texts are counted and left out, unless those of the
/// sensor are known. So are objects and arrays, or their values are sensors as well, called after
/// their path: `{"a":{"b":1},"c":[2]}` has `a.b` and `c.0`. Empty ones hold nothing then.
///
/// Where a path of the time is configured, it alone is the time, in either form.
///
/// What RFC 8259 allows is read, all else refused, keys that occur twice too.
///
/// A reader remembers sensor indexes, so it is to be given the same names each time.
///
/// Its methods are `mutating` where they need not be: the others would copy the reader.
package struct JSONLinesReader: Sendable {
    /// Objects and arrays inside each other, the line's own included.
    package static let maximumDepth = 32

    var scanner = JSONScanner()
    /// The members of this line are the first `memberCount`; what is behind is room.
    var members: [JSONMember] = []
    private(set) var memberCount = 0
    /// Which member is the time, if any; it depends on the keys alone.
    var timeIndex: Int?
    /// The keys of the last good line.
    private var shape = JSONShape()
    /// All keys of this line so far are those of `shape`.
    private var isShaped = false

    /// Values inside objects and arrays.
    var leaves = JSONLeaves()
    var rule = TimeRule()
    /// Where the time is, if not in a key that means one; empty if it is.
    var timePath: [UInt8] = []
    private var readsNested = false
    private var naming = SensorNaming()
    private var texts = TextValues()
    private var marks = SensorMarks()

    /// A reader; one can read lines for ever.
    package init() {}

    /// A reader of lines as `settings` describe them.
    package init(_ settings: LineReaderSettings) {
        rule = TimeRule(settings)
        timePath = Array((settings.timePath ?? "").utf8)
        readsNested = settings.readsNested
        leaves.areWanted = readsNested || !timePath.isEmpty
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
        let end = line.count
        var i = 0
        JSONScanner.skipSpace(line, &i, end)
        guard i < end else { return LineOutcome() }
        guard line[i] == ASCII.openBrace else { throw .json(.notAnObject, at: i) }
        i += 1
        memberCount = 0
        isShaped = shape.count > 0
        // A line of known keys needs nothing of the scanner, but for strings with escapes.
        if !isShaped || scanner.isUsed { scanner.reset() }
        leaves.removeAll()
        var roles = JSONRoles()
        try readMembers(line, &i, end, &roles)
        JSONScanner.skipSpace(line, &i, end)
        guard i == end else { throw .json(.trailing, at: i) }
        guard memberCount > 0 else { return LineOutcome() }
        if isShaped, memberCount == shape.count {
            roles = shape.roles
        } else {
            try leaveShape(line, &roles)
            timeIndex = timePath.isEmpty ? try findTime(roles) : nil
            reshape(line, roles)
        }

        let mark = readings.count
        do throws(LineError) {
            let time = try timePath.isEmpty ? time(line, roles, arrival) : timeAtPath(line, arrival)
            if let name = nameIndex(roles) {
                return try readOne(line, roles, name, time.nanoseconds, &names, &readings)
            }
            return try readAll(line, roles, time, &names, &readings)
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
            if isShaped, let next = shape.match(memberCount, line, i, end) {
                let key = JSONText(start: i &+ 1, end: next &- 1, quote: i, isUnescaped: false)
                i = next
                try readValue(line, &i, end, key, shape.role(at: memberCount))
            } else {
                try leaveShape(line, &roles)
                let key = try scanner.string(line, &i, end)
                let role =
                    key.isUnescaped
                    ? JSONMember.role(scanner.unescaped.span, key.start, key.end)
                    : JSONMember.role(line, key.start, key.end)
                try enter(key, role, memberCount, line, &roles)
                try readValue(line, &i, end, key, role)
            }
            JSONScanner.skipSpace(line, &i, end)
            guard i < end else { throw .json(.truncated, at: end) }
            i &+= 1
            if line[i &- 1] == ASCII.closeBrace { return }
            guard line[i &- 1] == ASCII.comma else { throw .json(.unexpected, at: i &- 1) }
        }
    }

    /// Takes note of a key; throws if it was there before.
    private mutating func enter(
        _ key: JSONText,
        _ role: JSONMember.Role,
        _ position: Int,
        _ line: Span<UInt8>,
        _ roles: inout JSONRoles
    ) throws(LineError) {
        if role == .ordinary {
            try scanner.insert(key, of: 0, line)
        } else if !roles.insert(role, at: position) {
            throw .json(.duplicateKey, at: key.quote)
        }
    }

    /// The line turned out to have other keys than the last one: those before this one, which
    /// were only compared, are entered now.
    private mutating func leaveShape(
        _ line: Span<UInt8>,
        _ roles: inout JSONRoles
    ) throws(LineError) {
        guard isShaped else { return }
        isShaped = false
        // Those of the last line that went this way.
        scanner.forgetKeys()
        for position in 0..<memberCount {
            try enter(members[position].key, members[position].role, position, line, &roles)
        }
    }

    /// The keys of this line become those that the next one is compared with.
    private mutating func reshape(_ line: Span<UInt8>, _ roles: JSONRoles) {
        shape.removeAll()
        for position in 0..<memberCount {
            let member = members[position]
            guard !member.key.isUnescaped else {
                shape.removeAll()
                return
            }
            shape.append(member.role, line, member.key.start, member.key.end)
        }
        shape.finish(roles: roles)
    }

    /// The colon and value at `i` become a member.
    @inline(__always)
    private mutating func readValue(
        _ line: Span<UInt8>,
        _ i: inout Int,
        _ end: Int,
        _ key: JSONText,
        _ role: JSONMember.Role
    ) throws(LineError) {
        JSONScanner.skipSpace(line, &i, end)
        try JSONScanner.expect(ASCII.colon, line, &i, end)
        JSONScanner.skipSpace(line, &i, end)
        guard i < end else { throw .json(.truncated, at: end) }
        let start = i
        var kind = JSONMember.Kind.number
        var decimal = Decimal(mantissa: 0, exponent: 0, isNegative: false, isTruncated: false)
        var text = JSONText(start: 0, end: 0, quote: 0, isUnescaped: false)
        if line[i] == ASCII.openBrace || line[i] == ASCII.openBracket {
            kind = .nested
            leaves.begin(key, line, scanner.unescaped)
            try scanner.readNested(line, &i, end, &leaves)
        } else {
            try scanner.scalar(line, &i, end, &kind, &decimal, &text)
        }
        let member = JSONMember(
            key: key, role: role, kind: kind, start: start, end: i, decimal: decimal, text: text)
        if memberCount < members.count {
            members[memberCount] = member
        } else {
            members.append(member)
        }
        memberCount &+= 1
    }

    /// The member that names the sensor, nil in the form where every member is one.
    private mutating func nameIndex(_ roles: JSONRoles) -> Int? {
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
        let member = members[valueIndex]
        var value: Double?
        if member.kind == .text, !texts.isEmpty {
            // A number that names the sensor has its bytes in the line as well.
            let named =
                name.kind == .text
                ? name.text
                : JSONText(
                    start: name.start, end: name.end, quote: name.start, isUnescaped: false)
            switch meaning(of: member.text, for: named, line, &names) {
            case .value(let meant): value = meant
            case .unknown: return LineOutcome(skipped: 1)
            case .none: throw .value(.notANumber, at: member.start, column: 0)
            }
        } else {
            value = try self.value(line, member, roles)
        }
        guard let value else { return LineOutcome(absent: 1) }
        let sensor =
            if name.kind == .text {
                try index(of: name.text, line, &names)
            } else {
                try naming.index(of: line, from: name.start, to: name.end, &names)
            }
        readings.append(sensor: sensor, time: time, value: value)
        var outcome = LineOutcome(readings: 1)
        if roles[.quality] != nil || roles[.priority] != nil {
            let isNull = members[valueIndex].kind == .null
            outcome.skipped = remark(line, roles, isNull: isNull, &readings)
        }
        return outcome
    }

    private mutating func value(
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

    /// What a text stands for as the value of the sensor that `name` names.
    private mutating func meaning(
        of text: JSONText, for name: JSONText, _ line: Span<UInt8>, _ names: inout SensorNames
    ) -> TextValues.Answer {
        let unescaped = scanner.unescaped.span
        let nameBytes = name.isUnescaped ? unescaped : line
        let textBytes = text.isUnescaped ? unescaped : line
        return naming.answer(
            texts, for: nameBytes, from: name.start, to: name.end,
            text: textBytes.extracting(text.start..<text.end), &names)
    }

    private mutating func readAll(
        _ line: Span<UInt8>,
        _ roles: JSONRoles,
        _ time: LineTime,
        _ names: inout SensorNames,
        _ readings: inout LineReadings
    ) throws(LineError) -> LineOutcome {
        var outcome = LineOutcome()
        let hasRemainder = time.role == .ts || time.role == .t
        let mark = readings.count
        var hasLeaves = false
        for position in 0..<memberCount {
            let member = members[position]
            if member.role != .ordinary,
                member.role == time.role || member.role == .remainder && hasRemainder
            {
                continue
            }
            if position == time.member { continue }
            switch member.kind {
            case .number, .boolean:
                let value = try Self.rounded(line, member)
                let sensor = try index(ofMember: position, line, &names)
                readings.append(sensor: sensor, time: time.nanoseconds, value: value)
                outcome.readings &+= 1
            case .null: outcome.absent &+= 1
            case .text:
                try addText(line, position, time, &names, &readings, &outcome)
            case .nested:
                if readsNested { hasLeaves = true } else { outcome.skipped &+= 1 }
            }
        }
        if hasLeaves { try addLeaves(line, mark, time, &names, &readings, &outcome) }
        return outcome
    }

    private mutating func addText(
        _ line: Span<UInt8>,
        _ position: Int,
        _ time: LineTime,
        _ names: inout SensorNames,
        _ readings: inout LineReadings,
        _ outcome: inout LineOutcome
    ) throws(LineError) {
        guard !texts.isEmpty else {
            outcome.skipped &+= 1
            return
        }
        let answer = meaning(
            of: members[position].text, for: members[position].key, line, &names)
        guard case .value(let value) = answer else {
            outcome.skipped &+= 1
            return
        }
        let sensor = try index(ofMember: position, line, &names)
        readings.append(sensor: sensor, time: time.nanoseconds, value: value)
        outcome.readings &+= 1
    }

    /// Adds the values inside objects and arrays. `a.b` may be a member too: once is enough.
    private mutating func addLeaves(
        _ line: Span<UInt8>,
        _ mark: Int,
        _ time: LineTime,
        _ names: inout SensorNames,
        _ readings: inout LineReadings,
        _ outcome: inout LineOutcome
    ) throws(LineError) {
        marks.begin()
        for k in mark..<readings.count { _ = marks.insert(readings[k].sensor) }
        for k in leaves.items.indices where k != time.leaf {
            let leaf = leaves.items[k]
            var value: Double
            switch leaf.kind {
            case .number, .boolean:
                value = try leaf.decimal.value(line, leaf.start, leaf.end, column: 0)
            case .text:
                let unescaped = scanner.unescaped.span
                let bytes = leaf.text.isUnescaped ? unescaped : line
                let answer = naming.answer(
                    texts, for: leaves.paths.span, from: leaf.nameStart, to: leaf.nameEnd,
                    text: bytes.extracting(leaf.text.start..<leaf.text.end), &names)
                guard case .value(let meant) = answer else {
                    outcome.skipped &+= 1
                    continue
                }
                value = meant
            case .null, .nested:
                outcome.absent &+= 1
                continue
            }
            let sensor = try naming.index(
                of: leaves.paths.span, from: leaf.nameStart, to: leaf.nameEnd, at: leaf.start,
                &names)
            guard marks.insert(sensor) else { throw .json(.duplicateKey, at: leaf.start) }
            readings.append(sensor: sensor, time: time.nanoseconds, value: value)
            outcome.readings &+= 1
        }
    }

    @inline(__always)
    private static func rounded(
        _ line: Span<UInt8>,
        _ member: JSONMember
    ) throws(LineError) -> Double {
        try member.decimal.value(line, member.start, member.end, column: 0)
    }

    @inline(__always)
    private mutating func index(
        ofMember position: Int,
        _ line: Span<UInt8>,
        _ names: inout SensorNames
    ) throws(LineError) -> Int {
        // After `reshape` the shape always is that of this line, or empty.
        guard position < shape.count else {
            return try index(of: members[position].key, line, &names)
        }
        if let sensor = shape.sensor(at: position) { return sensor }
        let sensor = try index(of: members[position].key, line, &names)
        shape.setSensor(sensor, at: position)
        return sensor
    }

    @inline(__always)
    private mutating func index(
        of text: JSONText,
        _ line: Span<UInt8>,
        _ names: inout SensorNames
    ) throws(LineError) -> Int {
        if text.isUnescaped {
            return try naming.index(
                of: scanner.unescaped.span, from: text.start, to: text.end, at: text.quote,
                &names)
        }
        return try naming.index(of: line, from: text.start, to: text.end, &names)
    }
}
