// SPDX-License-Identifier: Apache-2.0

import AlecCommands
import Foundation
import TestSupport
import Testing

@Suite struct RoundTripTests {
    private func decoded(_ bytes: [UInt8], _ options: String = "") -> String {
        var host = TestHost(input: bytes)
        #expect(host.run("decode " + options) == .success, "\(host.messageText)")
        return host.outputText
    }

    @Test(arguments: ["", "--frame 1", "--frame 7 --group 1", "--frame 65535 --group 16384"])
    func wideTableComesBack(options: String) {
        let text = TestHost.wideText(rows: 100)
        #expect(decoded(TestHost.encoded(text, options), "--format csv-wide") == text)
    }

    @Test(arguments: ["time_s", "time_ms", "time_us", "time_ns"])
    func unitOfTheSourceIsPrinted(name: String) {
        let values = ["1", "-0.0", "nan(0x7ff8000000000001)", "1e+300", "inf", "5e-324"]
        var text = "\(name),sensor,value\n"
        for (i, value) in values.enumerated() { text += "\(i),a,\(value)\n" }
        #expect(decoded(TestHost.encoded(text)) == text)
    }

    @Test func otherUnitCanBeAskedFor() {
        let bytes = TestHost.encoded("time_ms,sensor,value\n5,a,1\n")
        #expect(decoded(bytes, "--time-unit us") == "time_us,sensor,value\n5000,a,1\n")
        #expect(decoded(bytes, "--time-unit=s") == "time_s,sensor,value\n0.005,a,1\n")
    }

    @Test func unitIsFoundWhereTheSourceNamesNone() {
        let seconds = "time,a\n2026-01-01T00:00:00Z,1\n"
        #expect(decoded(TestHost.encoded(seconds)).hasPrefix("time_s,sensor,value\n1767225600,"))
        let fine = "{\"ts\":5,\"ns\":1000,\"a\":1}\n"
        #expect(decoded(TestHost.encoded(fine)) == "time_us,sensor,value\n5001,a,1\n")
    }

    @Test func jsonLinesComeBack() {
        let text = """
            {"ts":1,"v":1.5,"sensor":"a"}
            {"ts":1,"v":null,"q":"bad","err":"inf","sensor":"b"}
            {"ts":2,"ns":5,"v":2,"sensor":"a"}

            """
        #expect(decoded(TestHost.encoded(text), "--format jsonl") == text)
    }

