// SPDX-License-Identifier: Apache-2.0

import LineProtocols
import Testing

@Suite struct InfluxTests {
    private func read(_ line: String, arrival: Int64? = nil) -> ReadLines {
        readLines([line], format: .influx, arrival: arrival)
    }

    @Test(arguments: [
        ("m f=1.5 7", [Named("m.f", 7, 1.5)]),
        (
            "m,tag=v field=1.5,field2=3i 1700000000000000000",
            [
                Named("m,tag=v.field", 1_700_000_000_000_000_000, 1.5),
                Named("m,tag=v.field2", 1_700_000_000_000_000_000, 3),
            ]
        ),
        ("m,b=2,a=1,ab=3 f=1 7", [Named("m,a=1,ab=3,b=2.f", 7, 1)]),
        (
            "m a=-3i,b=3u,c=t,d=F,e=True,f=FALSE,g=1e3,h=-0i 7",
            [
                Named("m.a", 7, -3), Named("m.b", 7, 3), Named("m.c", 7, 1), Named("m.d", 7, 0),
                Named("m.e", 7, 1), Named("m.f", 7, 0), Named("m.g", 7, 1000), Named("m.h", 7, 0),
            ]
        ),
        (
            #"my\ room,place=up\ there,k\=1=a\,b temp\ 1=2 7"#,
            [Named(#"my room,k\=1=a\,b,place=up there.temp 1"#, 7, 2)]
        ),
        (#"m\,x=1 f=1 7"#, [Named(#"m\,x=1.f"#, 7, 1)]), ("a=b f=1 7", [Named("a=b.f", 7, 1)]),
        (#"m s="a, b=\"c\" \\",f=1 7"#, [Named("m.f", 7, 1)]), (#"m s="x" 7"#, []),
        ("m f=9007199254740994i 7", [Named("m.f", 7, 9_007_199_254_740_994)]),
        ("m f=-9223372036854775808i 7", [Named("m.f", 7, -0x1p63)]),
        ("m f=1  7  \r", [Named("m.f", 7, 1)]), ("  m f=1 -7", [Named("m.f", -7, 1)]),
        ("m f=1", [Named("m.f", 77, 1)]), ("m f=1 ", [Named("m.f", 77, 1)]),
        ("# comment", []), ("", []), ("   ", []),
    ])
    func everyFieldIsASensor(line: String, readings: [Named]) {
        let result = read(line, arrival: 77)
        #expect(result.errors.isEmpty)
        #expect(result.readings == readings)
        #expect(result.outcome.skipped == (line.contains("s=") ? 1 : 0))
    }

    @Test(
        arguments: [
            ("m", .influx(.missingField, at: 1)), ("m ", .influx(.missingField, at: 2)),
            (",a=b f=1", .influx(.missingMeasurement, at: 0)), ("m,a f=1", .influx(.badTag, at: 3)),
            ("m,a= f=1", .influx(.badTag, at: 4)), ("m,=b f=1", .influx(.badTag, at: 2)),
            ("m,a=b=c f=1", .influx(.badTag, at: 5)), ("m,a=b", .influx(.badTag, at: 5)),
            ("m,a=1,a=2 f=1", .influx(.duplicateTag, at: 6)), ("m f", .influx(.badField, at: 3)),
            ("m f=", .influx(.badField, at: 3)), ("m =1", .influx(.badField, at: 2)),
            ("m f=1,", .influx(.missingField, at: 6)),
            ("m f=1,f=2 7", .influx(.duplicateField, at: 6)),
            (#"m f="x 7"#, .influx(.unterminatedString, at: 4)),
            (#"m f="x\"#, .influx(.unterminatedString, at: 4)),
            (#"m f="x"y 7"#, .influx(.badField, at: 7)), ("m f=1 7 8", .influx(.trailing, at: 7)),
            ("m f=1 7x", .time(.malformed, at: 7, column: 0)),
            ("m f=1 7.5", .time(.tooPrecise, at: 6, column: 0)),
            ("m f=1", .time(.missing, at: 5, column: 0)),
            ("m f=x 7", .value(.malformed, at: 4, column: 0)),
            ("m f=i 7", .value(.malformed, at: 4, column: 0)),
            ("m f=-i 7", .value(.malformed, at: 5, column: 0)),
            ("m f=1.5i 7", .value(.malformed, at: 5, column: 0)),
            ("m f=-3u 7", .value(.malformed, at: 4, column: 0)),
            ("m f=NaN 7", .value(.malformed, at: 4, column: 0)),
            ("m f=tRUE 7", .value(.malformed, at: 4, column: 0)),
            ("m f=9007199254740993i 7", .value(.integerNotExact, at: 4, column: 0)),
            ("m f=-9223372036854775807i 7", .value(.integerNotExact, at: 4, column: 0)),
            ("m f=9223372036854775808i 7", .value(.outOfRange, at: 4, column: 0)),
            ("m f=18446744073709551615u 7", .value(.integerNotExact, at: 4, column: 0)),
            ("m f=18446744073709551616u 7", .value(.outOfRange, at: 4, column: 0)),
            ("m f=, 7", .value(.malformed, at: 4, column: 0)),
            (
                "m," + (10..<40).map { "t\($0)=1" }.joined(separator: ",") + " f=1",
                .name(.tooLong, at: 104, column: 0)
            ),
            (String(repeating: "m", count: 63) + " f=1 7", .name(.tooLong, at: 64, column: 0)),
        ] as [(String, LineError)])
    func badLinesGiveNothing(line: String, error: LineError) {
        let result = read(line)
        #expect(result.errors == [error])
        #expect(result.readings.isEmpty)
    }

    @Test func timesCountTheUnitThatWasDeclared() throws {
        var reader = InfluxReader(unit: .milliseconds)
        var names = SensorNames()
        var readings = LineReadings()
        let line = Array("m f=1 7".utf8)
        _ = try reader.read(line.span, names: &names, into: &readings)
        #expect(readings[0].time == 7_000_000)
    }

    // MARK: Writing

    @Test(arguments: [
        ("m.f", "m f=1.5 7", "m.f"), ("m,a=1,b=2.f", "m,a=1,b=2 f=1.5 7", "m,a=1,b=2.f"),
        ("temp", "temp value=1.5 7", "temp.value"), ("a.b.c", "a.b c=1.5 7", "a.b.c"),
        ("my room.t 1", #"my\ room t\ 1=1.5 7"#, "my room.t 1"),
        (".f", ".f value=1.5 7", ".f.value"),
        ("m.", "m. value=1.5 7", "m..value"), ("a,b.f", #"a\,b f=1.5 7"#, #"a\,b.f"#),
        ("m,b=1,a=2.f", #"m\,b=1\,a=2 f=1.5 7"#, #"m\,b=1\,a=2.f"#),
        (#"m\,x=1.f"#, #"m\,x=1 f=1.5 7"#, #"m\,x=1.f"#),
        ("a=b.c=d", #"a=b c\=d=1.5 7"#, #"a=b.c\=d"#),
        (#"a\ b.f"#, #"a\\ b f=1.5 7"#, #"a\ b.f"#),
        (#"k,a\=b=c.f"#, #"k,a\=b=c f=1.5 7"#, #"k,a\=b=c.f"#),
    ])
    func namesAreCutAtTheirLastDot(name: String, line: String, back: String) {
        var buffer = TextBuffer()
        let reading = LineReading(sensor: 0, time: 7, value: 1.5)
        #expect(InfluxWriter.append(reading, name: Array(name.utf8).span, to: &buffer) == .written)
        #expect(string(buffer) == line + "\n")
        #expect(read(line).readings == [Named(back, 7, 1.5)])
    }

    @Test(arguments: [
        ("m.f", Double.nan, InfluxWriter.Outcome.noSuchValue), ("m.f", .infinity, .noSuchValue),
        ("m.f", -.infinity, .noSuchValue), (#"m\.f"#, 1, .noSuchName), (#"m.f\"#, 1, .noSuchName),
        ("#m.f", 1, .noSuchName), ("", 1, .noSuchName), (#"m,a=b\.f"#, 1, .noSuchName),
    ])
    func whatTheProtocolLacksIsReported(
        name: String, value: Double, outcome: InfluxWriter.Outcome
    ) {
        var buffer = TextBuffer()
        buffer.append(0x78)
        let reading = LineReading(sensor: 0, time: 7, value: value)
        #expect(InfluxWriter.append(reading, name: Array(name.utf8).span, to: &buffer) == outcome)
        #expect(string(buffer) == "x")
    }
}
