// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatewayAgent
import GatewayConfiguration
import GatewayCore
import HostSystem
import StoreAndForward
import Testing

/// A disk on which each sync takes a second.
private struct SlowDisk: SpoolStorage, ~Copyable {
    private var disk: PosixStorage

    init(_ directory: String) throws { disk = try PosixStorage(directory: directory) }

    mutating func list() throws(SpoolError) -> [StoredSegment] { try disk.list() }
    mutating func create(_ segment: UInt32) throws(SpoolError) { try disk.create(segment) }
    mutating func write(
        _ bytes: Span<UInt8>, to segment: UInt32, at offset: Int
    ) throws(SpoolError) {
        try disk.write(bytes, to: segment, at: offset)
    }
    mutating func read(
        _ segment: UInt32, at offset: Int, count: Int, into bytes: inout [UInt8]
    ) throws(SpoolError) {
        try disk.read(segment, at: offset, count: count, into: &bytes)
    }
    mutating func truncate(_ segment: UInt32, to byteCount: Int) throws(SpoolError) {
        try disk.truncate(segment, to: byteCount)
    }
    mutating func remove(_ segment: UInt32) throws(SpoolError) { try disk.remove(segment) }
    mutating func setAside(_ segment: UInt32) throws(SpoolError) { try disk.setAside(segment) }
    mutating func punch(_ segment: UInt32, _ range: Range<Int>) throws(SpoolError) {
        try disk.punch(segment, range)
    }
    mutating func space() throws(SpoolError) -> StorageSpace? { try disk.space() }
    mutating func barrier(_ segments: [UInt32], directory: Bool) -> SyncBarrier {
        let barrier = disk.barrier(segments, directory: directory)
        return { () throws(SpoolError) in
            let end = MonotonicClock.nanoseconds + 1_000_000_000
            var none: [PollItem] = []
            while MonotonicClock.nanoseconds < end {
                _ = try? Poller.wait(on: &none, until: Int64(end))
            }
            try barrier()
        }
    }
}

@Suite struct SeveralSourcesTests {
    /// Four devices send as fast as 115200 bits per second let them, while each sync of the disk
    /// takes a second and one follows the other.
    @Test func noByteIsLostWhileTheDiskIsSlow() throws {
        let count = 4
        let folder = AgentFixture.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let agent = try AgentFixture(storage: { ChosenStorage(try SlowDisk($0)) })
        let fixture = try IngestFixture(agent)
        let opened = try EventFlag()
        agent.log.watch("input.opened ", opened)
        let devices = try Devices(count, in: folder)
        var settings = IngestFixture.settings(
            (0..<count).map { .serial(path: "\(folder)/tty\($0)", baud: 115_200) })
        settings.durability = .strict
        settings.windows.age = .milliseconds(100)
        let (spool, shared) = (agent.spool, agent.shared)
        let synced = try EventFlag()
        _ = try WorkerThread.start(name: "sync") {
            var stage = SyncStage(spool: spool, shared: shared)
            stage.run()
            synced.raise()
        }
        try fixture.run(settings)
        while agent.log.all.count(where: { $0.hasPrefix("input.opened ") }) < count {
            try Patience.wait(for: opened)
        }
        let sent = try devices.send(seconds: 4, syncing: { shared.requestSync(within: .zero) })
        try Patience.wait { shared.lineCounts.bytes == sent.bytes }
        try fixture.stop()
        shared.advance(to: .ended)
        try Patience.wait(for: synced)

        #expect(sent.refused == 0, "the kernel had no room")
        #expect(shared.lineCounts.refused == 0)
        #expect(shared.readingCounts.dropped == 0)
        let readings = try agent.readings()
        for device in 0..<count {
            let values = readings.filter { $0.sensor == "s\(device)" }.map { Int($0.value) }
            #expect(values == Array(0..<sent.lines[device]), "port \(device)")
        }
        print("bytes=\(sent.bytes) lines=\(sent.lines) seconds=4 ports=\(count)")
    }

    /// The devices of a test, each sending lines of its own sensor.
    private final class Devices {
        private final class One {
            let device: PluggedDevice
            var text = "a part of a line\n"
            var lines = 0
            init(_ device: consuming PluggedDevice) { self.device = device }
        }

        struct Sent {
            var bytes = 0
            var refused = 0
            var lines: [Int] = []
        }

        private let all: [One]

        init(_ count: Int, in folder: String) throws {
            all = try (0..<count).map { i in
                let device = try PluggedDevice()
                try device.plug(at: "\(folder)/tty\(i)")
                return One(device)
            }
        }

        /// 11520 bytes per second to each, a few milliseconds' worth at a time.
        func send(seconds: Double, syncing: () -> Void) throws -> Sent {
            var sent = Sent()
            let start = MonotonicClock.nanoseconds
            var none: [PollItem] = []
            var given = 0
            while true {
                let elapsed = Double(MonotonicClock.nanoseconds - start) / 1e9
                let isLast = elapsed >= seconds
                let due = Int(min(elapsed, seconds) * 11_520) - given
                given += due
                for (i, one) in all.enumerated() {
                    var part = due
                    while one.text.utf8.count < due || (isLast && !one.text.hasSuffix("\n")) {
                        one.text += IngestFixture.line("s\(i)", one.lines)
                        one.lines += 1
                    }
                    if isLast { part = one.text.utf8.count }
                    let now = String(one.text.prefix(part))
                    one.text = String(one.text.dropFirst(part))
                    let count = one.device.send(now)
                    sent.bytes += count
                    sent.refused += now.utf8.count - count
                }
                if isLast { break }
                syncing()
                try Poller.wait(
                    on: &none, until: Int64(MonotonicClock.nanoseconds) + 4_000_000)
            }
            sent.lines = all.map(\.lines)
            return sent
        }
    }

