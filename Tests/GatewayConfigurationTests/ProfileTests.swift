// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatewayConfiguration

@Suite struct ProfileTests {
    /// What differs from the defaults, key by key.
    static let table: [(profile: Profile, changed: [String: String])] = [
        (
            .lan,
            [
                "latency": "\"low\"", "windows.age": "\"1s\"", "broker.keep_alive": "\"15s\"",
                "broker.reconnect_max": "\"10s\"",
            ]
        ),
        (
            .cellular,
            [
                "windows.age": "\"30s\"", "windows.offline_age": "\"2min\"",
                "windows.table_delay": "\"5s\"", "windows.group_samples": "1800",
                "windows.group_age": "\"30min\"", "broker.keep_alive": "\"2min\"",
                "broker.reconnect_min": "\"5s\"", "broker.reconnect_max": "\"2min\"",
            ]
        ),
        (
            .metered,
            [
                "windows.age": "\"1min\"", "windows.offline_age": "\"10min\"",
                "windows.table_delay": "\"10s\"", "windows.group_samples": "3600",
                "windows.group_age": "\"1h\"", "windows.frame_bytes": "\"8KiB\"",
                "broker.keep_alive": "\"5min\"", "broker.reconnect_min": "\"10s\"",
                "broker.reconnect_max": "\"5min\"",
            ]
        ),
        (
            .radio,
            [
                "windows.age": "\"1min\"", "windows.offline_age": "\"10min\"",
                "windows.table_delay": "\"30s\"", "windows.frame_bytes": "\"512B\"",
                "windows.group_frames": "60", "windows.group_bytes": "\"32KiB\"",
                "broker.keep_alive": "\"10min\"", "broker.reconnect_min": "\"30s\"",
                "broker.reconnect_max": "\"10min\"",
            ]
        ),
    ]

    private static func texts(_ text: String) throws -> [String: EffectiveSetting] {
        let read = try AgentConfiguration.table.read(
            Array(text.utf8), path: nil, flags: [], environment: { _ in nil })
        var found: [String: EffectiveSetting] = [:]
        for table in read.tables where !table.header.hasPrefix("[[") {
            let name = table.header.filter { $0 != "[" && $0 != "]" }
            for setting in table.settings {
                found[(name.isEmpty ? "" : name + ".") + setting.name] = setting
            }
        }
        return found
    }

    @Test(arguments: table)
    func profileIsASetOfDefaults(profile: Profile, changed: [String: String]) throws {
        let broker = "[broker]\naddress = \"b\"\n"
        let usual = try Self.texts(broker)
        let found = try Self.texts("profile = \"\(profile.rawValue)\"\n" + broker)
        for (key, setting) in found where key != "profile" {
            #expect(setting.text == changed[key] ?? usual[key]?.text, "\(key)")
            guard changed[key] != nil else { continue }
            let isLatency = profile == .lan && key == "windows.age"
            #expect(setting.origin == .preset(isLatency ? "latency" : "profile"), "\(key)")
        }
        #expect(Set(changed.keys).isSubset(of: Set(found.keys)))
    }

    @Test func everyProfileIsInTheTable() {
        #expect(Set(Self.table.map(\.profile)) == Set(Profile.allCases))
    }

    @Test(arguments: [
        "windows.age = \"7s\"\nbroker = { address = \"b\", keep_alive = \"9s\" }\n"
            + "profile = \"cellular\"\n",
        "profile = \"cellular\"\n[windows]\nage = \"7s\"\n[broker]\naddress = \"b\"\n"
            + "keep_alive = \"9s\"\n",
    ])
    func keyThatIsGivenGoesBeforeTheProfileInAnyOrder(text: String) throws {
        let settings = try AgentConfiguration.read(Array(text.utf8), path: nil)
        #expect(settings.windows.age == .seconds(7))
        #expect(settings.windows.offlineAge == .seconds(120))
        #expect(settings.broker?.keepAlive == .seconds(9))
        #expect(settings.broker?.longestWait == .seconds(120))
    }

    @Test func latencyIsPartOfAProfileAndGoesBeforeIt() throws {
        func age(_ text: String) throws -> Duration {
            try AgentConfiguration.read(Array(text.utf8), path: nil).windows.age
        }
        #expect(try age("latency = \"low\"") == .seconds(1))
        #expect(try age("latency = \"low\"\nprofile = \"radio\"") == .seconds(1))
        #expect(try age("latency = \"normal\"\nprofile = \"lan\"") == .seconds(10))
        #expect(try age("latency = \"low\"\nwindows.age = \"4s\"") == .seconds(4))
    }

    @Test func profileComesFromFlagsAndVariablesToo() throws {
        let radio = try AgentConfiguration.read(
            Array("profile = \"lan\"".utf8), path: nil, flags: [FlagValue("--profile", "radio")]
        ) { $0 == "ALEC_PROFILE" ? "metered" : nil }
        #expect(radio.windows.frameBytes == 512 && radio.profile == .radio)
        let metered = try AgentConfiguration.read(
            [], path: nil,
            flags: [
                FlagValue("--broker", "b")
            ]
        ) { $0 == "ALEC_PROFILE" ? "metered" : nil }
        #expect(metered.windows.frameBytes == 8 << 10)
        #expect(metered.broker?.keepAlive == .seconds(300))
    }
}
