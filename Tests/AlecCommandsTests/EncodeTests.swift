// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import HostSystem
import Testing

@testable import AlecCommands

@Suite struct EncodeTests {
    /// Long CSV sorted by sensor.
    private static func sortedText(sensors: Int, rows: Int) -> String {
        var text = "time_ms,sensor,value\n"
        for s in 0..<sensors {
            for row in 0..<rows { text += "\(1000 * row),sensor\(s),\((row * 7 + s) % 13)\n" }
        }
        return text
    }

    private func encode(_ text: String, _ options: String = "") -> TestHost {
        var host = TestHost(input: text)
        #expect(host.run("encode " + options) == .success, "\(host.messageText)")
        return host
    }

    private func decode(_ bytes: [UInt8], _ options: String = "") -> String {
        var host = TestHost(input: bytes)
        #expect(host.run("decode " + options) == .success, "\(host.messageText)")
        return host.outputText
    }

    // MARK: tables

    @Test func sensorsThatComeOneAfterAnotherShareTables() {
        let text = Self.sortedText(sensors: 300, rows: 12)
        let bytes = encode(text, "--frame 6").output
        var inspector = TestHost(input: bytes)
        #expect(inspector.run("inspect") == .success)
        let tables = inspector.outputText.split(separator: "\n").filter {
            $0.hasPrefix("table ")
        }
        // 1, 2, 4 ... 256 sensors, and what came last.
        #expect(tables.count == 10)
        // One table for each new sensor takes 15 times as much.
        #expect(bytes.count < 40_000)
        #expect(Set(decode(bytes).split(separator: "\n")) == Set(text.split(separator: "\n")))
    }

    @Test func windowsThatWaitForATableHaveALimit() {
        var waiting = WaitingWindows()
        var window = ReadingWindow()
        for i in 0..<1000 {
            _ = window.append(Reading(sensor: 0, time: Int64(i), value: 0))
        }
        func isDue() -> Bool {
            waiting.isWorthATable(sensors: 1001, nameBytes: 1 << 20, known: 1000)
        }
        var count = 0
        while !isDue() {
            waiting.append(window)
            count += 1
        }
        #expect(count == 334)
        #expect(waiting.take().count == count && waiting.isEmpty)
        // Empty ones, or nearly: they take memory too.
        count = 0
        while !isDue() {
            waiting.append(ReadingWindow())
            count += 1
        }
        #expect(count == 65_536)
    }

    @Test func aTableComesAtOnceWhereSensorsDoubled() {
        let waiting = WaitingWindows()
        #expect(waiting.isWorthATable(sensors: 1, nameBytes: 4, known: 0))
        #expect(waiting.isWorthATable(sensors: 8, nameBytes: 32, known: 4))
        #expect(!waiting.isWorthATable(sensors: 7, nameBytes: 28, known: 4))
    }

    // MARK: input that ends too soon

    @Test(arguments: ["", "--frame 3"])
    func readErrorKeepsWhatWasRead(options: String) {
        let text = TestHost.wideText(rows: 20)
        var host = TestHost(input: text)
        host.readError = SystemError(code: 5)
        host.pieceBytes = text.utf8.count - 1
        host.readableBytes = host.pieceBytes
        #expect(host.run("encode " + options) == .inputOutput)
        #expect(host.messageText.hasPrefix("stdin: cannot be read: the device fails"))
        var decoder = TestHost(input: host.output)
        // The last line had not come to its end.
        #expect(decoder.run("decode --format csv-wide") == .damagedData)
        let lines = text.split(separator: "\n")
        #expect(decoder.outputText.split(separator: "\n") == lines.dropLast())
        #expect(decoder.messageText.contains("without an end mark"))
    }

    @Test func readErrorEncodesWhatWaitsForATable() {
        let text = Self.sortedText(sensors: 7, rows: 6)
        var host = TestHost(input: text)
        host.readError = SystemError(code: 5)
        host.readableBytes = text.utf8.count
        #expect(host.run("encode --frame 2") == .inputOutput)
        var decoder = TestHost(input: host.output)
        #expect(decoder.run("decode") == .damagedData)
        #expect(Set(decoder.outputText.split(separator: "\n")) == Set(text.split(separator: "\n")))
    }

    // MARK: JSON lines

    @Test func qualityAndPriorityComeBack() {
        let text = """
            {"ts":1,"v":1.5,"q":"uncertain","sensor":"a"}
            {"ts":2,"v":1.5,"p":1,"sensor":"a"}
            {"ts":3,"v":2,"sensor":"a"}
            {"ts":4,"v":-0.0,"q":"stale","p":5,"sensor":"a"}
            {"ts":5,"v":null,"q":"bad","err":"nan","sensor":"a"}
            {"ts":6,"v":null,"q":"time","err":"-inf","p":2,"sensor":"a"}

            """
        let host = encode(text)
        #expect(host.messages.isEmpty)
        #expect(decode(host.output, "--format jsonl") == text)
        // Frames that are halved or wait keep them too.
        #expect(decode(encode(text, "--frame 1").output, "--format jsonl") == text)
    }

    @Test func remarksThatSayNothingCostNothing() {
        func size(_ member: String) -> Int {
            let lines = (0..<50).map { "{\"ts\":\($0),\"sensor\":\"a\",\(member)}\n" }
            return encode(lines.joined()).output.count
        }
        #expect(size("\"v\":1,\"q\":\"good\",\"p\":3") == size("\"v\":1"))
        #expect(
            size("\"v\":null,\"q\":\"bad\",\"err\":\"inf\"")
                == size("\"v\":null,\"err\":\"inf\""))
    }

    @Test func nullsAreCountedAndTold() {
        let host = encode(
            "{\"ts\":1,\"a\":null,\"b\":1,\"s\":\"x\"}\n"
                + "{\"ts\":2,\"sensor\":\"a\",\"v\":null}\n", "--stats")
        #expect(host.messageText.contains("alec: 2 nulls were left out"))
        #expect(host.messageText.contains("\"absent_values\":2,\"skipped_values\":1}"))
        #expect(decode(host.output) == "time_ms,sensor,value\n1,b,1\n")
    }

    @Test func emptyCellsAreCountedAndNoNews() {
        let host = encode("time_ms,a,b\n1,,1\n2,2,\n", "--stats")
        #expect(host.messageText.hasPrefix("{"))
        #expect(host.messageText.contains("\"absent_values\":2,"))
    }

    @Test func unknownRemarksAreCounted() {
        let host = encode("{\"ts\":1,\"sensor\":\"a\",\"v\":1,\"q\":\"fine\",\"p\":9}\n")
        #expect(host.messageText.hasPrefix("alec: 2 values were left out"))
    }

    @Test(arguments: [
        "time_ms,a\n1,9007199254740993\n", "{\"ts\":1,\"a\":9007199254740993}\n",
        "m a=9007199254740993i 1\n",
    ])
    func wholeNumbersAreNeverRounded(text: String) {
        var host = TestHost(input: text)
        #expect(host.run("encode") == .damagedData)
        #expect(host.messageText.contains("\"9007199254740993"))
        #expect(host.messageText.contains("is no 64-bit float: it would be rounded"))
    }
}