    @Test func influxLinesComeBack() {
        let text = "m,site=x a=1.5,b=2 1000\nm,site=x a=1.25,b=2 2000\n"
        let lines = decoded(TestHost.encoded(text), "--format influx")
        #expect(
            lines == """
                m,site=x a=1.5 1000
                m,site=x b=2 1000
                m,site=x a=1.25 2000
                m,site=x b=2 2000

                """)
    }

    @Test func readingsThatAFormatCannotHoldAreCounted() {
        let bytes = TestHost.encoded("time_ms,a\n1,nan(0x7ff8000000000009)\n2,3\n")
        var host = TestHost(input: bytes)
        #expect(host.run("decode --format influx") == .dropped)
        #expect(host.messageText.contains("1 reading was left out"))
        #expect(host.outputText == "a value=3 2000000\n")
        host = TestHost(input: bytes)
        #expect(host.run("decode --format jsonl") == .success)
        #expect(host.messageText.hasPrefix("alec: 1 NaN lost"))
    }

    @Test func newSensorsBeginANewTable() {
        var text = "time_ms,sensor,value\n"
        for i in 0..<20 { text += "\(i),a,\(i)\n" }
        for i in 20..<40 { text += "\(i),a,\(i)\n\(i),b,\(i)\n" }
        let bytes = TestHost.encoded(text, "--frame 5 --stats")
        #expect(decoded(bytes) == text)
        let wide = decoded(bytes, "--format csv-wide")
        #expect(wide.hasPrefix("time_ms,a\n0,0\n"))
        #expect(wide.contains("\ntime_ms,a,b\n"))
        #expect(decoded(TestHost.encoded(wide)) == text)
    }

    @Test func cellsWithoutReadingStayEmpty() {
        let text = "time_ms,a,b\n1,1,\n2,,2\n3,3,3\n"
        #expect(decoded(TestHost.encoded(text), "--format csv-wide") == text)
    }

    @Test func readingsOfAFrameComeInOrderOfTime() {
        let text = "time_ms,sensor,value\n3,a,1\n1,b,2\n2,a,3\n1,a,4\n"
        #expect(
            decoded(TestHost.encoded(text))
                == "time_ms,sensor,value\n1,a,4\n1,b,2\n2,a,3\n3,a,1\n")
    }

    @Test func namesWithCommasAndQuotesComeBack() {
        let text = "time_ms,\"a,b\",\"say \"\"hi\"\"\",Tür\n1,1,2,3\n"
        #expect(decoded(TestHost.encoded(text), "--format csv-wide") == text)
    }

    @Test func declaredErrorHolds() throws {
        var generator = SeededGenerator(seed: 3)
        var text = "time_ms,s0\n"
        for i in 0..<200 { text += "\(1000 * i),\(20 + Double(generator.below(1 << 20)) / 1e6)\n" }
        let coarse = decoded(TestHost.encoded(text, "--max-error s0=0.25"), "--format csv-wide")
        let before = text.split(separator: "\n").dropFirst()
        let after = coarse.split(separator: "\n").dropFirst()
        #expect(before.count == after.count)
        for (a, b) in zip(before, after) {
            let first = try #require(Double(a.split(separator: ",")[1]))
            let second = try #require(Double(b.split(separator: ",")[1]))
            #expect(abs(first - second) < 0.25)
        }
        #expect(TestHost.encoded(text, "--max-error s0=0.25").count < TestHost.encoded(text).count)
        var host = TestHost(input: text)
        #expect(host.run("encode --max-error nobody=1") == .success)
        #expect(host.messageText.contains("no sensor is called \"nobody\""))
    }

    @Test(arguments: [1, 3, 1000])
    func pipesOfAnyPieceSizeGiveTheSame(pieceBytes: Int) {
        let text = TestHost.wideText(rows: 60)
        var encoder = TestHost(input: text)
        encoder.pieceBytes = pieceBytes
        #expect(encoder.run("encode --frame 7") == .success)
        var decoder = TestHost(input: encoder.output)
        decoder.pieceBytes = pieceBytes
        #expect(decoder.run("decode --format csv-wide -") == .success)
        #expect(decoder.outputText == text)
    }

    @Test func nothingGivesAnEmptyFile() {
        #expect(TestHost.encoded("").count == 23)
        #expect(decoded(TestHost.encoded("time_us,a\n")) == "time_us,sensor,value\n")
    }

    @Test func joinedFilesGiveAllReadings() {
        let text = TestHost.wideText(rows: 5)
        let bytes = TestHost.encoded(text)
        let lines = decoded(bytes + bytes, "--format csv-wide").split(separator: "\n")
        let rows = text.split(separator: "\n").dropFirst()
        #expect(lines.filter { !$0.hasPrefix("time") } == Array(rows + rows))
    }

    @Test func statisticsAddUpToTheFile() throws {
        var host = TestHost(input: TestHost.wideText(rows: 200))
        #expect(host.run("encode --stats --frame 10 --group 4") == .success)
        let data = Data(host.messages)
        let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Double])
        #expect(json["readings"] == 600 && json["frames"] == 20)
        let sum = ["payload_bytes", "overhead_bytes", "container_bytes"].compactMap { json[$0] }
        #expect(sum.count == 3 && sum.reduce(0, +) == Double(host.output.count))
        let perReading = try #require(json["bytes_per_reading"])
        #expect(abs(perReading - Double(host.output.count) / 600) < 1e-4)
        #expect(json.keys.contains("ns_per_reading"))
    }

    @Test func frameThatWouldBeTooLargeBecomesSeveral() {
        // Times and values without any pattern, in a frame of 70 000 samples.
        var generator = SeededGenerator(seed: 11)
        var text = "time_ns,sensor,value\n"
        var time: UInt64 = 0
        var lines = 0
        while lines < 90_000 {
            time += generator.next() >> 20
            guard time < 1 << 62 else { break }
            let value = Double(bitPattern: generator.next() & 0x7FEF_FFFF_FFFF_FFFF)
            text += "\(time),s\(lines % 3),\(value)\n"
            lines += 1
        }
        let bytes = TestHost.encoded(text, "--frame 65535")
        #expect(bytes.count > 1 << 20)
        let restored = decoded(bytes).split(separator: "\n").dropFirst()
        let given = text.split(separator: "\n").dropFirst()
        #expect(restored.count == given.count)
        for (a, b) in zip(given, restored) where a != b {
            // The same number may be written in more than one way.
            let (first, second) = (a.split(separator: ","), b.split(separator: ","))
            #expect(first[0] == second[0] && first[1] == second[1])
            #expect(Double(first[2])?.bitPattern == Double(second[2])?.bitPattern)
        }
    }
}
