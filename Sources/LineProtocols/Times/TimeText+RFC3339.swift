// SPDX-License-Identifier: Apache-2.0

extension TimeText {
    /// Reads all of `start..<end` as RFC 3339: `2026-11-21T10:15:30.25+01:00`.
    ///
    /// `T` and `Z` in either case, a space for the `T`, a fraction as fine as nanoseconds. A
    /// leap second (`:60`) is refused: no count of nanoseconds since 1970 stands for it alone.
    package static func rfc3339(
        _ text: Span<UInt8>,
        from start: Int,
        to end: Int,
        column: Int = 0
    ) throws(LineError) -> Int64 {
        var fields = RFC3339Fields(text: start, end: end)
        guard fields.read(text) else {
            throw .time(
                fields.isTooPrecise ? .tooPrecise : .malformed, at: fields.i, column: column)
        }
        guard let time = fields.nanoseconds else {
            throw .time(.outOfRange, at: start, column: column)
        }
        return time
    }
}

/// The fields of one RFC 3339 time, read from left to right.
private struct RFC3339Fields {
    /// The next byte, and after a failure the one at fault.
    private(set) var i: Int
    private let end: Int
    private(set) var isTooPrecise = false
    private var seconds = 0
    private var fraction = 0

    init(text start: Int, end: Int) {
        i = start
        self.end = end
    }

    /// Whether everything was there, within its limits, and nothing else.
    mutating func read(_ text: Span<UInt8>) -> Bool {
        guard let year = number(text, digits: 4, 0...9999), skip(text, ASCII.minus),
            let month = number(text, digits: 2, 1...12), skip(text, ASCII.minus),
            let day = number(text, digits: 2, 1...Self.days(of: month, year)),
            i < end, text[i] | 0x20 == UInt8(ascii: "t") || text[i] == ASCII.space
        else { return false }
        i += 1
        guard let minutes = hourAndMinute(text), skip(text, ASCII.colon),
            let second = number(text, digits: 2, 0...59)
        else { return false }
        seconds = Self.daysSince1970(year, month, day) * 86_400 + minutes * 60 + second
        if i < end, text[i] == ASCII.dot {
            guard readFraction(text) else { return false }
        }
        return readOffset(text) && i == end
    }

    /// Nanoseconds since 1970, nil where 64 bits do not hold them.
    var nanoseconds: Int64? {
        Int64(exactly: Int128(seconds) * 1_000_000_000 + Int128(fraction))
    }

    private mutating func number(
        _ text: Span<UInt8>,
        digits: Int,
        _ allowed: ClosedRange<Int>
    ) -> Int? {
        let start = i
        var value = 0
        while i < end, i < start + digits {
            let digit = text[i] &- ASCII.zero
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
            i += 1
        }
        guard i == start + digits else { return nil }
        guard allowed.contains(value) else {
            i = start
            return nil
        }
        return value
    }

    private mutating func skip(_ text: Span<UInt8>, _ byte: UInt8) -> Bool {
        guard i < end, text[i] == byte else { return false }
        i += 1
        return true
    }

    /// Minutes of the day or of the offset.
    private mutating func hourAndMinute(_ text: Span<UInt8>) -> Int? {
        guard let hour = number(text, digits: 2, 0...23), skip(text, ASCII.colon),
            let minute = number(text, digits: 2, 0...59)
        else { return nil }
        return hour * 60 + minute
    }

    private mutating func readFraction(_ text: Span<UInt8>) -> Bool {
        i += 1
        let start = i
        while i < end {
            let digit = text[i] &- ASCII.zero
            guard digit < 10 else { break }
            if i < start + 9 {
                fraction = fraction * 10 + Int(digit)
            } else if digit != 0 {
                isTooPrecise = true
                return false
            }
            i += 1
        }
        guard i > start else { return false }
        for _ in 0..<max(0, 9 - (i - start)) { fraction *= 10 }
        return true
    }

    private mutating func readOffset(_ text: Span<UInt8>) -> Bool {
        guard i < end else { return false }
        let sign = text[i]
        guard sign | 0x20 != UInt8(ascii: "z") else {
            i += 1
            return true
        }
        guard sign == ASCII.plus || sign == ASCII.minus else { return false }
        i += 1
        guard let offset = hourAndMinute(text) else { return false }
        seconds -= (sign == ASCII.minus ? -offset : offset) * 60
        return true
    }

    private static func days(of month: Int, _ year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// Days of the proleptic Gregorian calendar, counted in eras of 400 years that begin on
    /// 1 March, so that the leap day is the last of a year.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
