// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayConfiguration
import GatewayCore
import HostSystem
import LineProtocols
import StoreAndForward
import TestSupport

@testable import GatewayAgent

/// One life of the agent, from its start to its kill: everything but threads, sockets and files.
final class AgentLife {
    let spool: SharedSpool
    let shared: AgentShared
    var encode: EncodeStage
    var input = LineInput(.jsonl, canWait: true, hasMarks: true)
    var port = LineInput(.jsonl, canWait: false, hasMarks: false)
    var loop: PublishLoop<SimulatedClient>
    var sync: SyncStage
    /// When the link looks again by itself.
    var linkDeadline = MonotonicInstant(nanoseconds: 0)
    /// Where the newest frame ends that the simulation took note of.
    var notedPlace: UInt64 = 0
    /// What the simulation counted of this life already.
    var notedDrops = 0
    var notedAcknowledged = 0
    var notedFailures = 0
    var notedVersion = 0
    private let clock: VirtualClock

    init(
        _ settings: AgentSettings, _ bounds: SpoolSettings, on disk: SimulatedDisk,
        _ broker: Broker, _ line: Line, seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        let clock = broker.clock
        self.clock = clock
        let opened = try Spool(ChosenStorage(SimulatedStorage(disk: disk)), bounds)
        let recovery = opened.recovery
        notedPlace = opened.endPlace
        spool = SharedSpool(opened)
        let stream = StreamID(random: generator.next())
        let prefix = TopicName.prefix(site: settings.site, node: settings.node)
        shared = try AgentShared(
            stream: stream, topicPrefix: Array(prefix.utf8),
            log: AgentLog(isJournal: false, most: .error) { _ in },
            progress: ProgressPage(AgentProgress(stream: stream)),
            publishesReadings: false, instant: { clock.now })
        shared.recovered(recovery)
        encode = EncodeStage(settings, spool: spool, shared: shared, random: generator.next())
        var chance = SeededGenerator(seed: generator.next())
        loop = PublishLoop(
            settings, BrokerSettings(host: "broker"), spool: spool, shared: shared,
            client: SimulatedClient(broker, line),
            surroundings: LinkSurroundings(
                instant: { clock.now }, wall: { clock.wall }, random: { chance.next() }))
        sync = SyncStage(spool: spool, shared: shared)
    }

    /// When it has something to do, if nothing happens.
    var deadline: MonotonicInstant {
        min(linkDeadline, encode.deadline, shared.syncDeadline ?? .distantFuture)
    }

    func feed(_ line: String) {
        let bytes = Array(line.utf8)
        for (i, byte) in bytes.enumerated() { input.chunk[i] = byte }
        input.fill(bytes.count, arrival: clock.wall)
        input.drain(into: &encode, at: clock.now)
    }

    /// A line of the port, which has no place to go on from, and no time of its own.
    func feedPort(_ line: String) {
        let bytes = Array(line.utf8)
        for (i, byte) in bytes.enumerated() { port.chunk[i] = byte }
        port.fill(bytes.count, arrival: clock.wall)
        port.drain(into: &encode, at: clock.now)
    }

    func advanceEncoder() {
        shared.wakeIngest.clear()
        encode.advance(to: clock.now, wall: clock.wall)
        if input.hasChunk, !encode.isBlocked { input.drain(into: &encode, at: clock.now) }
    }

    /// Whether the thread of the encoder would wake up.
    var wakesEncoder: Bool {
        encode.deadline <= clock.now || Self.isRaised(shared.wakeIngest)
    }

    /// Whether the thread of the link would.
    func wakesLink(_ line: Line) -> Bool {
        linkDeadline <= clock.now || !line.inbox.isEmpty || Self.isRaised(shared.wakeLink)
    }

    private static func isRaised(_ flag: EventFlag) -> Bool {
        var items = [PollItem(descriptor: flag.descriptor)]
        _ = try? Poller.wait(on: &items, until: 0)
        return items[0].isReadable
    }

    /// One turn of the link's thread.
    func turn() {
        for _ in 0..<100 {
            guard let deadline = loop.step() else { break }
            linkDeadline = deadline
            loop.wait(until: deadline)
            if deadline > clock.now { return }
        }
    }

    /// What is in the spool, in order.
    func items(from first: UInt64 = 0) throws -> [SpoolItem] {
        try spool.with { spool in
            var items: [SpoolItem] = []
            var place = first
            while let item = try spool.next(from: place, includingHistory: true) {
                items.append(item)
                place = item.place + 1
            }
            return items
        }
    }

    func bytes(of item: SpoolItem) throws -> [UInt8] {
        try spool.with { spool in
            var bytes: [UInt8] = []
            try spool.read(item, into: &bytes)
            return bytes
        }
    }
}