    @Test func commandsAreStartedAgainAndTheirLinesCome() throws {
        let fixture = try IngestFixture(AgentFixture())
        let lost = try EventFlag()
        fixture.agent.log.watch("input.lost ", lost)
        // The last line has no newline, and the command ended well.
        let script = #"printf '{"ts":1,"sensor":"a","value":1}\n{"ts":2,"sensor":"a","value":2}'"#
        try fixture.run(IngestFixture.settings([.command("sh -c \"\(Self.escaped(script))\"")]))
        for _ in 0..<3 { try Patience.wait(for: lost) }
        try fixture.stop()
        let values = try fixture.agent.readings().map(\.value)
        #expect(values.prefix(6) == [1, 2, 1, 2, 1, 2])
        #expect(values.count % 2 == 0)
        let report = try #require(fixture.agent.shared.sources.first)
        #expect(report.status.losses >= 3 && report.status.partialLines == 0)
        #expect(report.status.reason == .exited(0))
        #expect(fixture.agent.log.all.contains { $0.hasSuffix(" reason=exit_0\n") })
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }

    @Test func halfALineOfACommandThatFailedIsDropped() throws {
        let fixture = try IngestFixture(AgentFixture())
        let lost = try EventFlag()
        fixture.agent.log.watch("input.lost ", lost)
        let script =
            #"printf '{"ts":1,"sensor":"a","value":1}\n{"ts":2,"sensor":"a","value":2'; exit 5"#
        var settings = IngestFixture.settings([.command("sh -c \"\(Self.escaped(script))\"")])
        settings.inputs[0].name = "cmd"
        try fixture.run(settings)
        try Patience.wait(for: lost)
        try fixture.stop()
        #expect(try fixture.agent.readings().first?.value == 1)
        let report = try #require(fixture.agent.shared.sources.first)
        #expect(report.status.partialLines >= 1 && report.lines.refused == 0)
        #expect(fixture.agent.log.all.contains("input.lost input=cmd reason=exit_5\n"))
    }

    @Test func commandThatIsNotThereIsTold() throws {
        let fixture = try IngestFixture(AgentFixture())
        let absent = try EventFlag()
        fixture.agent.log.watch("input.absent ", absent)
        try fixture.run(IngestFixture.settings([.command("/nothing/here --all")]))
        try Patience.wait(for: absent)
        try fixture.stop()
        #expect(
            fixture.agent.log.all.contains(
                "input.absent input=\"exec:/nothing/here --all\" reason=absent\n"))
    }

    /// A command that has more and more to say waits; a port is read, whatever becomes of it.
    @Test func pipesWaitWhileTheSpoolIsFullAndPortsDoNot() throws {
        let folder = AgentFixture.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let device = try PluggedDevice()
        try device.plug(at: folder + "/tty")
        let fixture = try IngestFixture(AgentFixture(bytes: 2000))
        let full = try EventFlag()
        fixture.agent.log.watch("spool.full", full)
        let script =
            #"i=0; while :; do i=$((i+1)); echo "{\"ts\":$i,\"sensor\":\"c\",\"value\":$i}"; done"#
        var settings = IngestFixture.settings([
            .serial(path: folder + "/tty", baud: 115_200),
            .command("sh -c \"\(Self.escaped(script))\""),
        ])
        // With a broker room may appear again; here it never does.
        settings.broker = BrokerSettings(host: "localhost")
        settings.drain = .zero
        settings.windows.age = .milliseconds(100)
        try fixture.run(settings)
        try Patience.wait(for: full)
        let shared = fixture.agent.shared
        // More than the kernel holds.
        var sent = 0
        for i in 0..<1000 {
            let line = IngestFixture.line("tty", i)
            try Patience.wait { device.send(line) == line.utf8.count }
            sent += line.utf8.count
        }
        try Patience.wait { (shared.sources.first?.lines.bytes ?? 0) > sent - 4096 }
        let reports = shared.sources
        #expect(reports.map(\.status.state) == [.open, .open])
        #expect(reports[1].held > .zero)
        try fixture.stop()
        #expect(shared.readingCounts.isConserved)
    }

    /// stdin ends, the others go on; each has its own counts.
    @Test func everyKindAtOnce() throws {
        let folder = AgentFixture.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let text = folder + "/input"
        try (0..<50).map { IngestFixture.line("in", $0) }.joined()
            .write(toFile: text, atomically: true, encoding: .utf8)
        let device = try PluggedDevice()
        try device.plug(at: folder + "/tty")
        let fixture = try IngestFixture(AgentFixture())
        let opened = try EventFlag()
        fixture.agent.log.watch("input.opened input=port", opened)
        var settings = IngestFixture.settings([
            .standardInput, .serial(path: folder + "/tty", baud: 9600),
            .command("sh -c 'cat \(text); exec sleep 1000'"),
        ])
        settings.inputs[1].name = "port"
        try fixture.run(settings, stream: OpenSource(stream: .reading(text)))
        try Patience.wait(for: opened)
        _ = device.send("part\n" + IngestFixture.line("tty", 1))
        let shared = fixture.agent.shared
        try Patience.wait { shared.lineCounts.lines == 101 }
        #expect(shared.sources.map(\.lines.lines) == [50, 1, 50])
        #expect(shared.sources.map(\.status.state) == [.over, .open, .open])
        try fixture.stop()
        #expect(try fixture.agent.readings().count == 101)
    }
}
