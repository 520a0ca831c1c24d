// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import Foundation
import GatewayAgent
import GatewayConfiguration
import GatewayCore
import Glibc
import HostSystem
import StoreAndForward
import Testing

/// The device end of a pair of terminals: what is plugged in at a path.
struct PluggedDevice: ~Copyable {
    private let number: CInt
    let near: String

    init() throws {
        var ends: (far: CInt, near: CInt) = (-1, -1)
        var name = [CChar](repeating: 0, count: 128)
        try #require(openpty(&ends.far, &ends.near, &name, nil, nil) == 0)
        close(ends.near)
        number = ends.far
        near = String(decoding: name.prefix { $0 != 0 }.map { UInt8($0) }, as: UTF8.self)
        // A writer that waited would hide that the kernel has no room.
        #expect(fcntl(number, F_SETFL, O_NONBLOCK) == 0)
    }

    deinit { close(number) }

    /// Plugs it in at `path`, in place of what was there.
    borrowing func plug(at path: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: path + ".new", withDestinationPath: near)
        try #require(rename(path + ".new", path) == 0)
    }

    /// How many bytes the kernel had room for.
    borrowing func send(_ text: String) -> Int {
        let bytes = Array(text.utf8)
        return max(0, write(number, bytes, bytes.count))
    }
}

/// A flag that a thread waits for, with an end of patience.
enum Patience {
    static let seconds: Int64 = 30

    static var end: Int64 { Int64(MonotonicClock.nanoseconds) + seconds * 1_000_000_000 }

    static func wait(for flag: EventFlag) throws {
        var items = [PollItem(descriptor: flag.descriptor)]
        let count = try Poller.wait(on: &items, until: end)
        try #require(count > 0, "nothing happened")
        flag.clear()
    }

    /// Looks again every few milliseconds.
    static func wait(until isTrue: () -> Bool) throws {
        let end = end
        var none: [PollItem] = []
        while !isTrue() {
            let now = Int64(MonotonicClock.nanoseconds)
            try #require(now < end, "nothing happened")
            try Poller.wait(on: &none, until: now + 5_000_000)
        }
    }
}

/// An ingest thread over inputs of a test.
final class IngestFixture {
    let agent: AgentFixture
    private let end: EventFlag

    init(_ agent: AgentFixture) throws {
        self.agent = agent
        end = try EventFlag()
    }

    func run(_ settings: AgentSettings, stream: OpenSource? = nil) throws {
        let source = try stream ?? OpenSource(stream: .reading("/dev/null"))
        let (shared, spool, end) = (agent.shared, agent.spool, end)
        // Nobody joins it: the flag is raised when all is done.
        _ = try WorkerThread.start(name: "ingest") {
            let encode = EncodeStage(settings, spool: spool, shared: shared, random: 5)
            var stage = IngestStage(settings, stream: source, encode: encode, shared: shared)
            stage.run()
            end.raise()
        }
    }

    /// As at the end of the agent.
    func stop() throws {
        agent.shared.advance(to: .stopping)
        try waitForEnd()
    }

    func waitForEnd() throws { try Patience.wait(for: end) }

    static func settings(_ places: [InputSettings.Place]) -> AgentSettings {
        var settings = AgentSettings()
        settings.inputs = places.map { place in
            var input = InputSettings()
            input.place = place
            input.format = .jsonl
            // However slow the machine is, the first line after opening is a part of one.
            input.idle = .zero
            return input
        }
        // Numbers that jump would be surprises, which leave in another lane.
        var sensors = SensorSettings(name: "*")
        sensors.rule.watchesSurprise = false
        settings.sensors = [sensors]
        return settings
    }

    static func line(_ sensor: String, _ value: Int) -> String {
        "{\"ts\":\(1_790_000_000_000 + value),\"sensor\":\"\(sensor)\",\"value\":\(value)}\n"
    }
}
