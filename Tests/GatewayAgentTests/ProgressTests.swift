// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayAgent
import GatewayCore
import Testing

@Suite struct ProgressTests {
    private static func group(_ number: UInt32) -> GroupIdentity {
        GroupIdentity(stream: StreamID(random: 0xAB_CDEF_0123), lane: .alert, group: number)
    }

    private static var progress: AgentProgress {
        var progress = AgentProgress(stream: StreamID(random: 0xAB_CDEF_0123))
        progress.read = InputMark(lines: .max, bytes: .max)
        progress.appended = InputMark(lines: 20, bytes: 200)
        progress.synced = InputMark(lines: 10, bytes: 100)
        progress.readReadings = .max
        progress.appendedReadings = 60
        progress.syncedReadings = 30
        progress.appendedPlace = .max
        progress.syncedPlace = .max - 1
        progress.published = .max - 2
        progress.acknowledged = .max - 3
        progress.intent = AgentProgress.Intent(
            frame: FrameIdentity(group: group(7), index: 2),
            mark: InputMark(lines: 25, bytes: 250), readings: 75)
        return progress
    }

    @Test func pageSaysEverythingAndIsAlwaysAsLong() {
        let page = Self.progress.page
        #expect(page.count == AgentProgress.pageBytes)
        #expect(page.last == 0x0A)
        #expect(AgentProgress(page: page) == Self.progress)
        let fresh = AgentProgress(stream: StreamID(random: 1))
        #expect(fresh.page.count == AgentProgress.pageBytes)
        #expect(AgentProgress(page: fresh.page) == fresh)
    }

    @Test(arguments: ["", "hello", "alec_progress=2 sid=aaaaaaaa", "alec_progress=1 sid=a!"])
    func otherFilesAreNoPages(text: String) {
        #expect(AgentProgress(page: Array(text.utf8)) == nil)
    }

    @Test(arguments: [(nil, 20), (0, 20), (2, 20), (3, 25), (9, 25)] as [(Int?, Int)])
    func spoolDecidesWhetherTheLastAppendHappened(frames: Int?, lines: Int) {
        let resolved = Self.progress.resolved { $0 == Self.group(7) ? frames : nil }
        #expect(resolved.appended.lines == lines)
        #expect(resolved.appendedReadings == 3 * lines)
        #expect(resolved.intent == nil)
        #expect(resolved.synced.lines == 10)
    }
}
