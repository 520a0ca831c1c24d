// SPDX-License-Identifier: Apache-2.0

import GatewayConfiguration
import HostSystem
import Testing

@testable import AlecCommands

@Suite struct CheckTests {
    private static let wrong = """
        site = "ho/me"
        user = "u"
        brokr = "localhost"
        drain = 10
        required_receivers = [1]
        [broker]
        port = 1883
        keep_alive = "1s"
        [[input]]
        from = "tty"
        [[sensor]]
        name = ""
        low = "x"
        [windows]
        group_samples = 0
        [spool]
        max_bytes = "12"
        site = "home"
        [web]

        """

    @Test func whatIsSaidOfSettings() throws {
        var host = TestHost()
        host.files = [
            "good.toml": Array("site = \"home\"\n".utf8),
            "wrong.toml": Array(Self.wrong.utf8),
            "torn.toml": Array("site = \"home\nnode = 1\n".utf8),
            "tables.toml": Array("broker = \"b\"\ninput = \"-\"\n".utf8),
            "together.toml": Array(
                """
                windows.group_bytes = "2MiB"
                [[input]]
                [[input]]
                """.utf8),
            "password.toml": Array(
                "[broker]\naddress = \"b\"\npassword_file = \"/nowhere/password\"\n".utf8),
            "receiver.toml": Array(
                "sinks = [\"file\"]\nsite = \"*\"\nhistory = 1\nid = \"+\"\n".utf8),
            "empty.toml": [],
            "large.toml": [UInt8](repeating: 10, count: 300_000),
            "deep.toml": Array(String(repeating: "a.", count: 5000).utf8),
            "/etc/alec/gateway.toml": [],
        ]
        var text = ""
        for line in [
            "check good.toml", "check wrong.toml", "check torn.toml", "check tables.toml",
            "check together.toml", "check password.toml", "check --receiver receiver.toml",
            "check --receiver empty.toml", "check large.toml", "check deep.toml",
            "check nowhere.toml", "check", "check --receiver", "check -",
        ] {
            text += Golden.transcript(line, host)
        }
        try Golden.check(text, "check")
    }

    @Test func moreThanItsLimitOfAListIsRefused() {
        let many = String(repeating: "[[input]]\n", count: 17)
        var host = TestHost(input: many)
        #expect(host.run("check -") == .configuration)
        #expect(host.messageText.hasPrefix("stdin:17:1: more of input than 16\n"))
    }

    @Test func theSampleIsRight() {
        for options in ["", " --receiver"] {
            var host = TestHost()
            #expect(host.run("check --sample" + options) == .success)
            var second = TestHost(input: host.output)
            #expect(second.run("check -" + options) == .success)
        }
    }

    @Test func flagsAndVariablesAreNamedAsTheyWereGiven() {
        let text = ConfigurationText.text(
            .init(
                path: nil,
                faults: [
                    .init(.flag("--site"), .badValue(key: "--site", found: "\"a/b\"", .path)),
                    .init(.environment("ALEC_SINK"), .missingKey("x")),
                ]))
        #expect(
            text == """
                alec: --site cannot be "a/b": it is a path that begins with /, in quotes
                alec: x is missing
                  next:  mend the 2 faults; alec check --sample shows every setting

                """)
    }
}
