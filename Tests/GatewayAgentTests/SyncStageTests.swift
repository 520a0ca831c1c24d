// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatewayAgent
import GatewayConfiguration
import GatewayCore
import StoreAndForward
import Testing

@Suite struct SyncStageTests {
    @Test func recoveredRecordsAreSyncedAtOnce() throws {
        let directory = AgentFixture.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        _ = AgentFixture.feed("time_ms,a\n1,2\n", into: &stage)
        stage.finish(at: AgentFixture.start)
        try FileManager.default.copyItem(
            atPath: fixture.directory + "/spool", toPath: directory + "/spool")
        var settings = AgentSettings()
        settings.stateDirectory = directory
        let agent = try Agent(settings, log: LogLines().log(), random: (1, 2))
        let deadline = agent.shared.syncDeadline
        #expect(deadline != nil)
    }

    @Test func emptySpoolAsksForNoSync() throws {
        let directory = AgentFixture.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var settings = AgentSettings()
        settings.stateDirectory = directory
        let agent = try Agent(settings, log: LogLines().log(), random: (1, 2))
        let deadline = agent.shared.syncDeadline
        #expect(deadline == nil)
    }

    @Test func ticketThatCoversLessSaysNothingIsSyncedAndComesAgain() throws {
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        _ = AgentFixture.feed("time_ms,a\n1,2\n", into: &stage)
        stage.finish(at: AgentFixture.start)
        let folder = StateDirectory(fixture.directory).spool
        fixture.spool.with { spool in
            if let ticket = spool.beginSync() { spool.failSync(ticket) }
        }
        // What is not there any more cannot be written again.
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where name != "lock" {
            let file = try #require(FileHandle(forWritingAtPath: folder + "/" + name))
            try file.truncate(atOffset: 0)
            try file.close()
        }
        var sync = SyncStage(spool: fixture.spool, shared: fixture.shared)
        for _ in 0..<2 {
            sync.sync()
            #expect(fixture.shared.progress.progress.synced == InputMark())
            #expect(fixture.shared.syncDeadline != nil)
        }
    }
}
