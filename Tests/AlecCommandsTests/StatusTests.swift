// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import HostSystem
import Testing

@testable import AlecCommands
@testable import GatewayAgent

@Suite struct StatusTests {
    private static let path = "/var/lib/alec/control"

    private static func host(_ page: StatusPage) -> TestHost {
        var host = TestHost()
        host.answers[path] = page.json
        return host
    }

    static func page() -> StatusPage {
        var page = StatusPage()
        page.site = "home"
        page.node = "cellar-1"
        page.software = "alec 0.1.0-dev"
        page.stream = "k3f9"
        page.time = 1_790_000_000_123
        page.uptimeSeconds = 11_530
        page.health.level = "healthy"
        page.health.seconds = 11_520
        var link = StatusPage.Link()
        link.broker = "localhost:1883"
        link.isConnected = true
        link.seconds = 90
        link.connections = 1
        page.link = link
        page.spool.readings = 1234
        page.spool.bytes = 4321
        page.spool.maximumBytes = 256 << 20
        page.spool.historyBytes = 16 << 20
        page.spool.writtenBytes = 3 << 20
        page.spool.oldestSeconds = 12
        page.spool.priorities = [0, 3, 1231, 0, 0]
        page.lanes = [
            StatusPage.Lane(name: "data", frames: 12, bytes: 3456),
            StatusPage.Lane(name: "alert", frames: 1, bytes: 99),
        ]
        var source = StatusPage.Source(name: "/dev/ttyUSB0", state: "open")
        source.seconds = 90_000
        source.lines = 12_345
        source.refused = 2
        source.rate = 4.9
        page.sources = [source]
        page.readings = [
            StatusPage.Count(name: "acknowledged", value: 100_000),
            StatusPage.Count(name: "dropped", value: 0),
            StatusPage.Count(name: "read", value: 101_234),
        ]
        page.lines = [StatusPage.Count(name: "lines", value: 12_345)]
        return page
    }

    private static func ill() -> StatusPage {
        var page = page()
        page.health.level = "unhealthy"
        page.health.causes = ["outage", "source:/dev/ttyUSB0"]
        page.link?.isConnected = false
        page.link?.failures = 7
        page.link?.fault = StatusPage.LinkFault(kind: .refused, code: 0x86)
        page.link?.isBreakerClosed = false
        page.sources[0].state = "waiting"
        page.spool.isFailing = true
        return page
    }

    @Test func whatIsShown() throws {
        var text = Golden.transcript("status", Self.host(Self.page()))
        text += Golden.transcript("status", Self.host(Self.ill()))
        var alone = Self.page()
        alone.link = nil
        alone.sources = []
        alone.readings = []
        alone.spool = StatusPage.Spool()
        alone.health.level = "unknown"
        alone.health.causes = ["starting"]
        text += Golden.transcript(
            "status --socket /x",
            {
                var host = TestHost()
                host.answers["/x"] = alone.json
                return host
            }())
        text += Golden.transcript("status --json", Self.host(Self.ill()))
        text += Golden.transcript("status", TestHost())
        text += Golden.transcript("status --state-dir /srv/a", TestHost())
        for code: Int32 in [13, 110, 111] {
            var host = TestHost()
            host.askError = SystemError(code: code)
            text += Golden.transcript("status", host)
        }
        for answer in ["", "hello\n", "{\"ok\":false}\n"] {
            var host = TestHost()
            host.answers[Self.path] = Array(answer.utf8)
            text += Golden.transcript("status", host)
        }
        try Golden.check(text, "status")
    }

