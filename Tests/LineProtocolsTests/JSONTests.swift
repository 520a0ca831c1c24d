// SPDX-License-Identifier: Apache-2.0

import LineProtocols
import Testing

@Suite struct JSONTests {
    private func read(_ line: String, arrival: Int64? = nil) -> ReadLines {
        readLines([line], format: .jsonLines, arrival: arrival)
    }

    @Test(arguments: [
        (
            #"{"sensor":"t1","value":22.5,"ts":1700000000123}"#,
            Named("t1", 1_700_000_000_123_000_000, 22.5)
        ),
        (#"{"ts":1,"v":true,"name":"d"}"#, Named("d", 1_000_000, 1)),
        (#" { "id" : "x" , "v" : -0.0 , "t" : 5 } "#, Named("x", 5_000_000, -0.0)),
        (
            #"{"sensor":"a","id":"k.data.1","v":1,"u":"°C","q":"good","p":3,"ts":1,"ns":999999}"#,
            Named("a", 1_999_999, 1)
        ),
        (#"{"sensor":"a","time":1.5,"v":1}"#, Named("a", 1_500_000_000, 1)),
        (#"{"sensor":"a","time":"1970-01-01T00:00:01Z","v":1}"#, Named("a", 1_000_000_000, 1)),
        (#"{"sensor":"a","ts":"1970-01-01T00:00:01\u005A","v":1}"#, Named("a", 1_000_000_000, 1)),
        (#"{"sensor":"a","time_us":7,"v":1}"#, Named("a", 7_000, 1)),
        (#"{"sensor":"a","time_ns":7,"v":1,"ns":-5}"#, Named("a", 7, 1)),
        (#"{"sensor":"a","time_s":7,"value":1,"v":2}"#, Named("a", 7_000_000_000, 1)),
        (#"{"sensor":"\u00e9\ud83d\ude00\/\"","v":1,"ts":0}"#, Named("é😀/\"", 0, 1)),
        (#"{"\u0073ensor":"a","v":1,"ts":0}"#, Named("a", 0, 1)),
        (#"{"sensor":"größe","v":1,"ts":0}"#, Named("größe", 0, 1)),
        (#"{"sensor":"a","v":null,"err":"nan","ts":0}"#, Named("a", 0, .nan)),
        (#"{"sensor":"a","v":null,"err":"inf","ts":0}"#, Named("a", 0, .infinity)),
        (#"{"sensor":"a","v":null,"err":"-Inf","ts":0}"#, Named("a", 0, -.infinity)),
        (#"{"sensor":3,"value":4,"ts":0}"#, Named("3", 0, 4)),
        (
            #"{"sensor":"a","v":1e-7,"ts":0,"meta":{"k":[1,{"k":2}],"l":{}},"list":[]}"#,
            Named("a", 0, 1e-7)
        ),
        (#"{"sensor":"a","v":1,"ts":-1,"ns":1}"#, Named("a", -999_999, 1)),
    ])
    func oneReadingHasANameAndAValue(line: String, reading: Named) {
        #expect(read(line) == ReadLines(readings: [reading], outcome: .init(readings: 1)))
    }

    @Test func remarksGoWithTheirReading() {
        var reader = LineReader(format: .jsonLines)
        var names = SensorNames()
        var readings = LineReadings()
        var skipped = 0
        for line in [
            #"{"ts":1,"sensor":"a","v":1}"#, #"{"ts":1,"sensor":"a","v":1,"q":"stale","p":2}"#,
            #"{"ts":1,"sensor":"a","v":1,"q":"b\u0061d"}"#,
            #"{"ts":1,"sensor":"a","v":1,"q":null,"p":null}"#,
            #"{"ts":1,"sensor":"a","v":1,"q":3,"p":"x"}"#,
            #"{"ts":1,"sensor":"a","v":1,"q":"good","p":2.5}"#, #"{"ts":1,"q":5,"p":2}"#,
        ] {
            let bytes = Array(line.utf8)
            let error = errorOf { () throws(LineError) in
                skipped += try reader.read(bytes.span, names: &names, into: &readings).skipped
            }
            #expect(error == nil, "\(line)")
        }
        // In the other form both are sensors.
        #expect(readings.count == 8 && names.count == 3)
        #expect(skipped == 3)
        #expect(
            readings.remarks == [
                .init(position: 1, remarks: JSONRemarks(quality: 3, priority: 2)),
                .init(position: 2, remarks: JSONRemarks(quality: 2)),
            ])
        readings.removeAll()
        #expect(readings.remarks.isEmpty)
    }

    @Test func inTheOtherFormEveryMemberIsASensor() {
        let result = read(
            #"{"time_ms":1,"temp":21.5,"hum":40,"door":false,"n":null,"s":"x","o":{"a":1}}"#)
        #expect(
            result
                == ReadLines(
                    readings: [
                        Named("temp", 1_000_000, 21.5), Named("hum", 1_000_000, 40),
                        Named("door", 1_000_000, 0),
                    ], outcome: LineOutcome(readings: 3, skipped: 2, absent: 1)))
    }

    @Test(arguments: [
        (#"{"time_ms":1,"t":21.5}"#, [Named("t", 1_000_000, 21.5)]),
        (#"{"t":1}"#, []), (#"{"t":1,"ns":2,"v":3}"#, [Named("v", 1_000_002, 3)]),
        (#"{"time_ms":1,"ns":2}"#, [Named("ns", 1_000_000, 2)]),
        (#"{"id":5,"ts":1}"#, [Named("id", 1_000_000, 5)]),
        (#"{"a":1,"ts":null}"#, [Named("a", 77, 1)]), (#"{"a":1}"#, [Named("a", 77, 1)]),
        ("{}", []), ("", []), ("  \r", []), (#"{"a\tb":{}}"#, []),
        (#"{"\u0061":1}"#, [Named("a", 77, 1)]),
    ])
    func keysThatAreNoTimeHereAreSensors(line: String, readings: [Named]) {
        let result = read(line, arrival: 77)
        #expect(result.errors.isEmpty)
        #expect(result.readings == readings)
    }

    @Test func aNullWithoutAReasonIsNoReading() {
        #expect(read(#"{"sensor":"a","v":null,"ts":0}"#).outcome == LineOutcome(absent: 1))
        #expect(
            read(#"{"sensor":"a","v":null,"err":"x","ts":0}"#).outcome == LineOutcome(absent: 1))
    }

    @Test(
        arguments: [
            ("[1]", .json(.notAnObject, at: 0)), ("1", .json(.notAnObject, at: 0)),
            ("{", .json(.truncated, at: 1)), (#"{"a""#, .json(.truncated, at: 4)),
            (#"{"a":"#, .json(.truncated, at: 5)), (#"{"a":1"#, .json(.truncated, at: 6)),
            (#"{"a":1,}"#, .json(.unexpected, at: 7)), (#"{,}"#, .json(.unexpected, at: 1)),
            (#"{"a" 1}"#, .json(.unexpected, at: 5)), (#"{a:1}"#, .json(.unexpected, at: 1)),
            (#"{'a':1}"#, .json(.unexpected, at: 1)),
            (#"{"a":1 "b":2}"#, .json(.unexpected, at: 7)),
            (#"{"a":1}x"#, .json(.trailing, at: 7)), (#"{"a":1}{"b":2}"#, .json(.trailing, at: 7)),
            (#"{"a":01}"#, .json(.badNumber, at: 6)), (#"{"a":1.}"#, .json(.badNumber, at: 7)),
            (#"{"a":-}"#, .json(.badNumber, at: 6)), (#"{"a":1e}"#, .json(.badNumber, at: 7)),
            (#"{"a":.5}"#, .json(.unexpected, at: 5)), (#"{"a":+1}"#, .json(.unexpected, at: 5)),
            (#"{"a":NaN}"#, .json(.unexpected, at: 5)), (#"{"a":tru}"#, .json(.unexpected, at: 5)),
            (#"{"a":nul"#, .json(.unexpected, at: 5)), (#"{"a":True}"#, .json(.unexpected, at: 5)),
            (#"{"a":1,"a":2}"#, .json(.duplicateKey, at: 7)),
            (#"{"ts":1,"ts":2}"#, .json(.duplicateKey, at: 8)),
            (#"{"a":1,"\u0061":2}"#, .json(.duplicateKey, at: 7)),
            (#"{"x":{"a":1,"a":2}}"#, .json(.duplicateKey, at: 12)),
            (#"{"a":"\x"}"#, .json(.badEscape, at: 6)),
            (#"{"a":"\ud800"}"#, .json(.badEscape, at: 6)),
            (#"{"a":"\udc00"}"#, .json(.badEscape, at: 6)),
            (#"{"a":"\ud800\u0041"}"#, .json(.badEscape, at: 6)),
            (#"{"a":"\u12g4"}"#, .json(.badEscape, at: 6)),
            (#"{"a":"\u12"#, .json(.truncated, at: 10)),
            ("{\"a\":\"x\ty\"}", .json(.controlInString, at: 7)),
            (#"{"a":"x}"#, .json(.truncated, at: 8)),
            (#"{"a":[1,]}"#, .json(.unexpected, at: 8)), (#"{"a":[1}"#, .json(.unexpected, at: 7)),
            (#"{"a":{"b"}}"#, .json(.unexpected, at: 9)),
            (#"{"a":[1 2]}"#, .json(.unexpected, at: 8)),
            (#"{"a":[[]"#, .json(.truncated, at: 8)),
            (#"{"a":{"b":1,}}"#, .json(.unexpected, at: 12)),
            (#"{"a":[,1]}"#, .json(.unexpected, at: 6)),
            (#"{"a":1,"ts":true}"#, .time(.malformed, at: 12, column: 0)),
            (#"{"a":1,"ts":"12"}"#, .time(.malformed, at: 15, column: 0)),
            (#"{"a":1}"#, .time(.missing, at: 0, column: 0)),
            (#"{"a":1,"ts":null}"#, .time(.missing, at: 12, column: 0)),
            (#"{"a":1,"ts":1e30}"#, .time(.outOfRange, at: 12, column: 0)),
            (#"{"a":1,"ts":0.1234567}"#, .time(.tooPrecise, at: 12, column: 0)),
            (#"{"a":1,"ts":1,"time":2}"#, .json(.twoTimes, at: 21)),
            (#"{"a":1,"ts":1,"ns":1000000}"#, .json(.badRemainder, at: 19)),
            (#"{"a":1,"ts":1,"ns":-1}"#, .json(.badRemainder, at: 19)),
            (#"{"a":1,"ts":1,"ns":0.5}"#, .json(.badRemainder, at: 19)),
            (#"{"sensor":"a","ts":1}"#, .json(.missingValue, at: 10)),
            (#"{"sensor":"a","ts":1,"v":"1"}"#, .value(.notANumber, at: 25, column: 0)),
            (#"{"sensor":"a","ts":1,"v":[1]}"#, .value(.notANumber, at: 25, column: 0)),
            (#"{"sensor":"a","ts":1,"v":1e999}"#, .value(.outOfRange, at: 25, column: 0)),
            (#"{"b":1,"a":1e999,"ts":1}"#, .value(.outOfRange, at: 11, column: 0)),
            (#"{"sensor":"","ts":1,"v":1}"#, .name(.empty, at: 11, column: 0)),
            (#"{"b":1,"a\u0000":1,"ts":1}"#, .name(.controlCharacter, at: 7, column: 0)),
            (#"{"a":1,"ts":"20\u0041"}"#, .time(.malformed, at: 12, column: 0)),
        ] as [(String, LineError)])
    func badLinesGiveNothing(line: String, error: LineError) {
        let result = read(line)
        #expect(result.errors == [error])
        #expect(result.readings.isEmpty)
    }

    @Test func linesOfOtherKeysBetweenEqualOnesAreReadTheSame() {
        let lines = [
            #"{"time_ms":1,"a":1,"longer_than_eight":2,"c":3}"#,
            #"{"time_ms":2,"a":4,"longer_than_eight":5,"c":6}"#,
            #"{"time_ms":2,"a":4,"longer_than_eight":5,"c":6,"d":1}"#,
            #"{"time_ms":2,"a":4}"#, #"{"time_ms":2,"a":4,"longer_than_eigh":5}"#,
            #"{"time_ms":2,"a":4,"longer_than_eight!":5}"#, #"{"time_ms":2,"b":4}"#,
            #"{"b":4,"time_ms":2}"#,
            #"{"sensor":"x","v":1,"ts":2}"#, #"{"sensor":"y","v":null,"err":"inf","ts":2}"#,
            #"{"sensor":"x","v":1,"ts":2}"#, #"{"sensor":"\u0078","v":1,"ts":2,"m":{"a":1}}"#,
            #"{"sensor":"x","v":1,"ts":2,"m":{"a":1}}"#, #"{"a":1,"b":2,"ts":3,"a":4}"#,
            #"{"a":1,"b":2,"ts":3}"#, #"{"a":1,"b":2,"ts":3,"a":4}"#, #"{"a":1,"b":2,"a":3}"#,
            #"{"a":1,"b":2,"ts":3}"#, #"{"a":1,"b":2,"ts":3"#, #"{"a":1,"ts":3}"#, "{}",
            #"{"ts":3}"#,
            #"{"a":1,"\u0062":2,"ts":3}"#, #"{"a":1,"b":2,"ts":3}"#,
            #"{"a":1,"b":2,"ts":3,"ts":4}"#,
        ]
        // One reader for any two lines, in either order, against one reader for each.
        for first in lines {
            for second in lines {
                for third in [first, second] {
                    let three = [first, second, third]
                    var expected = ReadLines()
                    for line in three {
                        let alone = read(line)
                        expected.readings += alone.readings
                        expected.errors += alone.errors
                        expected.outcome.readings += alone.outcome.readings
                        expected.outcome.skipped += alone.outcome.skipped
                        expected.outcome.absent += alone.outcome.absent
                    }
                    #expect(readLines(three, format: .jsonLines) == expected)
                }
            }
        }
    }

    @Test func stringsAreUTF8() {
        let head = Array(#"{"a":""#.utf8)
        for bytes: [UInt8] in [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
        ] {
            let line = head + bytes + Array("\"}".utf8)
            #expect(readLines([line], format: .jsonLines).errors == [.json(.notUTF8, at: 6)])
        }
    }

    @Test func depthHasALimit() {
        func nested(_ depth: Int) -> String {
            #"{"ts":0,"a":"# + String(repeating: "[", count: depth - 1)
                + String(repeating: "]", count: depth - 1) + "}"
        }
        #expect(read(nested(JSONLinesReader.maximumDepth)).errors.isEmpty)
        #expect(read(nested(JSONLinesReader.maximumDepth + 1)).errors == [.json(.tooDeep, at: 43)])
        #expect(read(#"{"a":"# + String(repeating: "[", count: 100_000)).errors.count == 1)
    }

    @Test func manyKeysAreComparedInTime() {
        let members = (0..<20_000).map { "\"k\($0)\":\"\"" }.joined(separator: ",")
        #expect(read("{\"ts\":0,\(members)}").outcome.skipped == 20_000)
        #expect(read("{\"ts\":0,\(members),\"k77\":1}").errors.count == 1)
    }

    // MARK: Writing

    @Test(
        arguments: [
            (
                21.37, 1_790_000_000_123_000_000, JSONRemarks(),
                #"{"ts":1790000000123,"v":21.37,"sensor":"a"}"#
            ),
            (-0.0, 1, JSONRemarks(priority: 2), #"{"ts":0,"ns":1,"v":-0.0,"p":2,"sensor":"a"}"#),
            (
                1e-7, -1, JSONRemarks(quality: 4),
                #"{"ts":-1,"ns":999999,"v":1e-07,"q":"time","sensor":"a"}"#
            ),
            (.nan, 0, JSONRemarks(), #"{"ts":0,"v":null,"q":"bad","err":"nan","sensor":"a"}"#),
            (
                .infinity, 0, JSONRemarks(quality: 3),
                #"{"ts":0,"v":null,"q":"stale","err":"inf","sensor":"a"}"#
            ),
            (
                -.infinity, 0, JSONRemarks(quality: 1),
                #"{"ts":0,"v":null,"q":"uncertain","err":"-inf","sensor":"a"}"#
            ),
        ] as [(Double, Int64, JSONRemarks, String)])
    func readingsAreWrittenAsTheProtocolSays(
        value: Double, time: Int64, remarks: JSONRemarks, text: String
    ) {
        var buffer = TextBuffer()
        let reading = LineReading(sensor: 0, time: time, value: value)
        let name: [UInt8] = [0x61]
        #expect(
            JSONLinesWriter.append(reading, name: name.span, remarks: remarks, to: &buffer)
                == .written)
        #expect(string(buffer) == text + "\n")
        #expect(read(text).readings == [Named("a", time, value)])
    }

    @Test func otherNaNsAreReported() {
        var buffer = TextBuffer()
        let reading = LineReading(
            sensor: 0, time: 0, value: Double(bitPattern: 0x7FF0_0000_0000_0001))
        let name: [UInt8] = [0x61]
        #expect(JSONLinesWriter.append(reading, name: name.span, to: &buffer) == .lostNaNBits)
    }

    @Test func everyNameAndReadingComesBack() {
        var generator = LineTestGenerator(seed: 9)
        for _ in 0..<5_000 {
            let bits = Double(bitPattern: generator.next())
            let value = bits.isNaN ? 0.5 : bits
            let reading = LineReading(
                sensor: 0, time: Int64(bitPattern: generator.next()) / 2, value: value)
            let name = ["a\"b", "c\\d", "ü\u{1F600}", "x/y"][Int(generator.next() & 3)]
            var buffer = TextBuffer()
            #expect(
                JSONLinesWriter.append(reading, name: Array(name.utf8).span, to: &buffer)
                    == .written)
            let back = readLines([buffer.bytes.dropLast()].map(Array.init), format: nil)
            #expect(back.readings == [Named(name, reading.time, value)], "seed 9")
        }
    }
}
