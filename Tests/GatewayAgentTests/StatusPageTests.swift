// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatewayCore
import LineProtocols
import Testing

@testable import GatewayAgent

@Suite struct StatusPageTests {
    private static func full() -> StatusPage {
        var page = StatusPage()
        page.site = "home"
        page.node = "n\"1"
        page.software = "alec 1"
        page.stream = "abc"
        page.time = 1_790_000_000_123
        page.uptimeSeconds = 7
        page.phase = "draining"
        page.health.level = "degraded"
        page.health.seconds = 3
        page.health.causes = ["offline", "source:/dev/ttyUSB0"]
        var link = StatusPage.Link()
        link.broker = "b:1883"
        link.seconds = 4
        link.connections = 2
        link.failures = 9
        link.fault = StatusPage.LinkFault(kind: .refused, code: 134)
        link.isBreakerClosed = false
        link.isUnheard = true
        page.link = link
        page.spool.readings = 11
        page.spool.bytes = 12
        page.spool.frames = 13
        page.spool.groups = 14
        page.spool.maximumBytes = 15
        page.spool.historyBytes = 16
        page.spool.segments = 17
        page.spool.writtenBytes = 18
        page.spool.writeErrors = 19
        page.spool.isFailing = true
        page.spool.oldestSeconds = 20
        page.spool.priorities = [1, 2, 3, 4, 5]
        page.lanes = [StatusPage.Lane(name: "data", frames: 1, bytes: 2)]
        var source = StatusPage.Source(name: "stdin", state: "open")
        source.seconds = 1
        source.lines = 2
        source.refused = 3
        source.bytes = 4
        source.rate = 5.5
        page.sources = [source]
        page.readings = [StatusPage.Count(name: "read", value: 6)]
        page.lines = [StatusPage.Count(name: "lines", value: 7)]
        return page
    }

    @Test(arguments: [StatusPage(), full()])
    func pageIsWhatItWasBehindJSON(page: StatusPage) throws {
        var bytes = page.json
        #expect(bytes.last == 0x0A)
        bytes.removeLast()
        #expect(!bytes.contains(0x0A))
        var read = StatusPage(try JSONValue.read(bytes.span))
        // Where nobody counted there are zeros.
        if page.spool.priorities.isEmpty { read.spool.priorities = [] }
        #expect(read == page)
    }

    @Test func partsAreInTheSameForm() throws {
        let page = Self.full()
        func read(_ line: [UInt8]) throws -> JSONValue {
            try JSONValue.read(Array(line.dropLast()).span)
        }
        let whole = try read(page.json)
        #expect(try read(page.spoolJSON)["spool"] == whole["spool"])
        #expect(try read(page.sourcesJSON)["sources"] == whole["sources"])
    }

    @Test func kindsOfFaultsHaveTheirWords() {
        let kinds = StatusPage.LinkFault.Kind.allCases.map(\.rawValue)
        #expect(
            kinds == ["refused", "disconnected", "system", "unresolved", "library", "silent"])
    }
}

@Suite struct SourceBoardTests {
    private static func at(_ seconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: seconds * 1_000_000_000)
    }

    private static func report(
        _ state: SourceStatus.State, since: Int64, lines count: Int
    ) -> SourceReport {
        var lines = LineCounts()
        for _ in 0..<count { _ = lines.refuse(.value) }
        return SourceReport(
            name: "a", place: "a", status: SourceStatus(state: state, since: at(since)),
            lines: lines)
    }

    @Test func stateHasItsBeginningAndLinesTheirRate() throws {
        var board = SourceBoard()
        board.update([Self.report(.waiting, since: 0, lines: 0)], at: Self.at(0))
        board.update([Self.report(.open, since: 5, lines: 0)], at: Self.at(5))
        for second: Int64 in 6...40 {
            board.update(
                [Self.report(.open, since: 5, lines: Int(second - 5) * 3)], at: Self.at(second))
        }
        let source = try #require(board.page(at: Self.at(40)).first)
        #expect(source.state == "open" && source.seconds == 35)
        #expect(source.lines == 105 && source.refused == 105)
        #expect(abs(source.rate - 3) < 0.01)
        // Silence is seen too, and what is no longer there is gone.
        for second: Int64 in 41...70 {
            board.update([Self.report(.open, since: 5, lines: 105)], at: Self.at(second))
        }
        #expect(board.page(at: Self.at(70)).first?.rate == 0)
        board.update([], at: Self.at(71))
        #expect(board.page(at: Self.at(71)).isEmpty)
    }

    @Test func aMomentHasNoRate() {
        let gauge = RateGauge(at: Self.at(1))
        #expect(gauge.perSecond(5, at: Self.at(1)) == 0)
        #expect(gauge.perSecond(5, at: Self.at(2)) == 5)
    }
}