    @Test func socketIsLookedForWhereAServiceHasItAndThenInItsDirectory() {
        func asked(_ line: String, _ variables: [String: String] = [:]) -> [String] {
            var host = TestHost()
            host.variables = variables
            #expect(host.run(line) == .unavailable)
            return host.asked.map { String($0.prefix { $0 != " " }) }
        }
        #expect(asked("status") == ["/run/alec/control.sock", Self.path])
        #expect(
            asked("status", ["RUNTIME_DIRECTORY": "/run/b"]) == ["/run/b/control.sock", Self.path])
        #expect(asked("status", ["ALEC_STATE_DIR": "/srv/a"]) == ["/srv/a/control"])
        #expect(
            asked("reload --state-dir=/srv/b", ["ALEC_STATE_DIR": "/srv/a"]) == ["/srv/b/control"])
        #expect(asked("status --socket s --state-dir /srv/b") == ["s"])
    }

    @Test func oneThatIsThereAndDoesNotAnswerIsTheOneThatWasMeant() {
        var host = TestHost()
        host.askError = SystemError(code: 111)
        #expect(host.run("status") == .unavailable)
        #expect(host.asked == ["/run/alec/control.sock {\"verb\":\"status\"}\n"])
    }

    @Test func errorsHaveTheirStatus() {
        let error = SystemError(code: 13)
        #expect(CommandError.noAnswer(path: "p", error).status == .unavailable)
        #expect(CommandError.badAnswer(path: "p").status == .unavailable)
        #expect(CommandError.cannotCreate(path: "p", error).status == .inputOutput)
        #expect(!CommandError.badAnswer(path: "p").isOfInput)
    }

    @Test func everyCauseHasAWordAndANextStep() {
        for reason in HealthReason.allCases where reason != .none {
            var page = Self.page()
            page.health.level = "degraded"
            page.health.causes = [reason.rawValue]
            let text = StatusText.page(page)
            #expect(text.contains("next: "), "\(reason)")
            #expect(!text.contains("nothing is known"), "\(reason)")
            #expect(!page.isWell)
        }
    }

    @Test func everyFaultOfTheLinkHasAWordAndANextStep() {
        for kind in StatusPage.LinkFault.Kind.allCases {
            for code in [
                0, 2, 3, 4, 5, 7, 110, 111, 0x85, 0x86, 0x87, 0x8A, 0x8B, 0x8E, 0x97, 0xFF,
            ] {
                let words = LinkText.words(StatusPage.LinkFault(kind: kind, code: code))
                #expect(!words.what.isEmpty && !words.next.isEmpty)
            }
        }
    }

    @Test func spansHaveTwoUnitsAtMost() {
        let cases = [
            (0, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (3599, "59 min 59 s"),
            (3600, "1 h 0 min"), (86_400, "1 d 0 h"), (-5, "0 s"),
        ]
        for (seconds, text) in cases { #expect(StatusText.span(seconds) == text) }
    }

    @Test func whatReloadSays() throws {
        var text = ""
        for answer in [
            "{\"ok\":true,\"live\":[\"drain\",\"windows.age\"],\"reconnecting\":[\"broker.user\"],"
                + "\"inputs_added\":[\"/dev/ttyUSB1\"],\"inputs_removed\":[\"stdin\"],\"refused\":["
                + "{\"key\":\"site\",\"obstacle\":\"fixed\"},"
                + "{\"key\":\"broker\",\"obstacle\":\"brokerPresence\"},"
                + "{\"key\":\"durability\",\"obstacle\":\"durabilityKind\"},"
                + "{\"key\":\"x\",\"obstacle\":\"new\"}]}",
            "{\"ok\":true,\"live\":[],\"reconnecting\":[],\"inputs_added\":[],"
                + "\"inputs_removed\":[],\"refused\":[]}",
            "{\"ok\":false,\"error\":\"faults\","
                + "\"faults\":[\"a.toml:1:1: unknown key \\\"sit\\\"\"]}",
            "{\"ok\":false,\"error\":\"unavailable\"}", "{}",
        ] {
            var host = TestHost()
            host.answers[Self.path] = Array((answer + "\n").utf8)
            text += Golden.transcript("reload", host)
        }
        try Golden.check(text, "reload")
    }
}
