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
}
