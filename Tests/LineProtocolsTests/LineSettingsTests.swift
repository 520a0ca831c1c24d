// SPDX-License-Identifier: Apache-2.0

import LineProtocols
import Testing

/// What the settings of a source make of its lines, in every format.
@Suite struct LineSettingsTests {
    private func read(
        _ format: LineFormat?, _ lines: [String], arrival: Int64? = nil,
        _ change: (inout LineReaderSettings) -> Void
    ) -> ReadLines {
        var settings = LineReaderSettings(format: format)
        change(&settings)
        return readLines(LinesWithSettings(lines: lines, settings: settings), arrival: arrival)
    }

    @Test func columnsStandForAHeader() {
        let lines = ["21.5, x ,5,true", "a,_,time_ms,b", ",,6,2"]
        let result = read(nil, lines) { $0.columns = ["a", "_", "time_ms", "b"] }
        #expect(result.errors.isEmpty)
        #expect(
            result.readings == [
                Named("a", 5_000_000, 21.5), Named("b", 5_000_000, 1), Named("b", 6_000_000, 2),
            ])
        #expect(result.outcome.absent == 1)
    }

    @Test(arguments: [
        (UInt8(ascii: ";"), ["time_ms;a b;c", "1;2; 3", "2;;\"4\""]),
        (UInt8(ascii: "\t"), ["time_ms\ta b\tc", "1\t2\t 3", "2\t\t\"4\" "]),
    ])
    func cellsArePartedByOtherBytes(delimiter: UInt8, lines: [String]) {
        let result = read(nil, lines) { $0.delimiter = delimiter }
        #expect(result.errors.isEmpty)
        #expect(
            result.readings == [
                Named("a b", 1_000_000, 2), Named("c", 1_000_000, 3), Named("c", 2_000_000, 4),
            ])
    }

    @Test func anyNumberOfSpacesPartsCells() {
        let lines = ["time_ms  a b ", " 1   2  3", "2 \"4\"   5  ", "3 4"]
        let result = read(.csv, lines) { $0.delimiter = UInt8(ascii: " ") }
        #expect(
            result.readings == [
                Named("a", 1_000_000, 2), Named("b", 1_000_000, 3), Named("a", 2_000_000, 4),
                Named("b", 2_000_000, 5),
            ])
        #expect(result.errors == [.csv(.missingCell, at: 3, column: 3)])
    }

    @Test func otherDelimitersAreNamedWhereTheyAreNot() {
        let result = read(nil, ["time_ms,a"]) { $0.delimiter = UInt8(ascii: ";") }
        #expect(result.errors == [.format(.otherDelimiter(UInt8(ascii: ",")))])
    }

    @Test func valuesInsideObjectsAreCalledAfterTheirPath() {
        let line =
            #"{"ts":1,"a":{"b":1,"c":{"d":true,"e":null,"s":"x"}},"l":[2,[3,{"k":4}],{}],"z":5}"#
        let result = read(.jsonLines, [line, line]) { _ in }
        let once = [
            Named("z", 1_000_000, 5), Named("a.b", 1_000_000, 1), Named("a.c.d", 1_000_000, 1),
            Named("l.0", 1_000_000, 2), Named("l.1.0", 1_000_000, 3),
            Named("l.1.1.k", 1_000_000, 4),
        ]
        #expect(result.errors.isEmpty)
        #expect(result.readings == once + once)
        #expect(result.outcome == LineOutcome(readings: 12, skipped: 2, absent: 2))
        let flat = read(.jsonLines, [line]) { $0.readsNested = false }
        #expect(flat.outcome == LineOutcome(readings: 1, skipped: 2))
    }

    @Test func aPathMayNotBeThereTwice() {
        let result = read(.jsonLines, [#"{"ts":1,"a.b":1,"a":{"b":2}}"#]) { _ in }
        #expect(result.errors == [.json(.duplicateKey, at: 25)] && result.readings.isEmpty)
    }

    @Test func aPathIsNoLongerThanAName() {
        let key = String(repeating: "k", count: 63)
        #expect(read(.jsonLines, [#"{"ts":1,"\#(key)":[0]}"#]) { _ in }.errors.count == 1)
        let huge = String(repeating: "k", count: 5_000)
        let deep = String(repeating: "[", count: 20) + String(repeating: "]", count: 20)
        let result = read(.jsonLines, [#"{"ts":1,"\#(huge)":[0,\#(deep)]}"#]) { _ in }
        #expect(result.errors == [.name(.tooLong, at: 5_012, column: 0)])
    }

    @Test(
        arguments: [
            (#"{"h":{"t":1700000000123},"a":1}"#, 1_700_000_000_123_000_000),
            (#"{"h":{"t":"1970-01-01T00:00:01\u005A"},"a":1,"ts":9}"#, 1_000_000_000),
            (#"{"h":{"t":1.5},"a":1}"#, 1_500_000_000), (#"{"a":1,"h":{"t":null}}"#, 77),
            (#"{"a":1}"#, 77), (#"{"h.t":5,"a":1}"#, 5_000_000_000),
            (#"{"h":{"t":5},"sensor":"a","value":1}"#, 5_000_000_000),
        ] as [(String, Int64)])
    func theTimeMayBeInsideAnObject(line: String, time: Int64) {
        let result = read(.jsonLines, [line], arrival: 77) { $0.timePath = "h.t" }
        #expect(result.errors.isEmpty)
        #expect(result.readings.first == Named("a", time, 1))
    }

    private func add(
        _ sensor: String, _ text: String, _ value: Double, to settings: inout LineReaderSettings
    ) {
        let isAdded = settings.texts.add(sensor: sensor, text: text, value: value)
        #expect(isAdded)
    }

    @Test func textsNeedANameThatASensorCanHave() {
        var texts = TextValues()
        let isNameless = !texts.add(sensor: "", text: "a", value: 1)
        let isLong = !texts.add(sensor: String(repeating: "n", count: 65), text: "a", value: 1)
        let isLongPrefix = !texts.add(
            sensor: String(repeating: "n", count: 65) + "*", text: "a", value: 1)
        #expect(isNameless && isLong && isLongPrefix && texts.isEmpty)
        let isAdded = texts.add(sensor: "*", text: "a", value: 1)
        let isReplaced = texts.add(sensor: "*", text: "a", value: 2)
        #expect(isAdded && isReplaced)
        let (x, a) = (Array("x".utf8), Array("a".utf8))
        #expect(texts.answer(sensor: x.span, text: a.span) == .value(2))
        #expect(texts.answer(sensor: x.span, text: x.span) == .unknown)
    }

    @Test func textsStandForValues() {
        func change(_ settings: inout LineReaderSettings) {
            settings.prefix = "x."
            add("x.door", "open", 1, to: &settings)
            add("x.door", "shut", 0, to: &settings)
            add("x.d*", "shut", 9, to: &settings)
            add("x.do*", "\"", 3, to: &settings)
        }
        let two = [Named("x.door", 1_000_000, 1), Named("x.d", 1_000_000, 9)]
        for (format, lines) in [
            (.csv, ["time_ms,door,d", "1,open,shut", "1,x,x"]),
            (
                .jsonLines,
                [#"{"ts":1,"door":"open","d":"sh\u0075t"}"#, #"{"ts":1,"d":"x","e":"x"}"#]
            ),
            (.influx, [#"a x=0,door="open""#, #"door f="open""#]),
            (.keyValue, ["ts=1 door=open d=\"shut\"", "ts=1 door=x e=open"]),
        ] as [(LineFormat, [String])] {
            let result = read(format, lines, arrival: 1_000_000, change)
            #expect(result.errors.isEmpty, "\(format)")
            if format != .influx {
                #expect(result.readings == two, "\(format)")
                #expect(result.outcome.skipped == 2, "\(format)")
            } else {
                #expect(result.outcome == LineOutcome(readings: 1, skipped: 2))
            }
        }
        let long = read(
            .csv, ["time_ms,sensor,value", "1,door,open", "1,dox,\"\"\"\"", "1,b,open"], change)
        #expect(long.readings == [Named("x.door", 1_000_000, 1), Named("x.dox", 1_000_000, 3)])
        #expect(long.errors == [.value(.malformed, at: 4, column: 3)])
        let one = read(
            .jsonLines,
            [
                #"{"ts":1,"sensor":"door","value":"open"}"#, #"{"ts":1,"sensor":"door","v":"x"}"#,
                #"{"ts":1,"sensor":"b","v":"open"}"#,
            ], change)
        #expect(one.readings == [Named("x.door", 1_000_000, 1)] && one.outcome.skipped == 1)
        #expect(one.errors == [.value(.notANumber, at: 25, column: 0)])
    }

    @Test func textsOfNumbersAndSentences() {
        func change(_ settings: inout LineReaderSettings) {
            settings.sensor = "s"
            add("s*", "on", 1, to: &settings)
            add("GPX.1", "A", 4, to: &settings)
        }
        let numbers = read(.number, ["on", "1 on off"], arrival: 0, change)
        #expect(
            numbers.readings == [Named("s", 0, 1), Named("s.1", 0, 1), Named("s.2", 0, 1)])
        #expect(numbers.outcome.skipped == 1)
        let sentence = read(.nmea, [sealed("$GPX,A,A")], arrival: 0, change)
        #expect(sentence.readings == [Named("GPX.1", 0, 4)] && sentence.outcome.skipped == 1)
    }

    @Test(
        arguments: [
            (.csv, ["time_ms,a", "junk,1", "time_ms,a", "5,1"]),
            (.jsonLines, [#"{"ts":"junk","a":1}"#]),
            (.influx, ["m a=1 junk"]), (.keyValue, ["time=junk a=1"]),
            (.csv, ["time,sensor,value", "3,a,1", "time,sensor,value"]),
        ] as [(LineFormat, [String])])
    func theArrivalGoesBeforeTimesThatAreNotTrusted(format: LineFormat, lines: [String]) {
        let result = read(format, lines, arrival: 77) { $0.timeSource = .arrival }
        #expect(result.errors.isEmpty)
        #expect(!result.readings.isEmpty && result.readings.allSatisfy { $0.time == 77 })
    }

    @Test(
        arguments: [
            ("9", 9_000_000_000), ("1700000000", 1_700_000_000_000_000_000),
            ("9223372036", 9_223_372_036_000_000_000), ("100000000000", 100_000_000_000_000_000),
            ("1700000000123", 1_700_000_000_123_000_000),
            ("99999999999999", nil), ("100000000000000", 100_000_000_000_000_000),
            ("1700000000123456", 1_700_000_000_123_456_000), ("99999999999999999", nil),
            ("100000000000000000", 100_000_000_000_000_000),
            ("1700000000123456789", 1_700_000_000_123_456_789), ("10000000000", nil),
            ("1700000000.5", 1_700_000_000_500_000_000), ("-5", -5_000_000_000),
        ] as [(String, Int64?)])
    func digitsTellTheUnit(digits: String, time: Int64?) {
        for lines in [["time,a", "\(digits),1"]] {
            let result = read(.csv, lines) { _ in }
            expect(result, time)
        }
        expect(read(.jsonLines, [#"{"time":\#(digits),"a":1}"#]) { _ in }, time)
        expect(read(.keyValue, ["a=1 time=\(digits)"]) { _ in }, time)
    }

    private func expect(_ result: ReadLines, _ time: Int64?) {
        #expect(result.readings.map(\.time) == (time.map { [$0] } ?? []))
        guard time == nil else { return }
        #expect(result.errors.count == 1)
    }

    @Test func aUnitIsThatOfTimesThatSayNone() {
        func seconds(_ settings: inout LineReaderSettings) { settings.timeUnit = .seconds }
        #expect(read(.jsonLines, [#"{"ts":5,"a":1}"#], seconds).readings[0].time == 5_000_000_000)
        #expect(read(.jsonLines, [#"{"time_ms":5,"a":1}"#], seconds).readings[0].time == 5_000_000)
        #expect(read(.influx, ["m a=1 5"], seconds).readings[0].time == 5_000_000_000)
        #expect(read(.csv, ["time,a", "5,1"], seconds).readings[0].time == 5_000_000_000)
        #expect(read(.keyValue, ["t=5 a=1"], seconds).readings[0].time == 5_000_000_000)
    }

    @Test func aPrefixIsPutBeforeAllNames() {
        for (format, lines) in [
            (.csv, ["time_ms,a", "1,2"]), (.csv, ["time_ms,sensor,value", "1,a,2"]),
            (.jsonLines, [#"{"ts":1,"a":2}"#, #"{"ts":1,"a":2}"#]),
            (.jsonLines, [#"{"ts":1,"sensor":"a","v":2}"#]), (.keyValue, ["ts=1 a=2"]),
        ] as [(LineFormat, [String])] {
            let result = read(format, lines) { $0.prefix = "p." }
            #expect(!result.readings.isEmpty && result.errors.isEmpty)
            #expect(result.readings.allSatisfy { $0 == Named("p.a", 1_000_000, 2) }, "\(format)")
        }
        let nameless = read(.csv, ["time_ms,sensor,value", "1,,2"]) { $0.prefix = "p." }
        #expect(nameless.errors == [.name(.empty, at: 2, column: 2)])
        let long = read(.keyValue, ["ab=1"], arrival: 0) {
            $0.prefix = String(repeating: "p", count: 63)
        }
        #expect(long.errors == [.name(.tooLong, at: 0, column: 0)])
    }

    @Test func twoColumnsOfOneNameAreRefused() {
        for columns in [["a", "a"], ["time", "time_ms", "a"]] {
            let result = read(.csv, ["1,2,3"], arrival: 0) { $0.columns = columns }
            #expect(result.errors.count == 1 && result.readings.isEmpty)
        }
    }
}
