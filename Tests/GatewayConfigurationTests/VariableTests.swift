// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatewayConfiguration

/// Each key of a table that is there once: default, file, variable, and flag where it has one.
@Suite struct VariableTests {
    /// A value for the file and another one for the variable, which differ from the default.
    struct Sample: CustomTestStringConvertible, Sendable {
        var key: String
        var inFile: String
        var variable: String
        /// What the variable comes to, as TOML.
        var asTOML: String

        init(_ key: String, _ inFile: String, _ variable: String, _ asTOML: String? = nil) {
            self.key = key
            self.inFile = inFile
            self.variable = variable
            self.asTOML = asTOML ?? "\"\(variable)\""
        }

        var testDescription: String { key }
    }

    static let samples: [Sample] = [
        Sample("profile", "\"radio\"", "lan"), Sample("latency", "\"low\"", "normal"),
        Sample("site", "\"a\"", "b"), Sample("node", "\"a\"", "b"),
        Sample("state_dir", "\"/a\"", "/b"), Sample("durability", "\"ram\"", "strict"),
        Sample("delivery", "\"receiver\"", "broker"),
        Sample("required_receivers", "[\"x\"]", "a,b", "[\"a\", \"b\"]"),
        Sample("readings", "true", "false", "false"), Sample("drain", "\"1s\"", "2s"),
        Sample("broker.address", "\"a:1883\"", "b:99"), Sample("broker.user", "\"a\"", "b"),
        Sample("broker.keep_alive", "\"6s\"", "7s"),
        Sample("broker.reconnect_min", "\"2s\"", "3s"),
        Sample("broker.reconnect_max", "\"40s\"", "1h"),
        Sample("windows.age", "\"2s\"", "3s"), Sample("windows.offline_age", "\"2min\"", "3min"),
        Sample("windows.frame_bytes", "1024", "2048", "\"2KiB\""),
        Sample("windows.group_samples", "7", "8", "8"),
        Sample("windows.group_frames", "7", "8", "8"),
        Sample("windows.group_age", "\"7s\"", "8s"),
        Sample("windows.group_bytes", "\"8KiB\"", "16KiB"),
        Sample("windows.table_delay", "\"2s\"", "3s"),
        Sample("spool.max_bytes", "\"512MiB\"", "1GiB"),
        Sample("spool.segment_bytes", "\"2MiB\"", "4MiB"),
        Sample("spool.history_bytes", "0", "1MiB"),
        Sample("spool.memory_bytes", "\"1MiB\"", "4MiB"),
        Sample("spool.min_free_bytes", "\"1MiB\"", "2MiB"),
        Sample("spool.min_free_percent", "7", "8", "8"),
        Sample("spool.on_full", "\"wait\"", "evict"),
        Sample("spool.ttl_p1", "\"1h\"", "2h"), Sample("spool.ttl_p2", "\"1h\"", "2h"),
        Sample("spool.ttl_p3", "\"1h\"", "2h"), Sample("spool.ttl_p4", "\"1h\"", "2h"),
        Sample("spool.ttl_p5", "\"1h\"", "2h"),
        Sample("strict_sensors", "true", "false", "false"),
        Sample("reject_alarm", "7.0", "8.0", "8.0"),
    ]

    /// A password wants something that is there, so its keys have tests of their own.
    private static let passwords: Set = [
        "broker.password_file", "broker.password_credential", "broker.password_env",
    ]

    private static func settings(
        _ file: String, _ environment: [String: String] = [:], _ flags: [FlagValue] = []
    ) throws -> [String: EffectiveSetting] {
        let read = try AgentConfiguration.table.read(
            Array(file.utf8), path: nil, flags: flags, environment: { environment[$0] })
        var found: [String: EffectiveSetting] = [:]
        for table in read.tables where !table.header.hasPrefix("[[") {
            let name = table.header.filter { $0 != "[" && $0 != "]" }
            for setting in table.settings {
                found[(name.isEmpty ? "" : name + ".") + setting.name] = setting
            }
        }
        return found
    }

    private static func file(_ key: String, _ value: String) -> String {
        let address = "broker.address = \"x\"\n"
        return (key.hasPrefix("broker.") && key != "broker.address" ? address : "")
            + "\(key) = \(value)\n"
    }

