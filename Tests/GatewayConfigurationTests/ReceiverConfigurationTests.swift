// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatewayConfiguration

@Suite struct ReceiverConfigurationTests {
    @Test func everyKeyReachesItsSetting() throws {
        let text = """
            id = "r1"
            state_dir = "/srv/r"
            site = "home"
            node = "+"
            sinks = ["mqtt", "jsonl:-", "csv:/srv/r/out.csv"]
            journal_bytes = "2MiB"
            history = false
            [[broker]]
            address = "a"
            [[broker]]
            address = "fe80::1"
            user = "u"
            """
        var expected = ReceiverSettings()
        expected.identifier = "r1"
        expected.stateDirectory = "/srv/r"
        expected.site = "home"
        expected.sinks = [
            .mqtt, .lines(.jsonLines, path: "-"), .lines(.csv, path: "/srv/r/out.csv"),
        ]
        expected.journalBytes = 2 << 20
        expected.asksForHistory = false
        var second = BrokerSettings(host: "fe80::1")
        second.user = "u"
        expected.brokers = [BrokerSettings(host: "a"), second]
        #expect(try ReceiverConfiguration.read(Array(text.utf8), path: nil) == expected)
    }

    @Test func aReceiverNeedsABroker() {
        #expect(
            Faults.ofReceiver("") == [ConfigurationFault(.everywhere, .missingKey("broker"))])
        #expect(Faults.ofReceiver("", flags: [FlagValue("--broker", "b")]).isEmpty)
    }

    @Test func flagsThatRepeatReplaceTheList() throws {
        let text = """
            sinks = ["mqtt"]
            [[broker]]
            address = "a"
            user = "u"
            [[broker]]
            address = "b"
            """
        let settings = try ReceiverConfiguration.read(
            Array(text.utf8), path: nil,
            flags: [
                FlagValue("--broker", "c:1"), FlagValue("--broker", "a"),
                FlagValue("--sink", "jsonl:x"), FlagValue("--sink", "csv:-"),
                FlagValue("--id", "r"), FlagValue("--site", "s"),
            ])
        #expect(settings.brokers.map(\.host) == ["c", "a"])
        #expect(settings.brokers.last?.user == "u")
        #expect(settings.sinks == [.lines(.jsonLines, path: "x"), .lines(.csv, path: "-")])
        #expect(settings.identifier == "r" && settings.site == "s" && settings.node == "+")
    }

    @Test(arguments: [
        ("sinks = []", ConfigurationFault.Reason.missingKey("sinks")),
        ("sinks = [\"mqtt\", \"mqtt\"]", .repeated(key: "sinks", value: "\"mqtt\"")),
        (
            "sinks = [\"jsonl:/a\", \"csv:/a\"]", .repeated(key: "sinks", value: "\"csv:/a\"")
        ),
        (
            "sinks = [\"xml:a\"]",
            .badValue(key: "sinks[0]", found: "\"xml:a\"", .sink(fromRoot: true))
        ),
        (
            "sinks = [\"mqtt\", \"csv:out.csv\"]",
            .badValue(key: "sinks[1]", found: "\"csv:out.csv\"", .sink(fromRoot: true))
        ),
        (
            "[[broker]]\naddress = \"b:1883\"",
            .repeated(key: "broker.address", value: "\"b:1883\"")
        ),
    ])
    func whatMakesNoSenseIsRefused(text: String, reason: ConfigurationFault.Reason) {
        let broker = "[[broker]]\naddress = \"b\"\n"
        let whole = text.hasPrefix("[") ? broker + text : text + "\n" + broker
        #expect(Faults.ofReceiver(whole).map(\.reason) == [reason])
    }
}
