// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayConfiguration
import GatewayCore
import HostSystem
import MosquittoClient
import StoreAndForward
import TestSupport
import Testing

@testable import GatewayReceiver

@Suite struct RareCauseTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func aFilledHoleOfAnOpenGroupIsNotAskedForAgain() throws {
        var node = try TestNode()
        var receiver = try Receiver(folder)
        receiver.take(node.tableMessage)
        let group = try node.group(frames: 5)
        receiver.take([group[0], group[2], group[3]])
        #expect(receiver.settle().contains { $0.topic.hasSuffix("cmd/resend") })
        #expect(receiver.settle(after: 6).contains { $0.topic.hasSuffix("/gap") })
        receiver.take(group[1].again(node.prefix))
        receiver.take(group[4])
        let filled = receiver.settle()
        #expect(filled.contains { $0.topic.hasSuffix("/gap") })
        #expect(!receiver.settle(after: 60).contains { $0.topic.hasSuffix("cmd/resend") })
        #expect(receiver.pipeline.gapFields == "gaps=1 filled=1 lost=0 open=0")
        Written(folder).expect(node.readings)
    }

    @Test func anEndedStreamStaysUntilABrokerHasItsReadings() throws {
        var old = try TestNode(seed: 1)
        var new = try TestNode(seed: 2)
        var receiver = try Receiver(folder, mqtt: true)
        receiver.take(old.tableMessage)
        receiver.take(try old.group(frames: 2))
        receiver.take(try new.group(frames: 2))
        receiver.settle(after: 700)
        receiver.settle(after: 2)
        #expect(receiver.pipeline.journal.statistics.pendingGroups == 2)
    }

    @Test func aStartWithoutACheckpointIsAnError() throws {
        var settings = ReceiverSettings()
        settings.stateDirectory = folder.path + "/state"
        let files = FailingFiles()
        let path = folder.path + "/state/journal"
        try FileOperation.createFolder(path)
        #expect(throws: ReceiverError.self) {
            let journal = try Spool(
                ChosenStorage(try PosixStorage(directory: path)),
                ReceiverPipeline.journalBounds(settings))
            _ = try ReceiverPipeline.open(
                settings, journal, files, tables: files, sinks: [], seed: 7,
                at: MonotonicInstant(nanoseconds: 0))
        }
    }

    @Test func aTableWithFewerChannelsThanItsGroupIsRefused() throws {
        let small = try TestNode(sensors: 2)
        var node = try TestNode(sensors: 3, tableID: small.table.id)
        var receiver = try Receiver(folder)
        let group = try node.group(frames: 3)
        receiver.take(group[0])
        // As if the first frame had been decoded with another table of this id.
        try receiver.pipeline.tables.keep(
            small.tableMessage.payload, small.table, prefix: node.prefix)
        for sink in receiver.pipeline.sinks { sink.feed.waiting = [:] }
        receiver.take([group[1], group[2]])
        #expect(receiver.counts[.limit] == 1)
        receiver.settle(after: 2)
        #expect(Written(folder).json.isEmpty)
    }
}

/// A folder that takes nothing.
private struct FailingFiles: StateFiles {
    func content(_ name: String, limit: Int) throws(SystemError) -> [UInt8]? { nil }
    func replace(_ name: String, with bytes: Span<UInt8>) throws(SystemError) {
        throw SystemError(code: 28)
    }
    func remove(_ name: String) throws(SystemError) {}
    func names() throws(SystemError) -> [String] { [] }
}
