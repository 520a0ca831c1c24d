// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import Foundation
import GatewayCore
import Testing

@testable import GatewayConfiguration

@Suite struct AgentConfigurationTests {
    @Test func anEmptyFileGivesTheDefaults() throws {
        let settings = try AgentConfiguration.read([], path: nil)
        #expect(settings == AgentSettings())
        #expect(try AgentConfiguration.load(path: nil, environment: { _ in nil }) == settings)
    }

    @Test func everyKeyReachesItsSetting() throws {
        let text = """
            site = "home"
            node = "cellar-1"
            state_dir = "/srv/alec"
            durability = "strict"
            delivery = "receiver"
            required_receivers = ["a", "b"]
            readings = true
            drain = "500ms"
            strict_sensors = true
            reject_alarm = 2.5
            [broker]
            address = "[::1]:8883"
            user = "u"
            keep_alive = "1min"
            [[input]]
            from = "/dev/ttyUSB0@9600"
            format = "csv"
            [[input]]
            quota = 100
            [[sensor]]
            name = "temp1"
            unit = "°C"
            kind = "state"
            priority = 5
            low = -10
            high = 30
            hysteresis = 0.5
            limit_priority = 2
            step = 5
            step_priority = 2
            rate = 1.5
            rate_priority = 2
            change = "critical"
            hold = "30s"
            surprise = false
            valid_low = -40
            valid_high = 85
            valid_rate = 10
            invalid = "drop"
            nan = "flag"
            deadband = 0.1
            deadband_percent = 1
            min_interval = "1s"
            max_interval = "1min"
            aggregate = "5min"
            max_error = 0.01
            texts = ["open=1"]
            period = "2s"
            stale_after = "20s"
            [[sensor]]
            name = "hum*"
            low = -1.5
            high = inf
            [windows]
            age = "1s"
            offline_age = "2min"
            frame_bytes = 1024
            group_samples = 100
            group_frames = 20
            group_age = "1h"
            group_bytes = "64KiB"
            table_delay = "0s"
            [spool]
            max_bytes = "1GiB"
            segment_bytes = "2MiB"
            history_bytes = 0
            """
        var expected = AgentSettings()
        expected.site = "home"
        expected.node = "cellar-1"
        expected.stateDirectory = "/srv/alec"
        expected.durability = .strict
        expected.delivery = .receiver
        expected.requiredReceivers = ["a", "b"]
        expected.publishesReadings = true
        expected.drain = .milliseconds(500)
        var broker = BrokerSettings(host: "::1", port: 8883)
        broker.user = "u"
        broker.keepAlive = .seconds(60)
        expected.broker = broker
        var input = InputSettings()
        input.place = .serial(path: "/dev/ttyUSB0", baud: 9600)
        input.format = .csv
        var second = InputSettings()
        second.quota = 100
        expected.inputs = [input, second]
        var humidity = SensorSettings(name: "hum*")
        humidity.rule.low = -1.5
        expected.sensors = [Self.sensorWithEverything, humidity]
        expected.hasStrictSensors = true
        expected.rejectAlarm = 2.5
        expected.windows.age = .seconds(1)
        expected.windows.offlineAge = .seconds(120)
        expected.windows.frameBytes = 1024
        expected.windows.groupSamples = 100
        expected.windows.groupFrames = 20
        expected.windows.groupAge = .seconds(3600)
        expected.windows.groupBytes = 64 << 10
        expected.windows.tableDelay = .zero
        expected.spool.maximumBytes = 1 << 30
        expected.spool.segmentBytes = 2 << 20
        expected.spool.historyBytes = 0
        #expect(try AgentConfiguration.read(Array(text.utf8), path: nil) == expected)
    }

