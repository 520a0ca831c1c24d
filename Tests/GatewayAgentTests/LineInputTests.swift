// SPDX-License-Identifier: Apache-2.0

import GatewayAgent
import GatewayCore
import LineProtocols
import Testing

@Suite struct LineInputTests {
    @Test func refusedLinesAreCountedAndTheFirstOfEachReasonIsShown() throws {
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        let text =
            "time_ms,a\n1,x\n2,y\n3,4\nq,5\n" + String(repeating: "7", count: 1 << 21) + "\n6,7\n"
        var input = AgentFixture.feed(text, into: &stage)
        let refusals = input.takeRefusals()
        #expect(refusals.map(\.reason) == [.value, .time, .tooLong])
        #expect(refusals.map(\.line).prefix(2) == [2, 5])
        #expect(refusals[0].sample == Array("1,x".utf8))
        #expect(input.takeRefusals().isEmpty)
        #expect(input.counts.refused(.value) == 2)
        #expect(input.counts.lines == 7)
        #expect(input.counts.bytes == text.utf8.count)
        stage.finish(at: AgentFixture.start)
        #expect(try fixture.readings().map(\.value) == [4, 7])
        #expect(fixture.shared.progress.progress.appended.bytes == text.utf8.count)
        #expect(fixture.shared.progress.progress.appended.lines == 7)
    }

    @Test func lineWithoutATimeGetsThatOfItsArrivalToTheMillisecond() throws {
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        _ = AgentFixture.feed("{\"a\":1}\n", into: &stage)
        stage.finish(at: AgentFixture.start)
        #expect(try fixture.readings().map(\.time) == [1_790_000_000_123_000_000])
    }

    @Test func lastLineMayLackItsNewline() throws {
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        var input = AgentFixture.feed("time_ms,a\n1,2\n3,4", into: &stage)
        input.finish(into: &stage, at: AgentFixture.start)
        stage.finish(at: AgentFixture.start)
        #expect(try fixture.readings().map(\.value) == [2, 4])
        #expect(
            fixture.shared.progress.progress.appended == InputMark(lines: 3, bytes: 17))
    }
}
