// SPDX-License-Identifier: Apache-2.0

import LineProtocols
import Testing

@Suite struct LineSplitterTests {
    /// All lines of a stream that comes in chunks of `size` bytes.
    private func split(_ stream: [UInt8], size: Int, _ splitter: inout LineSplitter) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        func take(_ place: LineSplitter.Place, _ chunk: [UInt8]) {
            switch place {
            case .chunk(let range): lines.append(Array(chunk[range]))
            case .carried: lines.append(splitter.carried)
            }
        }
        var start = 0
        while start < stream.count {
            let chunk = Array(stream[start..<min(start + size, stream.count)])
            while let place = splitter.next(in: chunk.span) { take(place, chunk) }
            start += size
        }
        if let place = splitter.finish() { take(place, []) }
        #expect(splitter.finish() == nil)
        return lines
    }

    @Test(arguments: 1...40)
    func linesAreTheSameInChunksOfAnySize(size: Int) {
        let text = "one\ntwo\r\n\nfour is longer than eight\n" + "five, sixteen by\n\nlast"
        var splitter = LineSplitter(maximumLength: 16)
        let lines = split(Array(text.utf8), size: size, &splitter)
        #expect(
            lines.map { String(decoding: $0, as: UTF8.self) }
                == ["one", "two\r", "", "five, sixteen by", "", "last"])
        #expect(splitter.tooLongLines == 1)
        #expect(splitter.lineNumber == 7)
    }

    @Test(arguments: 1...8)
    func aByteOrderMarkIsDroppedAtTheBeginningOnly(size: Int) {
        var splitter = LineSplitter()
        let stream: [UInt8] = [0xEF, 0xBB, 0xBF, 0x61, 0x0A, 0xEF, 0xBB, 0xBF, 0x62, 0x0A]
        #expect(split(stream, size: size, &splitter) == [[0x61], [0xEF, 0xBB, 0xBF, 0x62]])
    }

    @Test func tooLongAtTheEndIsCountedOnce() {
        for size in 1...12 {
            var splitter = LineSplitter(maximumLength: 4)
            #expect(split(Array("12345678".utf8), size: size, &splitter).isEmpty)
            #expect(splitter.tooLongLines == 1)
        }
    }

    @Test func resetForgetsHalfALine() {
        var splitter = LineSplitter()
        let half = Array("garb".utf8)
        #expect(splitter.next(in: half.span) == nil)
        splitter.reset()
        #expect(split(Array("whole\n".utf8), size: 100, &splitter) == [Array("whole".utf8)])
    }

    @Test func randomStreamsSplitLikeTheStandardLibrary() {
        var generator = LineTestGenerator(seed: 10)
        for _ in 0..<500 {
            let count = Int(generator.next() % 400)
            let stream = (0..<count).map { _ -> UInt8 in
                generator.next() % 9 == 0 ? 0x0A : UInt8(truncatingIfNeeded: generator.next())
            }
            var splitter = LineSplitter(maximumLength: 20)
            let lines = split(stream, size: Int(1 + generator.next() % 100), &splitter)
            var expected = stream.split(separator: 0x0A, omittingEmptySubsequences: false)
            if expected.last?.isEmpty == true { expected.removeLast() }
            #expect(lines == expected.filter { $0.count <= 20 }.map(Array.init), "seed 10")
            #expect(splitter.tooLongLines == expected.filter { $0.count > 20 }.count, "seed 10")
            #expect(splitter.lineNumber == expected.count, "seed 10")
        }
    }
}

@Suite struct SensorNamesTests {
    private func index(_ text: String, _ names: inout SensorNames) throws(LineError) -> Int {
        let bytes = Array(text.utf8)
        return try names.index(of: bytes.span, from: 0, to: bytes.count)
    }