    @Test(arguments: samples)
    func variableGoesBeforeTheFileAndThatBeforeTheDefault(sample: Sample) throws {
        let variable =
            sample.key == "broker.address"
            ? "ALEC_BROKER_ADDRESS"
            : "ALEC_" + sample.key.uppercased().replacing(".", with: "_")
        let text = Self.file(sample.key, sample.inFile)
        let inFile = try #require(try Self.settings(text)[sample.key])
        guard case .file = inFile.origin else {
            Issue.record("\(inFile)")
            return
        }
        let standard = try Self.settings("")[sample.key]
        if let standard { #expect(standard.text != inFile.text && standard.origin == .none) }

        let over = try #require(try Self.settings(text, [variable: sample.variable])[sample.key])
        #expect(over.text == sample.asTOML)
        #expect(over.origin == .environment(variable))
        #expect(over.text != inFile.text)
        let nothing = try Self.settings(text, [variable: ""])[sample.key]
        #expect(nothing == inFile)
    }

    @Test func everyKeyThatIsThereOnceHasASample() {
        var names: Set<String> = []
        for section in AgentConfiguration.table.sections where section.store != nil {
            for row in section.rows { names.insert(section.fullName(row)) }
        }
        let known = Set(Self.samples.map(\.key)).union(Self.passwords)
        #expect(names.subtracting(known) == [], "a key needs a line in `samples`")
        #expect(known.subtracting(names) == [])
    }

    @Test func noTwoKeysShareAVariable() {
        let table = AgentConfiguration.table
        var variables: [String: String] = [:]
        for section in table.sections where section.store != nil {
            for row in section.rows {
                let name = section.fullName(row)
                #expect(variables.updateValue(name, forKey: section.variable(row)) == nil)
            }
        }
        for flag in table.flags {
            guard let key = variables[flag.form.variable] else { continue }
            #expect(flag.keys == [key], "\(flag.form.name)")
        }
    }

    @Test func flagGoesBeforeItsVariable() throws {
        for flag in AgentConfiguration.flags where flag.name == "--durability" {
            let found = try Self.settings(
                "durability = \"ram\"", [flag.variable: "strict"],
                [FlagValue(flag.name, "balanced")])
            #expect(found["durability"]?.text == "\"balanced\"")
            #expect(found["durability"]?.origin == .flag("--durability"))
        }
    }

    @Test func wrongVariableIsAFaultWithItsName() {
        let faults = Faults.ofAgent(
            "", environment: ["ALEC_WINDOWS_GROUP_FRAMES": "many", "ALEC_DRAIN": "10"])
        let drain = ExpectedValue.duration(.zero...(.seconds(3600)))
        #expect(
            faults == [
                ConfigurationFault(
                    .environment("ALEC_DRAIN"),
                    .badValue(key: "ALEC_DRAIN", found: "\"10\"", drain)),
                ConfigurationFault(
                    .environment("ALEC_WINDOWS_GROUP_FRAMES"),
                    .badValue(
                        key: "ALEC_WINDOWS_GROUP_FRAMES", found: "\"many\"", .integer(1...16_384))),
            ])
    }

    @Test func brokerThatOnlyAVariableSpeaksOfNeedsAnAddress() throws {
        let faults = Faults.ofAgent("", environment: ["ALEC_BROKER_USER": "u"])
        #expect(
            faults == [
                ConfigurationFault(
                    .environment("ALEC_BROKER_USER"), .missingKey("broker.address"))
            ])
        let settings = try AgentConfiguration.read([], path: nil) {
            ["ALEC_BROKER_USER": "u", "ALEC_BROKER": "b"][$0]
        }
        #expect(settings.broker?.user == "u" && settings.broker?.host == "b")
    }

    @Test func whatDoesNotFitTogetherIsToldWhereItWasSaid() {
        let faults = Faults.ofAgent("", environment: ["ALEC_WINDOWS_AGE": "2min"])
        #expect(faults.map(\.origin) == [.environment("ALEC_WINDOWS_AGE")])
    }

    @Test func elementsOfListsHaveTheirOwnOrigin() throws {
        let text = "[[input]]\nfrom = \"/dev/ttyS0\"\n[[input]]\nfrom = \"/dev/ttyS1\"\n"
        let read = try AgentConfiguration.table.read(
            Array(text.utf8), path: nil, flags: [FlagValue("--format", "csv")],
            environment: { _ in nil })
        let inputs = read.tables.filter { $0.header == "[[input]]" }
        #expect(inputs.count == 2)
        let places = inputs.map { $0.settings.first { $0.name == "from" }?.origin }
        #expect(places == [2, 4].map { .file(TextPlace(line: $0, column: 8)) })
        for input in inputs {
            #expect(input.settings.first { $0.name == "format" }?.origin == .flag("--format"))
        }
    }
}
