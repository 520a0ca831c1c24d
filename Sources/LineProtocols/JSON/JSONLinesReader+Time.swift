// SPDX-License-Identifier: Apache-2.0

extension JSONLinesReader {
    /// The line's time, and the key that gave it; `ordinary` where it was the arrival.
    mutating func time(
        _ line: Span<UInt8>,
        _ roles: JSONRoles,
        _ arrival: Int64?
    ) throws(LineError) -> (Int64, JSONMember.Role) {
        guard let index = timeIndex else {
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

    private static func unit(_ role: JSONMember.Role) -> TimeUnit {
        switch role {
        case .timeNanoseconds: .nanoseconds
        case .timeMicroseconds: .microseconds
        case .time, .timeSeconds: .seconds
        case .timeMilliseconds, .ts, .t: .milliseconds
        // No times.
        case .ordinary, .sensor, .name, .identifier, .value, .v, .error, .remainder, .quality,
            .priority:
            .milliseconds
        }
    }

    private mutating func timeOfText(
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
