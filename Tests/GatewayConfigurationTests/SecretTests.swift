// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import GatewayConfiguration

/// Passwords come from where others cannot read them, and are shown nowhere.
@Suite struct SecretTests {
    private static func text(_ key: String, _ value: String) -> String {
        "[broker]\naddress = \"b\"\nuser = \"u\"\n\(key) = \"\(value)\"\n"
    }

    @Test func credentialIsAFileOfTheServiceManager() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "alec-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("geheim\n".utf8).write(to: folder.appending(path: "mqtt"))
        let text = Self.text("password_credential", "mqtt")
        let environment = ["CREDENTIALS_DIRECTORY": folder.path]
        let settings = try AgentConfiguration.read(
            Array(text.utf8), path: nil, environment: { environment[$0] })
        #expect(settings.broker?.password == "geheim")

        #expect(Faults.ofAgent(text) == [Faults.at(4, 23, .noCredentials("mqtt"))])
        let missing = Self.text("password_credential", "other")
        #expect(
            Faults.ofAgent(missing, environment: environment) == [
                Faults.at(4, 23, .unreadable(path: folder.path + "/other", code: 2))
            ])
    }

    @Test func variableHoldsThePassword() throws {
        let text = Self.text("password_env", "MQTT_PASSWORD")
        let settings = try AgentConfiguration.read(
            Array(text.utf8), path: nil, environment: { $0 == "MQTT_PASSWORD" ? "geheim" : nil })
        #expect(settings.broker?.password == "geheim")
        #expect(Faults.ofAgent(text) == [Faults.at(4, 16, .noVariable("MQTT_PASSWORD"))])
    }

    @Test func passwordHasOnePlace() {
        let text = Self.text("password_env", "A") + "password_file = \"/p\"\n"
        #expect(
            Faults.ofAgent(text) == [
                Faults.at(
                    4, 16,
                    .together(key: "broker.password_env", other: "broker.password_file"))
            ])
    }

    @Test func passwordIsInNoTableOfSettingsAndNoFlag() throws {
        let text = Self.text("password_env", "MQTT_PASSWORD")
        let tables = try AgentConfiguration.table.read(
            Array(text.utf8), path: nil, flags: [],
            environment: { $0 == "MQTT_PASSWORD" ? "geheim" : nil }
        ).tables
        #expect(!"\(tables)".contains("geheim"))
        #expect(!AgentConfiguration.flags.contains { $0.name.contains("password") })
        #expect(!ReceiverConfiguration.flags.contains { $0.name.contains("password") })
    }

    @Test func receiverReadsThePasswordOfEachBroker() throws {
        let text = """
            [[broker]]
            address = "a"
            [[broker]]
            address = "b"
            password_env = "B"
            """
        let settings = try ReceiverConfiguration.read(
            Array(text.utf8), path: nil, environment: { $0 == "B" ? "geheim" : nil })
        #expect(settings.brokers.map(\.password) == [nil, "geheim"])
        #expect(Faults.ofReceiver(text) == [Faults.at(5, 16, .noVariable("B"))])
    }
}
