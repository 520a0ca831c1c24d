// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatewayAgent
import GatewayConfiguration
import GatewayCore
import HostSystem
import StoreAndForward
import Testing

@Suite struct AgentTests {
    private static func settings(_ directory: String) -> AgentSettings {
        var settings = AgentSettings()
        settings.stateDirectory = directory
        return settings
    }

    /// Runs an agent over a file in place of stdin.
    private static func run(
        _ text: String, _ settings: AgentSettings, _ log: LogLines
    ) throws -> AgentOutcome {
        let path = settings.stateDirectory + "/input"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let agent = try Agent(settings, log: log.log(), random: (1, 2))
        return try agent.run(
            stream: OpenSource(stream: .reading(path)), notifier: ServiceNotifier(socketPath: nil))
    }

    @Test func whatIsReadIsOnTheDiskAtTheEnd() throws {
        let directory = AgentFixture.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let log = LogLines()
        let settings = Self.settings(directory)
        let text = AgentFixture.text(rows: 500)
        let outcome = try Self.run(text, settings, log)
        #expect(outcome.verdict == .complete)
        #expect(outcome.readings.framed == 1500)
        #expect(outcome.readings.isConserved)
        #expect(outcome.pendingReadings == 1500)
        let page = try #require(try StateDirectory.progress(at: directory + "/progress"))
        #expect(page.synced == InputMark(lines: 501, bytes: text.utf8.count))
        #expect(page.syncedPlace == page.appendedPlace)

        let second = try Self.run("time_ms,s0\n1,2\nx,3\n", settings, log)
        #expect(second.verdict == .dropped)
        #expect(second.readings.recovered == 1500)
        #expect(second.pendingReadings == 1501)
        #expect(second.readings.isConserved)
        let previous = try StateDirectory.progress(at: directory + "/progress.previous")
        #expect(previous == page)
        #expect(log.all.contains { $0.hasPrefix("spool.recovered ") })
        #expect(
            log.all.contains {
                $0.hasPrefix("input.line_refused input=stdin line=3 reason=time")
                    && $0.hasSuffix("sample=\"x,3\"\n")
            })
    }

    @Test func inputThatIsNoTextIsDamaged() throws {
        let directory = AgentFixture.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let outcome = try Self.run("hello there\n", Self.settings(directory), LogLines())
        #expect(outcome.verdict == .damaged)
    }

    @Test func fullSpoolWithoutABrokerIsAFailureOfTheStore() throws {
        let directory = AgentFixture.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var settings = Self.settings(directory)
        settings.spool.maximumBytes = 2000
        let outcome = try Self.run(AgentFixture.text(rows: 9000), settings, LogLines())
        #expect(outcome.verdict == .storeFailed)
        #expect(outcome.readings.isConserved)
        // What was appended can be told from what was not.
        let page = try #require(try StateDirectory.progress(at: directory + "/progress"))
        #expect(page.appended.lines > 1)
        #expect(page.appended.lines < 9001)
        #expect(page.appendedReadings == outcome.readings.framed)
        #expect(page.appendedReadings == 3 * (page.appended.lines - 1))
    }

    @Test func stateDirectoryHasOneAgent() throws {
        let directory = AgentFixture.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let first = try Agent(Self.settings(directory), log: LogLines().log(), random: (1, 2))
        #expect(throws: AgentError.stateInUse(path: directory)) {
            _ = try Agent(Self.settings(directory), log: LogLines().log(), random: (1, 2))
        }
        _ = consume first
    }

    @Test func stateDirectoryThatIsAFileIsToldWithItsPath() throws {
        let directory = AgentFixture.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/file"
        try "".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: AgentError.stateDirectory(path: path, SystemError(code: 20))) {
            _ = try Agent(Self.settings(path), log: LogLines().log(), random: (1, 2))
        }
    }

    @Test func spoolThatIsAFileIsToldWithItsPath() throws {
        let directory = AgentFixture.newDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try "".write(toFile: directory + "/spool", atomically: true, encoding: .utf8)
        do {
            _ = try Agent(Self.settings(directory), log: LogLines().log(), random: (1, 2))
            Issue.record("the spool was opened")
        } catch {
            guard case .spool(let path, _) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(path == directory + "/spool")
        }
    }
}

@Suite struct AgentLogTests {
    @Test func journalGetsTheLevelAndOthersDoNot() {
        let lines = LogLines()
        lines.log(isJournal: true).warning("spool.full", "bytes=3")
        lines.log(isJournal: false).error("a")
        lines.log(isJournal: false).debug("b")
        #expect(lines.all == ["<4>spool.full bytes=3\n", "a\n"])
    }

    @Test func quotedTextStaysOnItsLine() {
        #expect(AgentLog.quoted("a \"b\"\n\\") == "\"a 'b'?/\"")
    }
}

@Suite struct AgentPhaseTests {
    @Test func lifeGoesOnlyForward() throws {
        let shared = try AgentFixture().shared
        let end = AgentPhase.draining(until: AgentFixture.start)
        for (next, expected) in [
            (.stopping, .stopping), (.running, .stopping), (end, end), (.stopping, end),
            (.ended, .ended), (end, .ended),
        ] as [(AgentPhase, AgentPhase)] {
            shared.advance(to: next)
            #expect(shared.phase == expected)
        }
    }
}
