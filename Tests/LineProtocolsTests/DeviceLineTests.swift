// SPDX-License-Identifier: Apache-2.0

import LineProtocols
import Testing

/// Lists, numbers and sentences as small devices print them.
@Suite struct DeviceLineTests {
    @Test(
        arguments: [
            ("temp=21.5,hum=40", [Named("temp", 77, 21.5), Named("hum", 77, 40)]),
            (
                "temp=21.5;hum=40 door=true\tx=1",
                [
                    Named("temp", 77, 21.5), Named("hum", 77, 40), Named("door", 77, 1),
                    Named("x", 77, 1),
                ]
            ),
            ("  temp = 21.5 , hum= 40\r", [Named("temp", 77, 21.5), Named("hum", 77, 40)]),
            ("temp:21.5,hum:40", [Named("temp", 77, 21.5), Named("hum", 77, 40)]),
            ("temp: 21.5, hum : 40", [Named("temp", 77, 21.5), Named("hum", 77, 40)]),
            ("28:ff:64=21.5", [Named("28:ff:64", 77, 21.5)]),
            ("time=1.5 a=1", [Named("a", 1_500_000_000, 1)]),
            ("a=1 time_ns=1700000000123456789", [Named("a", 1_700_000_000_123_456_789, 1)]),
            ("t=1.0 ts=2 a=1", [Named("t", 2_000_000, 1), Named("a", 2_000_000, 1)]),
            ("ts=5,a=1,t=9", [Named("a", 5_000_000, 1), Named("t", 5_000_000, 9)]),
            ("t=5,a=1", [Named("a", 5_000_000, 1)]),
            ("time:1970-01-01T00:00:01Z,a:1", [Named("a", 1_000_000_000, 1)]),
            ("time=\"1970-01-01 00:00:01Z\" a=1", [Named("a", 1_000_000_000, 1)]),
            ("time_us=7 a=+1", [Named("a", 7_000, 1)]),
            (
                "a=.5 b=021.50 c=21. d=-.5e1 e=-0 f=00",
                [
                    Named("a", 77, 0.5), Named("b", 77, 21.5), Named("c", 77, 21),
                    Named("d", 77, -5),
                    Named("e", 77, -0.0), Named("f", 77, 0),
                ]
            ),
            (
                "a=NaN b=-inf c=TRUE d=false",
                [
                    Named("a", 77, .nan), Named("b", 77, -.infinity), Named("c", 77, 1),
                    Named("d", 77, 0),
                ]
            ),
            ("größe=1", [Named("größe", 77, 1)]),
            ("a=1;;,b=2,", [Named("a", 77, 1), Named("b", 77, 2)]),
            ("a= b=2", [Named("b", 77, 2)]), ("a=,b=2", [Named("b", 77, 2)]),
            ("s=\"x y\" u=21.5C b=2", [Named("b", 77, 2)]), ("", []), (" ;, ", []),
        ] as [(String, [Named])])
    func listsNameTheirValues(line: String, readings: [Named]) {
        let result = readLines([line], format: .keyValue, arrival: 77)
        #expect(result.errors.isEmpty)
        #expect(result.readings == readings)
    }

    @Test func textsAndNothingAreCounted() {
        let result = readLines(["a=1 b= c=x d=\"1\""], format: .keyValue, arrival: 0)
        #expect(result.outcome == LineOutcome(readings: 1, skipped: 2, absent: 1))
    }

    @Test(
        arguments: [
            ("21.5", [Named("s", 77, 21.5)]), (" +021.50 \r", [Named("s", 77, 21.5)]),
            ("true", [Named("s", 77, 1)]), ("-inf", [Named("s", 77, -.infinity)]),
            ("1,2;3 4\t5", (1...5).map { Named("s.\($0)", 77, Double($0)) }),
            ("1 ,  2", [Named("s.1", 77, 1), Named("s.2", 77, 2)]),
            ("1,,3", [Named("s.1", 77, 1), Named("s.3", 77, 3)]),
            (",2", [Named("s.2", 77, 2)]), ("1,", [Named("s", 77, 1)]), ("", []), (" \t\r", []),
            (
                "1 2 3 4 5 6 7 8 9 10 11 12",
                (1...12).map { Named("s.\($0)", 77, Double($0)) }
            ),
        ] as [(String, [Named])])
    func numbersAreCalledAfterTheirPlace(line: String, readings: [Named]) {
        let result = readLines(settings([line]) { $0.sensor = "s" }, arrival: 77)
        #expect(result.errors.isEmpty)
        #expect(result.readings == readings)
    }

    private func settings(
        _ lines: [String], _ format: LineFormat = .number,
        _ change: (inout LineReaderSettings) -> Void
    ) -> LinesWithSettings {
        var settings = LineReaderSettings(format: format)
        change(&settings)
        return LinesWithSettings(lines: lines, settings: settings)
    }

