// SPDX-License-Identifier: Apache-2.0

import LineProtocols
import Testing

private let second: Int64 = 1_000_000_000

@Suite struct CSVTests {
    private func read(_ lines: [String], arrival: Int64? = nil) -> ReadLines {
        readLines(lines, format: .csv, arrival: arrival)
    }

    @Test func wideLinesGiveAReadingForEachCellThatIsNotEmpty() {
        let result = read(["time_ms,temp,hum,door", "1000,21.5,40,true", "2000,,41,", "3000,,,"])
        #expect(result.errors.isEmpty)
        #expect(
            result.readings == [
                Named("temp", second, 21.5), Named("hum", second, 40), Named("door", second, 1),
                Named("hum", 2 * second, 41),
            ])
        #expect(result.outcome == LineOutcome(readings: 4, absent: 5))
    }

    @Test func longLinesGiveOneReadingEach() {
        let result = read([
            "time_ns,sensor,value", "5,temp,21.5", "6,hum,nan", "7,temp,", "8,\"a,\"\"b\"\"\",-inf",
        ])
        #expect(result.errors.isEmpty)
        #expect(
            result.readings == [
                Named("temp", 5, 21.5), Named("hum", 6, .nan), Named("a,\"b\"", 8, -.infinity),
            ])
        #expect(result.outcome.absent == 1)
    }

    @Test(
        arguments: [
            ("time", "1.5", 1_500_000_000), ("time", "1970-01-01T00:00:02Z", 2_000_000_000),
            ("time_s", "1.5", 1_500_000_000), ("time_ms", "1.5", 1_500_000),
            ("time_us", "1", 1_000),
            ("time_ns", "1", 1), ("Time_MS", "1", 1_000_000), ("\"time_ms\"", "\"1\"", 1_000_000),
            (" time_ms ", " 1 ", 1_000_000), ("time_ms", "-1", -1_000_000),
        ] as [(String, String, Int64)])
    func theHeaderNamesTheUnit(header: String, cell: String, time: Int64) {
        let result = read([header + ",a", cell + ",7"])
        #expect(result == ReadLines(readings: [Named("a", time, 7)], outcome: .init(readings: 1)))
    }

    @Test(arguments: [
        ("21.5", 21.5), ("\"21.5\"", 21.5), (" 21.5\t", 21.5), ("\t\"1\" ", 1), ("TRUE", 1),
        ("-0.0", -0.0), ("1e3", 1000), ("iNf", .infinity),
        ("nan(0xfff8000000000001)", Double(bitPattern: 0xFFF8_0000_0000_0001)),
    ])
    func cellsMayBeQuotedAndPadded(cell: String, value: Double) {
        #expect(
            read(["time_ms,a,b", "1,\(cell),2"]).readings.first == Named("a", 1_000_000, value))
        #expect(
            read(["time_ms,a,b", "1,2,\(cell)\r"]).readings.last == Named("b", 1_000_000, value))
    }

    @Test(
        arguments: [
            ("1,2", .csv(.missingCell, at: 3, column: 3)),
            ("1", .csv(.missingCell, at: 1, column: 2)),
            ("1,2,3,4", .csv(.extraCell, at: 5, column: 4)),
            ("1,2,3,", .csv(.extraCell, at: 5, column: 4)),
            ("1,2,x", .value(.malformed, at: 4, column: 3)),
            ("1,2x,3", .value(.malformed, at: 3, column: 2)),
            ("1,1e999,3", .value(.outOfRange, at: 2, column: 2)),
            ("1,\"2,3", .csv(.unterminatedQuote, at: 2, column: 2)),
            ("1,\"2\"x,3", .csv(.misplacedQuote, at: 5, column: 2)),
            ("1,2\",3", .csv(.misplacedQuote, at: 3, column: 2)),
            ("1,\"2\"\"\",3", .value(.malformed, at: 2, column: 2)),
            (",2,3", .time(.missing, at: 0, column: 1)),
            ("x,2,3", .time(.malformed, at: 0, column: 1)),
            ("1.0000001,2,3", .time(.tooPrecise, at: 0, column: 1)),
            ("99999999999999,2,3", .time(.outOfRange, at: 0, column: 1)),
            ("\"1\"\"\",2,3", .time(.malformed, at: 0, column: 1)),
            ("1,nan(0x0000000000000000),3", .value(.notNaNBits, at: 8, column: 2)),
        ] as [(String, LineError)])
    func badWideLinesGiveNothing(line: String, error: LineError) {
        let result = read(["time_ms,a,b", line, "2,3,4"])
        #expect(result.errors == [error])
        #expect(result.readings == [Named("a", 2_000_000, 3), Named("b", 2_000_000, 4)])
    }

    @Test(
        arguments: [
            ("1", .csv(.missingCell, at: 1, column: 2)),
            ("1,a", .csv(.missingCell, at: 3, column: 3)),
            ("1,a,2,3", .csv(.extraCell, at: 5, column: 4)),
            ("1,a,,3", .csv(.extraCell, at: 4, column: 4)),
            ("1,,2", .name(.empty, at: 2, column: 2)),
            ("1,a,b", .value(.malformed, at: 4, column: 3)),
            ("1,\"\"\"\u{7F}\",2", .name(.controlCharacter, at: 2, column: 2)),
            ("1,\u{7F},2", .name(.controlCharacter, at: 2, column: 2)),
            ("1," + String(repeating: "x", count: 65) + ",2", .name(.tooLong, at: 2, column: 2)),
        ] as [(String, LineError)])
    func badLongLinesGiveNothing(line: String, error: LineError) {
        let result = read(["time_ms,sensor,value", line])
        #expect(result.errors == [error])
        #expect(result.readings.isEmpty)
    }

    @Test(
        arguments: [
            ("a,b", .csv(.noTimeColumn, at: 0, column: 1)),
            ("time_h,b", .csv(.noTimeColumn, at: 0, column: 1)),
            ("time_ms", .csv(.noSensorColumn, at: 7, column: 2)),
            ("time_ms,a,b,a", .csv(.duplicateColumn, at: 12, column: 4)),
            ("time_ms,a,", .name(.empty, at: 10, column: 3)),
            ("time_ms,\"a", .csv(.unterminatedQuote, at: 8, column: 2)),
        ] as [(String, LineError)])
    func badHeadersAreRefused(line: String, error: LineError) {
        #expect(read([line]).errors == [error])
    }

    @Test func aNameThatIsNotUTF8IsRefused() {
        let line = Array("time_ms,a".utf8) + [0xC3]
        #expect(readLines([line], format: .csv).errors == [.name(.notUTF8, at: 9, column: 2)])
    }

    @Test func anotherHeaderInTheMiddleIsTaken() {
        let result = read([
            "time_ms,a", "1,1", "time_s,b,a", "1,2,3", "time_ms,sensor,value", "4,b,5",
        ])
        #expect(result.errors.isEmpty)
        #expect(
            result.readings == [
                Named("a", 1_000_000, 1), Named("b", second, 2), Named("a", second, 3),
                Named("b", 4_000_000, 5),
            ])
    }

    @Test func anEmptyTimeIsTheArrival() {
        let result = read(["time_ms,a", ",1", "", "\r"], arrival: 77)
        #expect(result == ReadLines(readings: [Named("a", 77, 1)], outcome: .init(readings: 1)))
    }

    @Test func sensorAndValueBesideOthersAreSensors() {
        #expect(read(["time_ms,sensor,value,x", "1,2,3,4"]).readings.count == 3)
        #expect(read(["time_ms,value,sensor", "1,2,3"]).readings.count == 2)
    }

    // MARK: Writing

    @Test func theLongLayoutComesBackToTheBit() throws {
        var names = SensorNames()
        let texts = ["temp", "a,b", "say \"hi\"", " padded ", "größe", "x=1"]
        for text in texts {
            let bytes = Array(text.utf8)
            _ = try names.index(of: bytes.span, from: 0, to: bytes.count)
        }
        var generator = LineTestGenerator(seed: 8)
        for unit in TimeUnit.allCases {
            var buffer = TextBuffer()
            var expected: [Named] = []
            CSVWriter.appendLongHeader(unit: unit, to: &buffer)
            for _ in 0..<2_000 {
                let reading = LineReading(
                    sensor: Int(generator.next() % 6),
                    time: Int64(bitPattern: generator.next()),
                    value: Double(bitPattern: generator.next())
                )
                let range = names.range(of: reading.sensor)
                CSVWriter.appendLong(
                    reading, name: names.text.span.extracting(range), unit: unit, to: &buffer)
                expected.append(Named(texts[reading.sensor], reading.time, reading.value))
            }
            let lines = string(buffer).split(separator: "\n").map(String.init)
            #expect(readLines(lines, format: nil).readings == expected, "seed 8")
        }
    }

    @Test func wideLinesGatherReadingsOfOneTime() throws {
        var names = SensorNames()
        for text in ["a", "b", "c,d"] {
            let bytes = Array(text.utf8)
            _ = try names.index(of: bytes.span, from: 0, to: bytes.count)
        }
        var writer = CSVWideWriter(sensorCount: 3, unit: .milliseconds)
        var buffer = TextBuffer()
        #expect(writer.appendHeader(names, to: &buffer))
        let readings: [(Int, Int64, Double)] = [
            (0, 1_000_000, 1), (2, 1_000_000, .nan), (1, 2_500_000, 2), (1, 2_500_000, -0.0),
            (0, 1_000_000, 0.5),
        ]
        for (sensor, time, value) in readings {
            let reading = LineReading(sensor: sensor, time: time, value: value)
            #expect(writer.append(reading, to: &buffer) == .written)
        }
        let stranger = LineReading(sensor: 3, time: 0, value: 0)
        #expect(writer.append(stranger, to: &buffer) == .unknownSensor)
        writer.finish(to: &buffer)
        writer.finish(to: &buffer)
        #expect(string(buffer) == "time_ms,a,b,\"c,d\"\n1,1,,nan\n2.5,,2,\n2.5,,-0.0,\n1,0.5,,\n")
    }

    @Test func aWideHeaderThatWouldBeReadAsLongIsRefused() throws {
        var names = SensorNames()
        for text in ["sensor", "value", "x"] {
            let bytes = Array(text.utf8)
            _ = try names.index(of: bytes.span, from: 0, to: bytes.count)
        }
        var buffer = TextBuffer()
        #expect(!CSVWideWriter(sensorCount: 2, unit: .seconds).appendHeader(names, to: &buffer))
        #expect(!CSVWideWriter(sensorCount: 0, unit: .seconds).appendHeader(names, to: &buffer))
        #expect(buffer.count == 0)
        #expect(CSVWideWriter(sensorCount: 3, unit: .seconds).appendHeader(names, to: &buffer))
    }
}
