// SPDX-License-Identifier: Apache-2.0

import GatewayAgent
import GatewayConfiguration
import GatewayCore
import Testing

@Suite struct PartOfALineTests {
    private static func fill(_ input: inout LineInput, _ text: String) {
        for (i, byte) in text.utf8.enumerated() { input.chunk[i] = byte }
        input.fill(text.utf8.count, arrival: WallTime(nanoseconds: 0))
    }

    private static func serial(lineBytes: Int? = nil) -> LineInput {
        var settings = InputSettings()
        settings.place = .serial(path: "/dev/a", baud: 9600)
        settings.format = .influx
        settings.lineBytes = lineBytes
        return LineInput(settings)
    }

    @Test func skippedLineEndsAtItsNewlineInWhateverPiecesItComes() throws {
        let text = "part w a=9 9\nw a=1 1\nw a=2 2\n"
        for cut in 0...text.utf8.count {
            let fixture = try AgentFixture()
            var stage = fixture.stage()
            var input = Self.serial()
            let first = input.skip()
            let again = input.skip()
            #expect(first && !again)
            for piece in [String(text.prefix(cut)), String(text.dropFirst(cut))] {
                Self.fill(&input, piece)
                input.drain(into: &stage, at: AgentFixture.start)
                #expect(!input.hasChunk)
            }
            stage.finish(at: AgentFixture.start)
            #expect(try fixture.readings().map(\.value) == [1, 2], "\(cut)")
            #expect(input.counts.bytes == text.utf8.count && input.counts.refused == 0)
        }
    }

    @Test func halfALineIsForgotten() throws {
        let fixture = try AgentFixture()
        var stage = fixture.stage()
        var input = Self.serial()
        #expect(input.drop() == false)
        Self.fill(&input, "w a=1 1\nw a=2")
        input.drain(into: &stage, at: AgentFixture.start)
        #expect(input.drop() == true)
        #expect(input.drop() == false)
        Self.fill(&input, "w a=3 3\nw a=4 4")
        input.drain(into: &stage, at: AgentFixture.start)
        // As by a silence.
        input.finish(into: &stage, at: AgentFixture.start)
        Self.fill(&input, "w a=5 5\n")
        input.drain(into: &stage, at: AgentFixture.start)
        stage.finish(at: AgentFixture.start)
        #expect(try fixture.readings().map(\.value) == [1, 3, 4, 5])
    }

    @Test func lineMayBeAsLongAsTheSettingsSay() throws {
        for (limit, readings) in [(7, 0), (8, 1)] {
            let fixture = try AgentFixture()
            var stage = fixture.stage()
            var input = Self.serial(lineBytes: limit)
            Self.fill(&input, "w a=12 1\n")
            input.drain(into: &stage, at: AgentFixture.start)
            #expect(input.counts.refused(.tooLong) == 1 - readings)
        }
    }

    @Test func newlinesAreFoundInWhatCame() {
        var input = Self.serial()
        Self.fill(&input, "ab\ncd\n")
        #expect(input.hasNewline(in: 3) && !input.hasNewline(in: 2) && !input.hasNewline(in: 0))
    }

    @Test func sampleOfALineIsWhole() {
        #expect(LineSample.text(Array("a\t\"ü\"".utf8)) == "a\t\"ü\"")
        #expect(LineSample.text(Array("a\t\"ü\"".utf8), quote: true) == "a\\x09'ü'")
        #expect(LineSample.text([0x61, 0xFF, 0, 0x7F, 0xC3, 0xBC]) == "a\\xff\\x00\\x7f\\xc3\\xbc")
    }
}
