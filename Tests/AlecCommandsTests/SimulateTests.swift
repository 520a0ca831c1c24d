// SPDX-License-Identifier: Apache-2.0

import HostSystem
import Testing

@testable import AlecCommands

@Suite struct SimulateTests {
    private static func output(_ options: String) -> String {
        var host = TestHost()
        #expect(host.run("simulate " + options) == .success)
        #expect(host.messages.isEmpty)
        return host.outputText
    }

    /// The columns of wide CSV by name, as numbers.
    private static func columns(_ options: String) -> [String: [Double]] {
        let lines = output(options).split(separator: "\n").map { $0.split(separator: ",") }
        var columns: [String: [Double]] = [:]
        for (i, name) in lines[0].enumerated() {
            columns[String(name)] = lines.dropFirst().compactMap { Double($0[i]) }
        }
        return columns
    }

    @Test func firstLines() throws {
        var text = ""
        for line in [
            "simulate --pace none --seconds 12",
            "simulate --pace none --seconds 2 --sensors 10 --rate 2 --seed 7 --start 1000",
            "simulate --pace none --seconds 2 --sensors 3 --format jsonl",
        ] {
            text += Golden.transcript(line, TestHost())
        }
        try Golden.check(text, "simulate")
    }

    @Test(arguments: [1, 2, 99])
    func theSameSeedGivesTheSameBytes(seed: Int) {
        let options = "--pace none --sensors 20 --seconds 30 --seed \(seed)"
        #expect(Self.output(options) == Self.output(options))
        #expect(Self.output(options) != Self.output(options + "0"))
    }

    @Test func moreSensorsLeaveTheOthersAsTheyWere() {
        let few = Self.columns("--pace none --sensors 8")
        let many = Self.columns("--pace none --sensors 24")
        #expect(few.allSatisfy { many[$0.key] == $0.value })
        #expect(many["temp1"] != many["temp2"] && many["temp2"] != many["temp3"])
    }

    @Test func bothFormatsSayTheSame() {
        let options = " --pace none --sensors 20 --rate 10 --seconds 20"
        for format in ["csv", "jsonl"] {
            let text = Self.output("--format \(format)" + options)
            var host = TestHost(input: TestHost.encoded(text))
            #expect(host.run("decode --format csv-wide") == .success)
            let rows = host.outputText.split(separator: "\n")
            #expect(rows.count == 201)
            #expect(rows[0].split(separator: ",").count == 21)
        }
        let sorted = ["csv", "jsonl"].map { format in
            var host = TestHost(
                input: TestHost.encoded(Self.output("--format \(format)" + options)))
            _ = host.run("decode")
            return host.outputText.split(separator: "\n").sorted()
        }
        #expect(sorted[0] == sorted[1])
    }

    @Test(arguments: 1...4)
    func valuesArePlausible(seed: Int) throws {
        let columns = Self.columns("--pace none --seconds 3600 --seed \(seed)")
        func range(_ name: String) throws -> ClosedRange<Double> {
            let values = try #require(columns[name])
            #expect(values.count == 3600)
            let low = try #require(values.min())
            return low...(try #require(values.max()))
        }
        let temperature = try range("temp1")
        #expect(temperature.lowerBound > 18 && temperature.upperBound < 40)
        let humidity = try range("hum1")
        #expect(humidity.lowerBound > 40 && humidity.upperBound < 56)
        let pressure = try range("press1")
        #expect(pressure.lowerBound > 950 && pressure.upperBound < 1070)
        let vibration = try range("vib1")
        #expect(vibration.lowerBound >= 0 && vibration.upperBound < 4)
        let latitude = try range("lat1")
        #expect(latitude.lowerBound > 47 && latitude.upperBound < 49)
        let energy = try #require(columns["energy1"])
        #expect(zip(energy, energy.dropFirst()).allSatisfy { $0 <= $1 })
        let used = try #require(energy.last) - energy[0]
        #expect(used > 0.1 && used < 2.5)
    }

    /// A rule like "temp1 above 30" or "door1 above 0.5" fires in the first minute, then again.
    @Test(arguments: 1...6)
    func theUnusualComesSoonAndAgain(seed: Int) throws {
        let columns = Self.columns("--pace none --seconds 600 --seed \(seed)")
        for (name, limit) in [("temp1", 30.0), ("door1", 0.5)] {
            let values = try #require(columns[name])
            let events = zip(values, values.dropFirst()).enumerated()
                .filter { $0.element.0 <= limit && $0.element.1 > limit }
            #expect(try #require(events.first).offset < 60)
            #expect(events.count >= 3 && events.count <= 8)
            #expect(values.count { $0 > limit } < 120)
        }
    }

    @Test func withoutAnEndItGoesOnUntilNobodyReads() {
        var host = TestHost()
        host.outputLimit = 5000
        host.outputError = SystemError(code: 32)
        #expect(host.run("simulate") == .success)
        #expect(host.output.count == 5000)
        #expect(host.waits > 10)
    }

    @Test func itEndsWhileItWaitsWhenNobodyReads() {
        var host = TestHost()
        host.waitLimit = 3
        #expect(host.run("simulate --rate 0.001") == .success)
        #expect(host.outputText.split(separator: "\n").count == 5)
    }

    @Test func rowsComeWhenTheyAreDueWithTheTimeOfDay() {
        var host = TestHost()
        #expect(host.run("simulate --rate 4 --seconds 3 --sensors 1") == .success)
        #expect(host.waits == 11)
        let times = host.outputText.split(separator: "\n").dropFirst().compactMap {
            Int($0.prefix { $0 != "," })
        }
        #expect(times == (0..<12).map { 1_800_000_000_000 + 250 * $0 })
    }

    @Test func rowsThatAreLateDoNotWait() {
        var host = TestHost()
        host.clockStep = 1_000_000_000
        #expect(host.run("simulate --rate 100 --seconds 2 --sensors 1") == .success)
        #expect(host.outputText.split(separator: "\n").count == 201)
        #expect(host.waits < 3)
    }
}
