// SPDX-License-Identifier: Apache-2.0

extension JSONLinesReader {
    /// The line's time, and the key that gave it.
    mutating func time(
        _ line: Span<UInt8>,
        _ roles: JSONRoles,
        _ arrival: Int64?
    ) throws(LineError) -> LineTime {
        guard let index = timeIndex else {
            return LineTime(nanoseconds: try Self.needed(arrival, at: 0))
        }
        let member = members[index]
        if rule.isArrival {
            return LineTime(
                nanoseconds: try Self.needed(arrival, at: member.start), role: member.role)
        }
        let value = try time(
            line, member.kind, member.start, member.decimal, member.text,
            unit: member.role.timeUnit(rule))
        guard let value else {
            return LineTime(
                nanoseconds: try Self.needed(arrival, at: member.start), role: member.role)
        }
        guard member.role == .ts || member.role == .t, let remainder = roles[.remainder] else {
            return LineTime(nanoseconds: value, role: member.role)
        }
        return LineTime(
            nanoseconds: try adding(members[remainder], to: value), role: member.role)
    }

    /// The time at the configured path, the arrival where nothing is there.
    mutating func timeAtPath(
        _ line: Span<UInt8>, _ arrival: Int64?
    ) throws(LineError) -> LineTime {
        for position in 0..<memberCount where isTimePath(members[position].key, line) {
            let member = members[position]
            guard member.kind != .nested else { continue }
            let value =
                rule.isArrival
                ? nil
                : try time(
                    line, member.kind, member.start, member.decimal, member.text,
                    unit: rule.plainUnit)
            return LineTime(
                nanoseconds: try Self.needed(value ?? arrival, at: member.start),
                member: position)
        }
        for k in leaves.items.indices where isTimePath(leaves.items[k]) {
            let leaf = leaves.items[k]
            let value =
                rule.isArrival
                ? nil
                : try time(
                    line, leaf.kind, leaf.start, leaf.decimal, leaf.text, unit: rule.plainUnit)
            return LineTime(
                nanoseconds: try Self.needed(value ?? arrival, at: leaf.start), leaf: k)
        }
        return LineTime(nanoseconds: try Self.needed(arrival, at: 0))
    }

    private static func needed(_ time: Int64?, at: Int) throws(LineError) -> Int64 {
        guard let time else { throw .time(.missing, at: at, column: 0) }
        return time
    }

    private func isTimePath(_ key: JSONText, _ line: Span<UInt8>) -> Bool {
        let unescaped = scanner.unescaped.span
        let bytes = key.isUnescaped ? unescaped : line
        return isTimePath(bytes, key.start, key.end)
    }

    private func isTimePath(_ leaf: JSONLeaves.Leaf) -> Bool {
        isTimePath(leaves.paths.span, leaf.nameStart, leaf.nameEnd)
    }

    private func isTimePath(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard end - start == timePath.count else { return false }
        for i in timePath.indices where timePath[i] != bytes[start + i] { return false }
        return true
    }

    /// The time that a value is; nil for null.
    private mutating func time(
        _ line: Span<UInt8>,
        _ kind: JSONMember.Kind,
        _ start: Int,
        _ decimal: Decimal,
        _ text: JSONText,
        unit: TimeUnit?
    ) throws(LineError) -> Int64? {
        switch kind {
        case .number:
            try TimeText.nanoseconds(
                decimal, unit: unit ?? TimeText.unit(of: decimal), at: start, column: 0)
        case .text: try timeOfText(line, text)
        case .null: nil
        case .boolean, .nested: throw .time(.malformed, at: start, column: 0)
        }
    }

    /// The member that is the time, by the keys alone.
    mutating func findTime(_ roles: JSONRoles) throws(LineError) -> Int? {
        var found = roles[.ts]
        try Self.choose(roles[.time], &found, members)
        try Self.choose(roles[.timeSeconds], &found, members)
        try Self.choose(roles[.timeMilliseconds], &found, members)
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

    private mutating func timeOfText(
        _ line: Span<UInt8>,
        _ text: JSONText
    ) throws(LineError) -> Int64 {
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

    private mutating func adding(_ member: JSONMember, to time: Int64) throws(LineError) -> Int64 {
        let decimal = member.decimal
        guard member.kind == .number, decimal.exponent == 0, !decimal.isNegative,
            decimal.mantissa <= 999_999
        else { throw .json(.badRemainder, at: member.start) }
        let (sum, overflow) = time.addingReportingOverflow(Int64(decimal.mantissa))
        guard !overflow else { throw .time(.outOfRange, at: member.start, column: 0) }
        return sum
    }
}

/// The time of a JSON line, and what in the line said it.
struct LineTime {
    var nanoseconds: Int64
    /// The key that means a time; `ordinary` where none did.
    var role = JSONMember.Role.ordinary
    /// The member, or the value inside one, that stands at the configured path.
    var member: Int?
    var leaf: Int?
}

extension JSONMember.Role {
    /// What a number under such a key counts; nil: its digits tell.
    func timeUnit(_ rule: TimeRule) -> TimeUnit? {
        switch self {
        case .timeNanoseconds: .nanoseconds
        case .timeMicroseconds: .microseconds
        case .timeMilliseconds: .milliseconds
        case .timeSeconds: .seconds
        case .time: rule.plainUnit
        case .ts, .t: rule.stampUnit
        // No times.
        case .ordinary, .sensor, .name, .identifier, .value, .v, .error, .remainder, .quality,
            .priority:
            .milliseconds
        }
    }
}
