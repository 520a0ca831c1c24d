// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import GatewayConfiguration

@Suite struct SettingsSchemaTests {
    private static func object(_ text: String) throws -> [String: Any] {
        let json = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(json as? [String: Any])
    }

    private static func properties(_ schema: Any?) throws -> [String: Any] {
        let schema = try #require(schema as? [String: Any])
        // What is a list of tables describes its elements.
        let table = schema["items"] as? [String: Any] ?? schema
        return try #require(table["properties"] as? [String: Any])
    }

    @Test func schemaOfTheAgentHasEveryKey() throws {
        let top = try Self.properties(Self.object(SettingsSchema.agent))
        for section in AgentConfiguration.table.sections {
            let keys = section.name.isEmpty ? top : try Self.properties(top[section.name])
            for row in section.rows {
                let key = try #require(keys[row.name] as? [String: Any], "\(row.name)")
                #expect(key["description"] as? String == row.help)
                #expect(key["type"] != nil || key["enum"] != nil || key["anyOf"] != nil)
            }
            if !section.name.isEmpty { #expect(keys.count == section.rows.count) }
        }
        let broker = try #require(top["broker"] as? [String: Any])
        #expect(broker["required"] as? [String] == ["address"])
        #expect(broker["additionalProperties"] as? Bool == false)
    }

    @Test func schemaOfTheReceiverHasEveryKey() throws {
        let schema = try Self.object(SettingsSchema.receiver)
        let top = try Self.properties(schema)
        #expect(top.keys.contains("sinks") && top.keys.contains("broker"))
        let broker = try #require(top["broker"] as? [String: Any])
        #expect(broker["maxItems"] as? Int == ReceiverConfiguration.brokerLimit)
    }

    @Test func defaultsAreThoseOfTheSettings() throws {
        let top = try Self.properties(Self.object(SettingsSchema.agent))
        #expect((top["site"] as? [String: Any])?["default"] as? String == "default")
        #expect((top["readings"] as? [String: Any])?["default"] as? Bool == false)
        let windows = try Self.properties(top["windows"])
        #expect((windows["group_samples"] as? [String: Any])?["default"] as? Int == 600)
    }
}

@Suite struct StarterFileTests {
    @Test func fileIsRightAsItIsAndWithoutItsMarks() throws {
        for ports in [[], ["/dev/serial/by-id/usb-FTDI-if00", "/dev/ttyS0"]] {
            let text = StarterFile.agent(host: "cellar.example.org", ports: ports)
            let settings = try AgentConfiguration.read(Array(text.utf8), path: nil)
            #expect(settings.node == "cellar" && settings.inputs == [InputSettings()])
            let lines = text.split(separator: "\n").map { line in
                line.hasPrefix("#") && !line.hasPrefix("# ") ? line.dropFirst() : line
            }
            let open = lines.joined(separator: "\n").replacing(
                "password_file = \"/etc/alec/broker-password\"", with: "")
            let all = try AgentConfiguration.read(Array(open.utf8), path: nil)
            #expect(all.inputs.count == max(1, ports.count))
            #expect(all.broker?.host == "localhost" && all.profile == .lan)
        }
    }

    @Test func nameThatIsNoLevelGivesTheUsualOne() throws {
        for host in ["", "ä", "a b", ".x"] {
            let text = StarterFile.agent(host: host, ports: [])
            #expect(try AgentConfiguration.read(Array(text.utf8), path: nil).node == "gateway")
        }
    }

    @Test func portWithStrangeCharactersIsQuoted() throws {
        let text = StarterFile.agent(host: "h", ports: ["/dev/a\"b\\c"])
        #expect(text.contains("#from = \"/dev/a\\\"b\\\\c@9600\"\n"))
    }
}