    @Test func allFaultsAreToldAtOnceEachWithItsPlace() {
        let text = """
            site = "ho/me"
            # a remark
            brokr = "localhost"
            drain = 10
            [broker]
            port = 1883
            [[input]]
            from = "tty"
            [[sensor]]
            low = "x"
            [spool]
            max_bytes = "12"
            """
        let faults = Faults.ofAgent(text)
        let site = ExpectedValue.topicLevel(maximumBytes: 32, orAny: false)
        let drain = ExpectedValue.duration(.zero...(.seconds(3600)))
        let topNames = AgentConfiguration.table.sections[0].rows.map(\.name)
        let tables = ["broker", "input", "sensor", "windows", "spool"]
        let brokerKeys = BrokerSettings.keys.map(\.name)
        #expect(
            faults == [
                Faults.at(1, 8, .badValue(key: "site", found: "\"ho/me\"", site)),
                Faults.at(3, 1, .unknownKey("brokr", known: topNames + tables)),
                Faults.at(4, 9, .badValue(key: "drain", found: "10", drain)),
                Faults.at(6, 1, .unknownKey("port", known: brokerKeys)),
                Faults.at(5, 1, .missingKey("broker.address")),
                Faults.at(8, 8, .badValue(key: "input.from", found: "\"tty\"", .inputPlace)),
                Faults.at(10, 7, .badValue(key: "sensor.low", found: "\"x\"", .number)),
                Faults.at(9, 1, .missingKey("sensor.name")),
                Faults.at(
                    12, 13,
                    .badValue(
                        key: "spool.max_bytes", found: "\"12\"", .size((1 << 20)...(1 << 40)))),
            ])
    }

    @Test func textThatIsNoTOMLHasAPlace() {
        let faults = Faults.ofAgent("site = \"a\"\nnode = \n")
        #expect(faults.count == 1)
        #expect(faults.first?.origin == .file(TextPlace(line: 2, column: 8)))
        guard case .syntax = faults.first?.reason else {
            Issue.record("\(faults)")
            return
        }
    }

    @Test(arguments: [
        ("broker = \"localhost\"", "broker", "\"localhost\"", ExpectedValue.table),
        ("input = 3", "input", "3", .listOfTables),
        ("[input]", "input", "a table", .listOfTables),
        ("input = [1]", "input", "1", .table),
        ("readings = \"true\"", "readings", "\"true\"", .boolean),
        ("durability = \"safe\"", "durability", "\"safe\"", .word(["strict", "balanced", "ram"])),
        ("windows.group_frames = 0", "windows.group_frames", "0", .integer(1...16_384)),
        ("state_dir = \"here\"", "state_dir", "\"here\"", .path),
        ("state_dir = 2026-01-01", "state_dir", "a date", .path),
        (
            "required_receivers = [\"a\", 1]", "required_receivers[1]", "1",
            .topicLevel(maximumBytes: 32, orAny: false)
        ),
        (
            "required_receivers = [[\"a\"]]", "required_receivers[0]", "[\"a\"]",
            .topicLevel(maximumBytes: 32, orAny: false)
        ),
        (
            "required_receivers = \"a\"", "required_receivers", "\"a\"",
            .list(of: .topicLevel(maximumBytes: 32, orAny: false))
        ),
        ("windows.age = 10", "windows.age", "10", .duration(.milliseconds(10)...(.seconds(3600)))),
        ("windows = [1]", "windows", "[1]", .table),
        ("profile = \"wifi\"", "profile", "\"wifi\"", .word(Profile.allCases.map(\.rawValue))),
        (
            "broker = { address = \"b\", password_credential = \"../key\" }",
            "broker.password_credential", "\"../key\"", .credential
        ),
        (
            "broker = { address = \"b\", password_env = \"A-B\" }", "broker.password_env",
            "\"A-B\"", .variable
        ),
    ])
    func aValueThatIsNotAsExpectedIsToldWithWhatIsExpected(
        text: String, key: String, found: String, expectation: ExpectedValue
    ) {
        #expect(
            Faults.ofAgent(text).map(\.reason) == [
                .badValue(key: key, found: found, expectation)
            ])
    }

    @Test(arguments: [
        ("windows.age = \"2min\"", "windows.age", "windows.offline_age"),
        (
            "windows.frame_bytes = \"128KiB\"\nwindows.group_bytes = \"64KiB\"",
            "windows.frame_bytes", "windows.group_bytes"
        ),
        ("windows.group_bytes = \"2MiB\"", "windows.group_bytes", "spool.segment_bytes"),
        ("spool.max_bytes = \"2MiB\"", "spool.segment_bytes", "a quarter of spool.max_bytes"),
        ("[[sensor]]\nname = \"a\"\nlow = 2\nhigh = 1", "sensor.low", "sensor.high"),
        (
            "[[sensor]]\nname = \"a\"\nvalid_low = 2\nvalid_high = 1", "sensor.valid_low",
            "sensor.valid_high"
        ),
        (
            "[[sensor]]\nname = \"a\"\nmin_interval = \"2s\"\nmax_interval = \"1s\"",
            "sensor.min_interval", "sensor.max_interval"
        ),
        (
            "[broker]\naddress = \"b\"\nreconnect_min = \"40s\"", "broker.reconnect_min",
            "broker.reconnect_max"
        ),
    ])
    func whatDoesNotFitTogetherIsRefused(text: String, key: String, other: String) {
        #expect(Faults.ofAgent(text).map(\.reason) == [.exceeds(key: key, other: other)])
    }

    @Test func whatMayBeThereOnlyOnceIs() {
        let port = "[[input]]\nfrom = \"/dev/ttyS0@9600\"\n"
        #expect(
            Faults.ofAgent(port + "[[input]]\nfrom = \"/dev/ttyS0\"\n") == [
                Faults.at(4, 8, .repeated(key: "input.from", value: "/dev/ttyS0"))
            ])
        #expect(
            Faults.ofAgent("[[input]]\n[[input]]\n").map(\.reason) == [
                .repeated(key: "input.from", value: "-")
            ])
        let sensor = "[[sensor]]\nname = \"a\"\nlow = 1\n"
        #expect(
            Faults.ofAgent(sensor + sensor).map(\.reason) == [
                .repeated(key: "sensor.name", value: "a")
            ])
        #expect(
            Faults.ofAgent(sensor + "deadband_percent = 1\n").map(\.reason) == [
                .missingKey("sensor.low and sensor.high")
            ])
    }

    @Test(arguments: [
        ("temp1", 1.0), ("temp12", 2.0), ("temp", 2.0), ("te", 3.0), ("hum", 3.0),
    ])
    func aNameGoesBeforeABeginningAndTheLongerBeginningBeforeTheShorter(
        name: String, high: Double
    ) {
        let settings = [("*", 3.0), ("temp1", 1.0), ("temp*", 2.0)].map { name, high in
            var sensor = SensorSettings(name: name)
            sensor.rule.high = high
            return sensor
        }
        #expect(settings.settings(of: name)?.rule.high == high)
        #expect(settings.dropFirst(1).first.map { [$0].settings(of: "hum") == nil } == true)
    }

    @Test func aDeadbandInPercentIsOfTheSpan() {
        var sensor = Self.sensorWithEverything
        let policy = sensor.policy
        #expect(policy.thinning.deadband == 0.4)
        #expect(policy.thinning.minimumInterval == 1_000_000_000)
        #expect(policy.thinning.maximumInterval == 60_000_000_000)
        #expect(policy.rule.holdNanoseconds == 30_000_000_000)
        #expect(policy.rule.changePriority == .critical)
        #expect(policy.aggregatePeriod == 300_000_000_000)
        #expect(policy.period == 2_000_000_000)
        #expect(policy.staleAfter == 20_000_000_000)
        sensor.rule.base = .normal
        #expect(sensor.policy.aggregatePeriod == nil)
    }

    private static var sensorWithEverything: SensorSettings {
        var sensor = SensorSettings(name: "temp1")
        sensor.unit = "°C"
        sensor.kind = .state
        sensor.rule.base = .disposable
        (sensor.rule.low, sensor.rule.high, sensor.rule.hysteresis) = (-10, 30, 0.5)
        sensor.rule.limitPriority = .important
        (sensor.rule.maximumStep, sensor.rule.stepPriority) = (5, .important)
        (sensor.rule.maximumRate, sensor.rule.ratePriority) = (1.5, .important)
        sensor.change = .critical
        sensor.hold = .seconds(30)
        sensor.rule.watchesSurprise = false
        (sensor.validity.low, sensor.validity.high, sensor.validity.rate) = (-40, 85, 10)
        sensor.validity.invalid = .drop
        sensor.validity.notANumber = .flag
        (sensor.deadband, sensor.deadbandPercent) = (0.1, 1)
        (sensor.minimumInterval, sensor.maximumInterval) = (.seconds(1), .seconds(60))
        sensor.aggregate = .seconds(300)
        sensor.maximumError = 0.01
        sensor.texts = ["open=1"]
        (sensor.period, sensor.staleAfter) = (.seconds(2), .seconds(20))
        return sensor
    }

    @Test func aKeyBelowTheWrongTableIsShownItsPlace() {
        #expect(
            Faults.ofAgent("address = \"b\"\n[spool]\nsite = \"s\"\n") == [
                Faults.at(1, 1, .misplacedKey("address", table: "broker")),
                Faults.at(3, 1, .misplacedKey("site", table: "")),
            ])
    }

    @Test func listsHaveALimit() {
        let many = String(repeating: "[[input]]\n", count: AgentConfiguration.inputLimit + 1)
        #expect(
            Faults.ofAgent(many) == [
                Faults.at(17, 1, .tooMany(key: "input", limit: AgentConfiguration.inputLimit))
            ])
    }

    @Test func flagsGoBeforeTheEnvironmentAndThatBeforeTheFile() throws {
        let text = """
            site = "file"
            node = "file"
            state_dir = "/file"
            broker.address = "file"
            broker.user = "u"
            [[input]]
            from = "/dev/ttyS0"
            """
        let environment = [
            "ALEC_SITE": "variable", "ALEC_NODE": "variable", "ALEC_READINGS": "true",
            "ALEC_DELIVERY": "", "ALEC_INPUT": "-",
        ]
        let flags = [
            FlagValue("--site", "first"), FlagValue("--site", "flag"),
            FlagValue("--broker", "flag:1"), FlagValue("--format", "jsonl"),
        ]
        let settings = try AgentConfiguration.read(
            Array(text.utf8), path: nil, flags: flags
        ) { environment[$0] }
        #expect(settings.site == "flag")
        #expect(settings.node == "variable")
        #expect(settings.stateDirectory == "/file")
        #expect(settings.publishesReadings)
        #expect(settings.delivery == .broker)
        #expect(settings.broker?.host == "flag" && settings.broker?.port == 1)
        #expect(settings.broker?.user == "u")
        #expect(settings.inputs.map(\.place) == [.standardInput])
        #expect(settings.inputs.map(\.format) == [.jsonl])
    }

    @Test func wrongFlagsAndVariablesAreFaultsToo() {
        let faults = Faults.ofAgent(
            "sit = 1", flags: [FlagValue("--broker", "a:b"), FlagValue("--readings")],
            environment: ["ALEC_DURABILITY": "none", "ALEC_READINGS": "maybe"])
        #expect(faults.count == 3)
        #expect(
            faults.dropFirst() == [
                ConfigurationFault(
                    .flag("--broker"),
                    .badValue(key: "--broker", found: "\"a:b\"", .address)),
                ConfigurationFault(
                    .environment("ALEC_DURABILITY"),
                    .badValue(
                        key: "ALEC_DURABILITY", found: "\"none\"",
                        .word(["strict", "balanced", "ram"]))),
            ])
    }

    @Test func theVariableOfAFlagIsItsNameInCapitals() {
        let names = AgentConfiguration.flags.map(\.variable)
        #expect(names.contains("ALEC_STATE_DIR"))
        #expect(Set(names).count == names.count)
        #expect(AgentConfiguration.flags.map(\.name).contains("--readings"))
    }

    @Test func filesAreReadAndPasswordsTakenOutOfTheirs() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "alec-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let secret = folder.appending(path: "secret").path
        try Data("geheim\nrest\n".utf8).write(to: URL(filePath: secret))
        let file = folder.appending(path: "gateway.toml").path
        let text = "[broker]\naddress = \"b\"\nuser = \"u\"\npassword_file = \"\(secret)\"\n"
        try Data(text.utf8).write(to: URL(filePath: file))

        let settings = try AgentConfiguration.load(path: file, environment: { _ in nil })
        #expect(settings.broker?.password == "geheim")
        let again = try AgentConfiguration.load(path: nil) {
            $0 == "ALEC_CONFIG" ? file : nil
        }
        #expect(again == settings)

        try FileManager.default.removeItem(atPath: secret)
        #expect(
            Faults.ofAgent(text) == [Faults.at(4, 17, .unreadable(path: secret, code: 2))])
        #expect(throws: ConfigurationError.self) {
            try AgentConfiguration.load(path: secret, environment: { _ in nil })
        }
    }
}
