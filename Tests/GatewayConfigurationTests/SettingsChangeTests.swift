// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatewayConfiguration

@Suite struct SettingsChangeTests {
    private static let broker = "[broker]\naddress = \"b\"\n"

    private static func change(_ old: String, _ new: String) throws -> SettingsChange {
        SettingsChange(
            from: try AgentConfiguration.read(Array(old.utf8), path: nil),
            to: try AgentConfiguration.read(Array(new.utf8), path: nil))
    }

    struct Row: CustomTestStringConvertible, Sendable {
        var new: String
        var live: [String] = []
        var reconnecting: [String] = []
        var refused: [SettingsChange.Refusal] = []
        var testDescription: String { new }
    }

    private static func refusal(
        _ key: String, _ obstacle: SettingsChange.Obstacle = .fixed
    ) -> SettingsChange.Refusal {
        SettingsChange.Refusal(key: key, obstacle: obstacle)
    }

    @Test(arguments: [
        Row(new: "drain = \"1s\"\n" + broker, live: ["drain"]),
        Row(new: "durability = \"strict\"\n" + broker, live: ["durability"]),
        Row(new: broker + "[windows]\nage = \"2s\"", live: ["windows.age"]),
        Row(new: broker + "[spool]\nmax_bytes = \"512MiB\"", live: ["spool.max_bytes"]),
        Row(new: broker + "[[sensor]]\nname = \"a\"\nhigh = 1", live: ["sensor"]),
        Row(
            new: "profile = \"lan\"\n" + broker, live: ["profile", "latency", "windows.age"],
            reconnecting: ["broker.keep_alive", "broker.reconnect_max"]),
        Row(new: "[broker]\naddress = \"c\"", reconnecting: ["broker.address"]),
        Row(new: broker + "user = \"u\"", reconnecting: ["broker.user"]),
        Row(new: "site = \"x\"\n" + broker, refused: [refusal("site")]),
        Row(new: "node = \"x\"\n" + broker, refused: [refusal("node")]),
        Row(new: "state_dir = \"/x\"\n" + broker, refused: [refusal("state_dir")]),
        Row(new: "delivery = \"receiver\"\n" + broker, refused: [refusal("delivery")]),
        Row(
            new: "required_receivers = [\"a\"]\n" + broker,
            refused: [refusal("required_receivers")]),
        Row(new: "readings = true\n" + broker, refused: [refusal("readings")]),
        Row(
            new: "durability = \"ram\"\n" + broker,
            refused: [refusal("durability", .durabilityKind)]),
        Row(new: "", refused: [refusal("broker", .brokerPresence)]),
        Row(new: broker),
        Row(new: "# a remark\n" + broker),
    ])
    func eachKeyHasItsEffect(row: Row) throws {
        let change = try Self.change(Self.broker, row.new)
        #expect(change.live == row.live)
        #expect(change.reconnecting == row.reconnecting)
        #expect(change.refused == row.refused)
        #expect(change.addedInputs.isEmpty && change.removedInputs.isEmpty)
        let isNothing = row.live + row.reconnecting == [] && row.refused.isEmpty
        #expect(change.isEmpty == isNothing)
        let old = try AgentConfiguration.read(Array(Self.broker.utf8), path: nil)
        if row.live.isEmpty && row.reconnecting.isEmpty {
            #expect(change.settings == old, "what is refused keeps its value")
        }
    }

    @Test func whatIsAllowedHoldsBesideWhatIsRefused() throws {
        let change = try Self.change(
            Self.broker, "node = \"x\"\ndrain = \"1s\"\n[broker]\naddress = \"c\"")
        #expect(change.settings.node == "gateway")
        #expect(change.settings.drain == .seconds(1))
        #expect(change.settings.broker?.host == "c")
        #expect(change.refused.map(\.key) == ["node"])
    }

    @Test func brokerIsNeitherAddedNorTakenAway() throws {
        let change = try Self.change("", Self.broker)
        #expect(change.settings.broker == nil)
        #expect(change.reconnecting.isEmpty)
        #expect(change.refused == [Self.refusal("broker", .brokerPresence)])
    }

    @Test func inputsAreToldOneByOne() throws {
        func input(_ path: String, _ format: String = "auto") -> String {
            "[[input]]\nfrom = \"\(path)\"\nformat = \"\(format)\"\n"
        }
        let old = input("/dev/a") + input("/dev/b") + input("/dev/c")
        let change = try Self.change(
            old, input("/dev/d") + input("/dev/b", "csv") + input("/dev/a"))
        func paths(_ inputs: [InputSettings]) -> [String] {
            inputs.map { "\($0.place) \($0.format)" }
        }
        #expect(change.addedInputs.count == 2)
        #expect(change.removedInputs.count == 2)
        #expect(paths(change.addedInputs).last?.contains("/dev/b") == true)
        #expect(change.live.isEmpty && change.refused.isEmpty)
        #expect(try Self.change(old, old).isEmpty)
        // The order of the same inputs says nothing.
        let turned = input("/dev/c") + input("/dev/b") + input("/dev/a")
        #expect(try Self.change(old, turned).isEmpty)
    }

    @Test func newPasswordBehindTheSamePathIsAChange() throws {
        let text = "[broker]\naddress = \"b\"\npassword_env = \"P\""
        func settings(_ password: String) throws -> AgentSettings {
            try AgentConfiguration.read(Array(text.utf8), path: nil) {
                $0 == "P" ? password : nil
            }
        }
        let change = SettingsChange(from: try settings("old"), to: try settings("new"))
        #expect(change.reconnecting == ["broker"])
        #expect(change.settings.broker?.password == "new")
    }

    /// A key that somebody adds has an effect because its table has one.
    @Test func everyKeyHasAnEffect() {
        let expected: [String: ReloadEffect] = [
            "broker": .reconnect, "input": .reopen, "windows": .live, "spool": .live,
            "sensor": .live,
        ]
        for section in AgentConfiguration.table.sections where !section.name.isEmpty {
            guard let effect = expected[section.name] else { continue }
            for row in section.rows { #expect(row.effect == effect, "\(row.name)") }
        }
    }
}
