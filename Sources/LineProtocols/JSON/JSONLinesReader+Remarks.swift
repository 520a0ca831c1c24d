// SPDX-License-Identifier: Apache-2.0

extension JSONLinesReader {
    /// Adds the remarks of the line to its one reading; how many of them mean nothing to us.
    mutating func remark(
        _ line: Span<UInt8>,
        _ roles: JSONRoles,
        isNull: Bool,
        _ readings: inout LineReadings
    ) -> Int {
        var remarks = JSONRemarks()
        var unknown = 0
        if let index = roles[.quality] {
            if let quality = quality(line, members[index]) {
                remarks.quality = quality
            } else {
                unknown += 1
            }
        }
        if let index = roles[.priority] {
            if let priority = Self.priority(members[index]) {
                remarks.priority = priority
            } else {
                unknown += 1
            }
        }
        // Whoever writes a NaN says "bad" with it: that is no remark of its own.
        if isNull, remarks.quality == JSONRemarks.badQuality { remarks.quality = 0 }
        if remarks != JSONRemarks() { readings.remark(remarks) }
        return unknown
    }

    private mutating func quality(_ line: Span<UInt8>, _ member: JSONMember) -> UInt8? {
        switch member.kind {
        case .text:
            member.text.isUnescaped
                ? JSONRemarks.quality(scanner.unescaped.span, member.text)
                : JSONRemarks.quality(line, member.text)
        // As if it were not there.
        case .null: 0
        case .number, .boolean, .nested: nil
        }
    }

    private static func priority(_ member: JSONMember) -> UInt8? {
        if member.kind == .null { return 0 }
        let decimal = member.decimal
        guard member.kind == .number, decimal.exponent == 0, !decimal.isNegative,
            decimal.mantissa >= 1, decimal.mantissa <= 5
        else { return nil }
        return UInt8(decimal.mantissa)
    }
}