    @Test func indexesAreGivenInOrderUpToTheLimit() throws {
        var names = SensorNames()
        for round in 0..<2 {
            for i in 0..<SensorNames.maximumCount {
                #expect(try index("sensor \(i)", &names) == i, "round \(round)")
            }
        }
        #expect(names.count == SensorNames.maximumCount)
        #expect(
            errorOf { () throws(LineError) in _ = try index("one more", &names) }
                == .name(.tooMany, at: 0, column: 0))
        let known = Array("sensor 4095".utf8)
        #expect(names.find(known.span, from: 0, to: known.count) == 4095)
        #expect(names.find(known.span, from: 0, to: known.count - 5) == nil)
        let last = names.range(of: 4095)
        #expect(Array(names.text[last]) == known)
    }

    @Test func namesHaveOneToSixtyFourBytes() throws {
        var names = SensorNames()
        #expect(try index(String(repeating: "é", count: 32), &names) == 0)
        #expect(
            errorOf { () throws(LineError) in _ = try index("", &names) }
                == .name(.empty, at: 0, column: 0))
        #expect(
            errorOf { () throws(LineError) in
                _ = try index(String(repeating: "é", count: 32) + "x", &names)
            } == .name(.tooLong, at: 0, column: 0))
    }
}

@Suite struct FormatDetectorTests {
    @Test(
        arguments: [
            ("time_ms,a,b", .format(.csv)), ("TIME,sensor,value\r", .format(.csv)),
            ("\"time_us\",a", .format(.csv)), ("time", .format(.csv)),
            (#"{"a":1}"#, .format(.jsonLines)),
            ("  {", .format(.jsonLines)), ("m,a=b f=1 7", .format(.influx)),
            ("m f=1i", .format(.influx)),
            ("m f=9007199254740993i 7", .format(.influx)), ("", .nothing), (" \t\r", .nothing),
            ("# comment", .nothing), ("[1,2]", .fault(.jsonArray)),
            ("1,2,3", .fault(.noTimeColumn)),
            ("date,a", .fault(.noTimeColumn)), ("time_ms;a;b", .fault(.otherDelimiter(0x3B))),
            ("time_ms\ta\tb", .fault(.otherDelimiter(0x09))), ("hello", .fault(.unknown)),
            ("a 1", .fault(.unknown)), ("\u{1F}\u{0}", .fault(.binary)),
            ("a=1", .format(.keyValue)), ("temp=21.5,hum=40", .format(.keyValue)),
            ("temp=21.5 hum=40", .format(.keyValue)), ("s=on t=5 a=1", .format(.keyValue)),
            ("temp: 21.5, hum: 40", .format(.keyValue)), ("temp:21.5;hum:40", .format(.keyValue)),
            ("time: 1970-01-01T00:00:00Z, a: 1", .format(.keyValue)),
            ("m temp=21.5 7", .format(.influx)), ("m,a=b temp=21.5,h=40", .format(.influx)),
            ("a=b", .fault(.unknown)), ("time=5", .fault(.unknown)),
            ("Note: see below", .fault(.unknown)), ("12:30:45", .fault(.unknown)),
            ("booting v1.2, please wait", .fault(.noTimeColumn)),
            ("sensor ready at 115200 baud", .fault(.unknown)),
            ("error: 5 retries", .fault(.unknown)),
            ("x = y", .fault(.unknown)), ("3 apples", .fault(.unknown)),
            ("ERROR: timeout", .fault(.unknown)), ("temp=21,5", .fault(.noTimeColumn)),
            ("21.5", .format(.number)), (" -7 8\t9\r", .format(.number)),
            ("true", .fault(.unknown)), ("nan", .fault(.unknown)),
            ("$GPGGA,1*00", .format(.nmea)), ("$GPGGA,1", .fault(.noTimeColumn)),
            ("$5.00", .fault(.unknown)), ("$ cd*00", .fault(.unknown)),
        ] as [(String, FormatDetector.Finding)])
    func theFirstLineTells(line: String, finding: FormatDetector.Finding) {
        #expect(FormatDetector.examine(Array(line.utf8).span) == finding)
    }

    @Test(
        arguments: [
            ([0x89, 0x41, 0x4C, 0x45, 0x43], .alecStream), ([0x1F, 0x8B, 0x08], .compressed),
            ([0x28, 0xB5, 0x2F, 0xFD], .compressed), ([0xFF, 0xFE, 0x74, 0x00], .utf16),
            ([0xFE, 0xFF], .utf16), ([0x00], .binary), ([0x61, 0xFF], .binary),
        ] as [([UInt8], FormatFault)])
    func whatIsNoTextIsNamed(line: [UInt8], fault: FormatFault) {
        #expect(FormatDetector.examine(line.span) == .fault(fault))
    }

    @Test func aReaderFindsItsFormat() {
        let result = readLines(["", "# x", "m f=1 7", "m g=2 8"], format: nil)
        #expect(result.readings == [Named("m.f", 7, 1), Named("m.g", 8, 2)])
        #expect(readLines(["hello"], format: nil).errors == [.format(.unknown)])
        #expect(readLines(["5"], format: nil).errors == [.format(.noSensorName)])
        #expect(readLines(["5"], format: .number).errors == [.format(.noSensorName)])
    }
}

@Suite struct HostileLineTests {
    private static let good: [[String]] = [
        [
            "time_ms,temp,\"a,\"\"b\",door", "1700000000123,21.5,\"1e-7\",true",
            "2, ,nan(0x7ff8000000000001),-inf",
        ],
        ["time,sensor,value", "2023-11-14T22:13:20.123456789+01:00,\"x\"\"y\",21.5", "1.5,z,-0.0"],
        [
            #"{"sensor":"t1é\ud83d\ude00","value":22.5,"ts":1700000000123,"m":[1,{"b":null}]}"#
        ],
        [#"{"time":"2023-11-14T22:13:20Z","temp":21.5,"hum":40,"ok":true,"e":1e-300}"#],
        [#"we\ a,b=2,a=1 f=1.5,g=3i,h=t,s="x\"y" 1700000000000000000"#, "# c"],
        [#"time=2023-11-14T22:13:20Z temp = +021.5,hum=.5;s="x y" door=on"#, "a:1"],
        ["$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47"],
    ]

    @Test(arguments: good.indices, [nil] + LineFormat.allCases as [LineFormat?])
    func everyTruncationEndsInAnswerOrError(which: Int, format: LineFormat?) {
        let lines = Self.good[which].map { Array($0.utf8) }
        for k in lines.indices {
            for length in 0...lines[k].count {
                var cut = lines
                cut[k] = Array(cut[k].prefix(length))
                _ = readLines(cut, format: format, arrival: 1)
            }
        }
    }

    @Test(arguments: good.indices, [nil] + LineFormat.allCases as [LineFormat?])
    func flippedBytesEndInAnswerOrError(which: Int, format: LineFormat?) {
        var generator = LineTestGenerator(seed: 11 + UInt64(which))
        let lines = Self.good[which].map { Array($0.utf8) }
        for _ in 0..<1_500 {
            var bad = lines
            for _ in 0...(generator.next() & 3) {
                let k = Int(generator.next() % UInt64(bad.count))
                let i = Int(generator.next() % UInt64(bad[k].count))
                let structure = Array("\",{}[]:=\\ eE-+.0\r\n\tu;$*".utf8)
                let bits = generator.next()
                switch bits & 3 {
                case 0: bad[k][i] = UInt8(truncatingIfNeeded: bits >> 8)
                case 1: bad[k][i] ^= 1 << UInt8(bits >> 8 & 7)
                case 2: bad[k][i] = structure[Int(bits >> 8) % structure.count]
                default: bad[k].insert(structure[Int(bits >> 8) % structure.count], at: i)
                }
            }
            _ = readLines(bad, format: format, arrival: 1)
        }
    }

    @Test func randomBytesEndInAnswerOrError() {
        var generator = LineTestGenerator(seed: 20)
        for format in LineFormat.allCases {
            for _ in 0..<5_000 {
                let line = (0..<(generator.next() % 40)).map { _ in
                    UInt8(truncatingIfNeeded: generator.next())
                }
                _ = readLines([Array("time_ms,a".utf8), line], format: format, arrival: 1)
                _ = FormatDetector.examine(line.span)
            }
        }
    }
}