    @Test func columnsNameNumbers() {
        let result = readLines(
            settings(["time_s a _ b", "5 1 2 3", "6,,x,4"]) {
                $0.columns = ["time_s", "a", "_", "b"]
            }, arrival: 77)
        #expect(result.errors == [])
        #expect(
            result.readings == [
                Named("a", 5_000_000_000, 1), Named("b", 5_000_000_000, 3),
                Named("b", 6_000_000_000, 4),
            ])
    }

    private static let position =
        "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47"

    @Test func sentencesNameTheirFields() {
        let result = readLines(
            settings([Self.position + "\r"], .nmea) { $0.prefix = "g." }, arrival: 7)
        #expect(result.errors.isEmpty)
        #expect(result.outcome == LineOutcome(readings: 8, skipped: 4, absent: 2))
        #expect(
            result.readings == [
                Named("g.GPGGA.1", 7, 123_519), Named("g.GPGGA.2", 7, 4807.038),
                Named("g.GPGGA.4", 7, 1131), Named("g.GPGGA.6", 7, 1), Named("g.GPGGA.7", 7, 8),
                Named("g.GPGGA.8", 7, 0.9), Named("g.GPGGA.9", 7, 545.4),
                Named("g.GPGGA.11", 7, 46.9),
            ])
    }

    @Test(arguments: ["GGA", "GPGGA", "_"])
    func columnsNameFieldsAndDegrees(sentence: String) {
        let other = "$GPRMC,081836,A,3751.65,S,14507.36,E,000.0,360.0,130998,011.3,E*62"
        let result = readLines(
            settings([Self.position] + (sentence == "_" ? [] : [other]), .nmea) {
                $0.columns = [sentence, "_", "lat:degrees", "_", "lon:degrees", "_", "fix"]
            }, arrival: 7)
        #expect(result.errors.isEmpty)
        #expect(
            result.readings == [
                Named("lat", 7, 48.1173), Named("lon", 7, 11.516666666666667),
                Named("fix", 7, 1),
            ])
    }

    @Test(
        arguments: [
            ("0000.0,N", 0), ("0000.0,S", 0), ("9000,S", -90), ("18000.000,W", -180),
            ("00000.06,E", 0.001), ("4807.03812345678,N", 48.117302057613),
        ] as [(String, Double)])
    func degreesAreRoundedOnce(field: String, degrees: Double) {
        let result = readLines(
            settings([sealed("$X,\(field)")], .nmea) { $0.columns = ["X", "d:degrees"] },
            arrival: 0)
        #expect(result.errors.isEmpty)
        #expect(result.readings == [Named("d", 0, degrees)])
    }

    @Test func aSentenceMayHaveItsTime() {
        let result = readLines(
            settings([sealed("$PSENS,1700000000,3.5")], .nmea) {
                $0.columns = ["PSENS", "time", "v"]
            })
        #expect(result.errors.isEmpty)
        #expect(result.readings == [Named("v", 1_700_000_000_000_000_000, 3.5)])
    }

    @Test func checksumsAreCheckedWhereLinesHaveThem() {
        let lines = ["a=1*\(checksum("a=1"))", "a=2*00", "a=3", "a=4*zz"]
        let checked = readLines(settings(lines, .keyValue) { $0.hasChecksum = true }, arrival: 0)
        #expect(checked.readings == [Named("a", 0, 1), Named("a", 0, 3)])
        #expect(checked.errors == [.checksum(.wrong(expected: 0x6E, found: 0), at: 3)])
        #expect(checked.outcome.skipped == 1)
        let unchecked = readLines(settings(lines, .keyValue) { _ in }, arrival: 0)
        #expect(unchecked.readings == [Named("a", 0, 3)] && unchecked.outcome.skipped == 3)
        let cells = readLines(
            settings(["time_ms,a*\(checksum("time_ms,a"))", "1,2*\(checksum("1,2"))\r"], .csv) {
                $0.hasChecksum = true
            })
        #expect(cells.readings == [Named("a", 1_000_000, 2)] && cells.errors.isEmpty)
        let numbers = readLines(
            settings(["21.5*\(checksum("21.5"))"]) {
                $0.hasChecksum = true
                $0.sensor = "s"
            }, arrival: 0)
        #expect(numbers.readings == [Named("s", 0, 21.5)])
    }
}

/// Lines and how they are to be read; a failure shows the lines.
struct LinesWithSettings {
    var lines: [String]
    var settings: LineReaderSettings
}

func readLines(_ input: LinesWithSettings, arrival: Int64? = nil) -> ReadLines {
    readLines(
        input.lines.map { Array($0.utf8) }, LineReader(settings: input.settings), arrival: arrival)
}

/// Two hexadecimal digits.
func checksum(_ text: String) -> String {
    let sum = text.utf8.reduce(UInt8(0)) { $0 ^ $1 }
    let digits = String(sum, radix: 16, uppercase: true)
    return digits.count < 2 ? "0" + digits : digits
}

/// A sentence with its checksum.
func sealed(_ text: String) -> String { text + "*" + checksum(String(text.dropFirst())) }
