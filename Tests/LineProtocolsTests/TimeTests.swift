// SPDX-License-Identifier: Apache-2.0

import LineProtocols
import Testing

private func time(_ text: String, _ unit: TimeUnit) throws(LineError) -> Int64 {
    let bytes = Array(text.utf8)
    return try TimeText.number(bytes.span, from: 0, to: bytes.count, unit: unit)
}

private func rfc3339(_ text: String) throws(LineError) -> Int64 {
    let bytes = Array(text.utf8)
    return try TimeText.rfc3339(bytes.span, from: 0, to: bytes.count)
}

@Suite struct TimeTests {
    @Test(
        arguments: [
            ("0", .seconds, 0), ("-0", .seconds, 0),
            ("1700000000", .seconds, 1_700_000_000_000_000_000),
            ("1700000000.123456789", .seconds, 1_700_000_000_123_456_789),
            ("1700000000.5", .seconds, 1_700_000_000_500_000_000),
            ("1.7e9", .seconds, 1_700_000_000_000_000_000),
            ("1700000000123", .milliseconds, 1_700_000_000_123_000_000),
            ("1700000000123.000456", .milliseconds, 1_700_000_000_123_000_456),
            ("1700000000123.0000000000000", .milliseconds, 1_700_000_000_123_000_000),
            ("1700000000123456.789", .microseconds, 1_700_000_000_123_456_789),
            ("1700000000123456789", .nanoseconds, 1_700_000_000_123_456_789),
            ("1700000000123456789.0", .nanoseconds, 1_700_000_000_123_456_789),
            ("9223372036854775807", .nanoseconds, .max),
            ("-9223372036854775808", .nanoseconds, .min),
            ("-9223372036.854775808", .seconds, .min), ("9223372036.854775807", .seconds, .max),
            ("-0.5", .seconds, -500_000_000), ("-1", .milliseconds, -1_000_000),
            ("1e-9", .seconds, 1), ("0e99999999", .seconds, 0),
        ] as [(String, TimeUnit, Int64)])
    func readsNumbersExactly(text: String, unit: TimeUnit, expected: Int64) throws {
        #expect(try time(text, unit) == expected)
    }

