// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import LineProtocols
import Testing

@testable import AlecCommands

/// Every kind of bad line: the counter it goes to, the place at fault, and what is said of it.
@Suite struct BadLineTests {
    /// Good lines first, then the bad one, which is the last.
    struct Row: Sendable, CustomTestStringConvertible {
        var format: LineFormat?
        var lines: [String]
        var reason: RefusalReason
        var column: Int
        var text: String
        var change: @Sendable (inout LineReaderSettings) -> Void = { _ in }

        init(
            _ format: LineFormat?, _ lines: [String], _ reason: RefusalReason, _ column: Int,
            _ text: String,
            change: @escaping @Sendable (inout LineReaderSettings) -> Void = { _ in }
        ) {
            self.format = format
            self.lines = lines
            self.reason = reason
            self.column = column
            self.text = text
            self.change = change
        }

        var testDescription: String { lines.last ?? "" }
    }

    private static let header = "time_ms,a,b"

    static let rows: [Row] = [
        // Values.
        Row(.csv, [header, "1,x,2"], .value, 3, "'x' is no number"),
        Row(.csv, [header, "1,21.5C,2"], .value, 7, "'21.5C' is no number"),
        Row(.csv, [header, "1,1e999,2"], .value, 3, "'1e999' is too large for a 64-bit float"),
        Row(
            .csv, [header, "1,9007199254740993,2"], .value, 3,
            "'9007199254740993' is no 64-bit float: it would be rounded"),
        Row(
            .csv, [header, "1,nan(0x0000000000000000),2"], .value, 9,
            "'nan(0x0000000000000000)' is no NaN"),
        Row(
            .jsonLines, [#"{"ts":1,"sensor":"a","v":"x"}"#], .value, 26,
            "'\"x\"' is no number, true or false"),
        Row(
            .jsonLines, [#"{"ts":1,"a":{"b":1e400}}"#], .value, 18,
            "'1e400' is too large for a 64-bit float"),
        Row(.influx, ["m a=1x 7"], .value, 5, "'1x' is no number"),
        Row(
            .keyValue, ["a=9007199254740993"], .value, 3,
            "'9007199254740993' is no 64-bit float: it would be rounded"),
        Row(.number, ["21.5", "21.5 C"], .value, 6, "'21.5 C' is no number") { $0.sensor = "s" },
        // Times.
        Row(.csv, [header, "x,1,2"], .time, 1, "'x' is no time"),
        Row(
            .csv, [header, "0.0000001,1,2"], .time, 1,
            "'0.0000001' has parts of a nanosecond"),
        Row(
            .csv, [header, "99999999999999,1,2"], .time, 1,
            "'99999999999999' lies outside the years 1677 to 2262"),
        Row(.keyValue, ["time=yesterday a=1"], .time, 6, "'yesterday' is no time"),
        Row(.jsonLines, [#"{"h":{"t":true},"a":1}"#], .time, 11, "'true' is no time") {
            $0.timePath = "h.t"
        },
        // Names.
        Row(.csv, ["time_ms,sensor,value", "1,,2"], .name, 3, "the sensor has no name"),
        Row(.keyValue, ["=5"], .name, 1, "the sensor has no name"),
        Row(.keyValue, ["a\u{1}b=5"], .name, 2, "the sensor's name has a control character"),
        Row(
            .keyValue, [String(repeating: "n", count: 65) + "=5"], .name, 1,
            "the sensor's name has more than 64 bytes"),
        // Cells.
        Row(.csv, [header, "1,2"], .csv, 4, "cell 3 is missing"),
        Row(.csv, [header, "1,2,3,4"], .csv, 6, "cell 4 has no column in the header"),
        Row(.csv, [header, "1,\"2,3"], .csv, 3, "the quote is never closed"),
        Row(.csv, [header, "1,2\",3"], .csv, 4, "there is a quote inside the cell"),
        Row(.csv, ["a,b"], .csv, 1, "the header begins with 'a', not with a time"),
        Row(.csv, ["time"], .csv, 5, "the header names no sensor"),
        Row(.csv, ["time,a,a"], .csv, 8, "two columns are called 'a'"),
        Row(.csv, ["1,2"], .csv, 4, "cell 3 is missing") { $0.columns = ["a", "b", "c"] },
        Row(.number, ["1 2 3"], .csv, 5, "cell 3 has no column in the header") {
            $0.columns = ["a", "b"]
        },
        // JSON.
        Row(.jsonLines, ["[1]"], .json, 1, "the line is no JSON object"),
        Row(.jsonLines, [#"{"a":1"#], .json, 7, "the line ends inside the object"),
        Row(.jsonLines, [#"{"a":.5}"#], .json, 6, "JSON has no '.5' here"),
        Row(.jsonLines, [#"{"a":1}{}"#], .json, 8, "something follows the object"),
        Row(.jsonLines, ["{\"a\":\"\t\"}"], .json, 7, "a string has a control character"),
        Row(.jsonLines, [#"{"a":"\ud800"}"#], .json, 7, "JSON has no such escape"),
        Row(.jsonLines, [#"{"a":01}"#], .json, 7, "JSON writes no number like '01'"),
        Row(.jsonLines, [#"{"a":1,"a":2}"#], .json, 8, "the key occurs twice"),
        Row(
            .jsonLines, [#"{"a":"# + String(repeating: "[", count: 40)], .json, 37,
            "too many objects and arrays inside each other"),
        Row(.jsonLines, [#"{"ts":1,"time":2,"a":1}"#], .json, 16, "two keys both name a time"),
        Row(.jsonLines, [#"{"ts":1,"sensor":"a"}"#], .json, 18, "the sensor has no value"),
        Row(
            .jsonLines, [#"{"ts":1,"ns":-1,"a":1}"#], .json, 14,
            "\"ns\" is no whole number from 0 to 999999"),
        // Influx.
        Row(.influx, [" ,a=b f=1"], .influx, 2, "the line has no measurement"),
        Row(.influx, ["m,a f=1"], .influx, 4, "a tag is not key=value"),
        Row(.influx, ["m f=\"x"], .influx, 5, "the string is never closed"),
        // Lists.
        Row(.keyValue, ["a=1 b"], .keyValue, 5, "'b' is not key=value"),
        Row(.keyValue, ["a=21,5"], .keyValue, 6, "'5' is not key=value"),
        Row(.keyValue, ["a=b=2"], .keyValue, 4, "'=2' is not key=value"),
        Row(.keyValue, ["a:1 b"], .keyValue, 5, "'b' is not key=value"),
        Row(
            .keyValue, ["a=\"x"], .keyValue, 3,
            "the quoted text does not end where the value ends"),
        Row(.keyValue, ["a=1 a=2"], .keyValue, 5, "the sensor occurs twice"),
        Row(.keyValue, ["ts=1 time=2 a=1"], .keyValue, 6, "two keys both name a time"),
        // Sentences and checksums.
        Row(.nmea, ["GPGGA,1*00"], .nmea, 1, "the line does not begin with $"),
        Row(.nmea, ["$,1*1D"], .nmea, 2, "',1*1D' names no sentence"),
        Row(.nmea, ["$X,1*45"], .nmea, 5, "the sentence has fewer fields than there are columns") {
            $0.columns = ["X", "a", "b"]
        },
        Row(.nmea, ["$X,9001,N*1E"], .nmea, 4, "'9001' is not degrees and minutes") {
            $0.columns = ["X", "a:degrees"]
        },
        Row(.nmea, ["$X,4800,5*61"], .nmea, 9, "'5*61' is not N, S, E or W") {
            $0.columns = ["X", "a:degrees"]
        },
        Row(.nmea, ["$X,1"], .checksum, 5, "the line has no checksum at its end"),
        Row(.nmea, ["$X,1*00"], .checksum, 5, "the checksum is 00, that of the line is 45"),
        Row(.keyValue, ["a=1*0a"], .checksum, 4, "the checksum is 0A, that of the line is 6D") {
            $0.hasChecksum = true
        },
        // No format.
        Row(
            nil, ["hello world"], .format, 1,
            "this is neither CSV, nor JSON lines, nor Influx lines"),
        Row(
            nil, ["21.5"], .format, 1,
            "the line has numbers alone, and no sensor is named for them"),
        Row(nil, ["1,2,3"], .format, 1, "the header does not begin with a time"),
        Row(nil, ["time;a;b"], .format, 1, "the cells are parted by semicolons"),
        Row(nil, ["time,a"], .format, 1, "the cells are parted by commas") {
            $0.delimiter = UInt8(ascii: ";")
        },
        Row(nil, ["[1,2]"], .format, 1, "the input is one JSON array"),
        Row(nil, ["\u{1F}\u{8B}"], .format, 1, "the input is no text"),
    ]

    @Test(arguments: rows)
    func aBadLineIsCountedPlacedAndNamed(row: Row) throws {
        var settings = LineReaderSettings(format: row.format)
        row.change(&settings)
        var reader = LineReader(settings: settings)
        var names = SensorNames()
        var readings = LineReadings()
        var errors: [LineError] = []
        for line in row.lines {
            let bytes = Array(line.utf8)
            do throws(LineError) {
                _ = try reader.read(bytes.span, arrival: 0, names: &names, into: &readings)
            } catch {
                errors.append(error)
            }
        }
        let bad = Array((row.lines.last ?? "").utf8)
        let error = try #require(errors.first)
        #expect(errors.count == 1)
        #expect(RefusalReason(error) == row.reason)
        #expect(error.offset(in: bad.span) + 1 == row.column)
        #expect(LineText.what(error, in: bad) == row.text)
    }

    @Test func everyReasonThatALineCanGiveIsInTheTable() {
        let reasons = Set(Self.rows.map(\.reason))
        #expect(reasons == Set(RefusalReason.allCases.filter { $0 != .tooLong }))
    }
}
