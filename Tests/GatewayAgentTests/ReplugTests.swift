// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatewayAgent
import GatewayConfiguration
import GatewayCore
import HostSystem
import StoreAndForward
import Testing

@Suite(.serialized) struct ReplugTests {
    /// `ALEC_REPLUGS=1000` is the long form.
    private static let rounds =
        ProcessInfo.processInfo.environment["ALEC_REPLUGS"].flatMap { Int($0) } ?? 100
    private static let linesPerRound = 20

    private static func openDescriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }

    /// A device is pulled out while it sends, and plugged in again, under the same name: nothing
    /// hangs, nothing is left open, and no part of a line becomes a reading.
    @Test func deviceComesAndGoes() throws {
        let folder = AgentFixture.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let port = folder + "/port"
        let fixture = try IngestFixture(AgentFixture())
        let opened = try EventFlag()
        fixture.agent.log.watch("input.opened ", opened)
        try fixture.run(IngestFixture.settings([.serial(path: port, baud: 115_200)]))

        let shared = fixture.agent.shared
        let start = MonotonicClock.nanoseconds
        var before = 0
        for round in 0..<Self.rounds {
            let device = try PluggedDevice()
            try device.plug(at: port)
            try Patience.wait(for: opened)
            let read = shared.lineCounts.lines
            // As a sensor that was in the middle of a line.
            var first = "0,\"sensor\":\"t\",\"value\":-1}\n"
            var second = ""
            for i in 0..<Self.linesPerRound {
                let line = IngestFixture.line("t", 1000 * round + i)
                if i < Self.linesPerRound / 2 { first += line } else { second += line }
            }
            second += "{\"ts\":1790000000000,\"sensor\":\"t\",\"value\":-2"
            #expect(device.send(first) == first.utf8.count)
            // It goes before anything of it is read, or while some is, or when all is.
            let least = [0, 1, Self.linesPerRound][round % 3]
            if least == 1 { try Patience.wait { shared.lineCounts.lines > read } }
            #expect(device.send(second) == second.utf8.count)
            if least > 1 { try Patience.wait { shared.lineCounts.lines == read + least } }
            if round == 9 { before = try Self.openDescriptors() }
        }
        let after = try Self.openDescriptors()
        let seconds = Double(MonotonicClock.nanoseconds - start) / 1e9
        try fixture.stop()

        let values = try fixture.agent.readings().map { Int($0.value) }
        let report = try #require(shared.sources.first)
        // Other tests open and close descriptors meanwhile, but not one for each round.
        #expect(after - before < Self.rounds / 2)
        #expect(report.status.opens == Self.rounds)
        #expect(report.lines.refused == 0, "a part of a line was taken for one")
        #expect(values.count == report.lines.lines)
        #expect(values.allSatisfy { $0 >= 0 && $0 % 1000 < Self.linesPerRound })
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
        print(
            "replugs=\(Self.rounds) seconds=\(seconds) opens=\(report.status.opens) "
                + "losses=\(report.status.losses) partial=\(report.status.partialLines) "
                + "lines=\(report.lines.lines) of \(Self.rounds * Self.linesPerRound) "
                + "descriptors=\(before)->\(after)")
    }

    /// Nothing is at the path for a while, then a file, then a device.
    @Test func portThatIsAbsentAtStartIsFoundWhenItComes() throws {
        let folder = AgentFixture.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let fixture = try IngestFixture(AgentFixture())
        let told = try EventFlag()
        fixture.agent.log.watch("input.absent ", told)
        var settings = IngestFixture.settings([.serial(path: folder + "/tty*", baud: 9600)])
        settings.inputs[0].name = "roof"
        try fixture.run(settings)
        try Patience.wait(for: told)
        #expect(fixture.agent.shared.sources.first?.status.state != .open)
        try "".write(toFile: folder + "/ttyA", atomically: true, encoding: .utf8)
        try Patience.wait(for: told)
        let opened = try EventFlag()
        fixture.agent.log.watch("input.opened ", opened)
        let device = try PluggedDevice()
        try device.plug(at: folder + "/ttyB")
        try Patience.wait(for: opened)
        _ = device.send("x\n" + IngestFixture.line("a", 7))
        let shared = fixture.agent.shared
        try Patience.wait { shared.lineCounts.lines == 1 }
        try fixture.stop()
        #expect(try fixture.agent.readings().map(\.value) == [7])
        let log = fixture.agent.log.all
        #expect(log.contains("input.absent input=roof reason=absent\n"))
        #expect(log.contains("input.absent input=roof reason=errno_25\n"))
        #expect(log.contains("input.opened input=roof from=\"\(folder)/ttyB\"\n"))
        let report = try #require(shared.sources.first)
        #expect(report.name == "roof" && report.place == folder + "/tty*@9600")
        #expect(report.status.partialLines == 1 && report.status.opens == 1)
    }
}
