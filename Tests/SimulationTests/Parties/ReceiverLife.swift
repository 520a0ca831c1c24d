// SPDX-License-Identifier: Apache-2.0

import GatewayConfiguration
import GatewayCore
import HostSystem
import MosquittoClient
import StoreAndForward
import TestSupport

@testable import GatewayReceiver

/// What outlives a receiver: its disk.
final class ReceiverDisk {
    let journal = SimulatedDisk()
    let folder = MemoryFiles()
    let tables = MemoryFiles()
    let output = DiskOutput()

    func losePower(_ generator: inout SeededGenerator) {
        journal.losePower(&generator)
        output.losePower(&generator)
    }
}

/// Small files that are on the disk as soon as they are replaced.
final class MemoryFiles: StateFiles {
    private var files: [String: [UInt8]] = [:]

    func content(_ name: String, limit: Int) throws(SystemError) -> [UInt8]? { files[name] }

    func replace(_ name: String, with bytes: Span<UInt8>) throws(SystemError) {
        files[name] = bytes.indices.map { bytes[$0] }
    }

    func remove(_ name: String) throws(SystemError) { files[name] = nil }
    func names() throws(SystemError) -> [String] { files.keys.sorted() }
}

/// A file that grows, of which a power cut takes some of what was not synced.
final class DiskOutput: SinkOutput {
    private(set) var bytes: [UInt8] = []
    private var durableCount = 0

    func write(_ new: Span<UInt8>) throws(SystemError) {
        for i in new.indices { bytes.append(new[i]) }
    }

    func synchronize() throws(SystemError) { durableCount = bytes.count }

    func cut(to byteCount: Int) throws(SystemError) {
        bytes.removeLast(bytes.count - byteCount)
        durableCount = min(durableCount, byteCount)
    }

    func byteCount() throws(SystemError) -> Int? { bytes.count }

    func losePower(_ generator: inout SeededGenerator) {
        bytes.removeLast(generator.below(bytes.count - durableCount + 1))
    }
}

/// One life of the receiver: its pipeline, and what the threads of its link do.
struct ReceiverLife: ~Copyable {
    private static let filters = ["frame/+", "heads", "state", "rsp/resend", "rsp/rebirth"].map {
        "alec/v1/+/+/\($0)"
    }

    var pipeline: ReceiverPipeline
    private var client: SimulatedClient
    private var machine = LinkMachine()
    private var generator: SeededGenerator
    private var queue: [Publication] = []
    private var linkDeadline = MonotonicInstant(nanoseconds: 0)
    private let clock: VirtualClock
    /// What was taken and not committed.
    var uncommitted: [[UInt8]] = []
    /// All that came.
    var delivered: Set<[UInt8]> = []

    init(
        _ disk: ReceiverDisk, _ broker: Broker, _ line: Line, asksForHistory: Bool,
        heldBytes: Int, seed: UInt64
    ) throws {
        clock = broker.clock
        generator = SeededGenerator(seed: seed)
        var settings = ReceiverSettings()
        settings.identifier = "r1"
        settings.stateDirectory = "receiver"
        settings.sinks = [.lines(.csv, path: "out.csv")]
        settings.asksForHistory = asksForHistory
        let journal = try Spool(
            ChosenStorage(SimulatedStorage(disk: disk.journal)),
            ReceiverPipeline.journalBounds(settings))
        pipeline = try ReceiverPipeline.open(
            settings, journal, disk.folder, tables: disk.tables,
            sinks: [TextSink(format: .csv, path: "out.csv", output: disk.output)],
            seed: generator.next(), at: broker.clock.now)
        pipeline.held = HeldFrames(byteLimit: heldBytes)
        client = SimulatedClient(broker, line)
    }

    var deadline: MonotonicInstant { min(linkDeadline, pipeline.deadline) }

    /// Takes what came; the journal may have it, and nobody was told.
    mutating func receive() {
        dial()
        while let event = client.nextEvent() {
            switch event {
            case .connected:
                machine.connected(at: clock.now)
                try? client.subscribe(Self.filters)
                pipeline.connected(link: 0, at: clock.now)
            case .refused, .disconnected: lose()
            case .acknowledged, .subscribed: break
            case .message(let message):
                uncommitted.append(message.payload)
                delivered.insert(message.payload)
                pipeline.take(message, link: 0, at: clock.now)
            }
        }
    }

    /// Makes it safe and says so.
    mutating func settle() {
        pipeline.commit(at: clock.now)
        uncommitted = []
        pipeline.tick(at: clock.now)
        _ = pipeline.takeNotes()
        // What is only of use while it is new is dropped where there is no connection.
        queue += pipeline.takeOutbox().map(\.publication).filter {
            client.isConnected || $0.purpose != .request
        }
        while client.isConnected, let publication = queue.first {
            guard
                (try? client.publish(
                    publication.topic, publication.payload.span, quality: 1, isRetained: false))
                    != nil
            else { break }
            queue.removeFirst()
        }
        dial()
    }

    /// The frames that are in the journal.
    mutating func journalled() throws -> Set<FrameIdentity> {
        var frames: Set<FrameIdentity> = []
        var place: UInt64 = 0
        while let item = try pipeline.nextRecord(from: &place, includingHistory: true) {
            if item.header.kind == .frame { frames.insert(item.header.frame) }
        }
        return frames
    }

    private mutating func dial() {
        switch machine.next(at: clock.now, using: &generator) {
        case .wait(let until): linkDeadline = until
        case .hangUp:
            client.drop()
            linkDeadline = clock.now + .milliseconds(1)
        case .dial:
            do throws(ClientError) {
                try client.connect(host: "broker", port: 1883)
            } catch {
                machine.failed(at: clock.now, using: &generator)
            }
            linkDeadline = clock.now + .milliseconds(1)
        }
    }

    private mutating func lose() {
        machine.failed(at: clock.now, using: &generator)
        queue.removeAll { $0.purpose == .request }
        linkDeadline = clock.now
    }
}