    @Test(
        arguments: [
            ("", .seconds, .malformed, 0), ("1700000000 ", .seconds, .malformed, 10),
            ("17x", .seconds, .malformed, 2), ("+1", .seconds, .malformed, 0),
            ("1.", .seconds, .malformed, 2), ("nan", .seconds, .malformed, 0),
            ("1.0000000001", .seconds, .tooPrecise, 0), ("0.5", .nanoseconds, .tooPrecise, 0),
            ("1.0000001", .milliseconds, .tooPrecise, 0), ("1e-10", .seconds, .tooPrecise, 0),
            ("1e-99999", .seconds, .tooPrecise, 0),
            ("1700000000.1234567890000000001", .seconds, .tooPrecise, 0),
            ("9223372036854775808", .nanoseconds, .outOfRange, 0),
            ("-9223372036854775809", .nanoseconds, .outOfRange, 0),
            ("9223372036854776", .milliseconds, .outOfRange, 0),
            ("9223372037", .seconds, .outOfRange, 0), ("1e99999", .seconds, .outOfRange, 0),
            ("123456789012345678901234567891", .nanoseconds, .outOfRange, 0),
            ("18446744073709551616", .nanoseconds, .outOfRange, 0),
        ] as [(String, TimeUnit, TimeFault, Int)])
    func refusesWhatItCannotHold(text: String, unit: TimeUnit, fault: TimeFault, at: Int) {
        #expect(
            errorOf { () throws(LineError) in _ = try time(text, unit) }
                == .time(fault, at: at, column: 0))
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:01z", 1_000_000_000),
            ("2023-11-14T22:13:20Z", 1_700_000_000_000_000_000),
            ("2023-11-14t22:13:20.123456789z", 1_700_000_000_123_456_789),
            ("2023-11-14 22:13:20.5Z", 1_700_000_000_500_000_000),
            ("2023-11-14T23:13:20+01:00", 1_700_000_000_000_000_000),
            ("2023-11-14T16:43:20-05:30", 1_700_000_000_000_000_000),
            ("2023-11-14T22:13:20-00:00", 1_700_000_000_000_000_000),
            ("2000-02-29T00:00:00Z", 951_782_400_000_000_000),
            ("2024-02-29T12:00:00Z", 1_709_208_000_000_000_000),
            ("1969-12-31T23:59:59.999999999Z", -1),
            ("1900-03-01T00:00:00Z", -2_203_891_200_000_000_000),
            ("2262-04-11T23:47:16.854775807Z", .max), ("1677-09-21T00:12:43.145224192Z", .min),
            ("2023-11-14T22:13:20.1234567890000Z", 1_700_000_000_123_456_789),
        ] as [(String, Int64)])
    func readsRFC3339(text: String, expected: Int64) throws {
        #expect(try rfc3339(text) == expected)
    }

    @Test(
        arguments: [
            ("", .malformed, 0), ("2023", .malformed, 4), ("2023-13-01T00:00:00Z", .malformed, 5),
            ("2023-02-29T00:00:00Z", .malformed, 8), ("1900-02-29T00:00:00Z", .malformed, 8),
            ("2023-04-31T00:00:00Z", .malformed, 8), ("2023-11-14X22:13:20Z", .malformed, 10),
            ("2023-11-14T24:00:00Z", .malformed, 11), ("2023-11-14T22:60:00Z", .malformed, 14),
            ("2016-12-31T23:59:60Z", .malformed, 17), ("2023-11-14T22:13:20", .malformed, 19),
            ("2023-11-14T22:13:20.Z", .malformed, 20), ("2023-11-14T22:13:20+0100", .malformed, 22),
            ("2023-11-14T22:13:20+24:00", .malformed, 20),
            ("2023-11-14T22:13:20Zx", .malformed, 20),
            ("2023-11-14T22:13:20.1234567891Z", .tooPrecise, 29),
            ("2262-04-11T23:47:16.854775808Z", .outOfRange, 0),
            ("1677-09-21T00:12:43.145224191Z", .outOfRange, 0),
            ("9999-12-31T23:59:59Z", .outOfRange, 0), ("0000-01-01T00:00:00Z", .outOfRange, 0),
        ] as [(String, TimeFault, Int)])
    func refusesOtherDates(text: String, fault: TimeFault, at: Int) {
        #expect(
            errorOf { () throws(LineError) in _ = try rfc3339(text) }
                == .time(fault, at: at, column: 0))
    }

    @Test(
        arguments: [
            (0, .milliseconds, "0"), (1_700_000_000_123_000_000, .milliseconds, "1700000000123"),
            (1_700_000_000_123_000_456, .milliseconds, "1700000000123.000456"),
            (1_700_000_000_123_400_000, .milliseconds, "1700000000123.4"),
            (1_700_000_000_123_456_789, .seconds, "1700000000.123456789"),
            (1_700_000_000_123_456_789, .nanoseconds, "1700000000123456789"),
            (-500_000_000, .seconds, "-0.5"), (-1, .microseconds, "-0.001"),
            (.min, .nanoseconds, "-9223372036854775808"), (.min, .seconds, "-9223372036.854775808"),
            (.max, .microseconds, "9223372036854775.807"),
        ] as [(Int64, TimeUnit, String)])
    func writesTimesExactly(nanoseconds: Int64, unit: TimeUnit, text: String) throws {
        var buffer = TextBuffer()
        TimeText.append(nanoseconds, in: unit, to: &buffer)
        #expect(string(buffer) == text)
        #expect(try time(text, unit) == nanoseconds)
    }

    @Test(arguments: TimeUnit.allCases)
    func everyTimeComesBack(unit: TimeUnit) throws {
        var generator = LineTestGenerator(seed: 6)
        var buffer = TextBuffer()
        for _ in 0..<20_000 {
            let bits = generator.next()
            let nanoseconds = Int64(bitPattern: generator.next()) >> Int64(bits & 63)
            buffer.removeAll()
            TimeText.append(nanoseconds, in: unit, to: &buffer)
            let back = try TimeText.number(
                buffer.bytes.span, from: 0, to: buffer.count, unit: unit)
            #expect(back == nanoseconds, "seed 6")
        }
    }
}
