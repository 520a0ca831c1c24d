// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import GatewayConfiguration

/// The annotated files in `config/` are what the table of keys says.
@Suite struct SampleFileTests {
    @Test(arguments: [
        ("gateway.toml", SampleFile.agent), ("receiver.toml", SampleFile.receiver),
    ])
    func theFileIsThatOfTheTable(name: String, text: String) throws {
        let url = Project.root.appending(path: "config/\(name)")
        let environment = ProcessInfo.processInfo.environment
        if environment["ALEC_UPDATE_GOLDEN"] == "1" {
            try #require(environment["CI"] == nil, "golden files are not written where CI runs")
            try text.write(to: url, atomically: true, encoding: .utf8)
            return
        }
        let file = try String(contentsOf: url, encoding: .utf8)
        #expect(file == text, "config/\(name): ALEC_UPDATE_GOLDEN=1 make test writes it again")
        #expect(file.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test func asItIsItChangesNothing() throws {
        let agent = try AgentConfiguration.read(Array(SampleFile.agent.utf8), path: nil)
        #expect(agent == AgentSettings())
        var expected = ReceiverSettings()
        expected.brokers = [BrokerSettings(host: "localhost")]
        let receiver = try ReceiverConfiguration.read(Array(SampleFile.receiver.utf8), path: nil)
        #expect(receiver == expected)
    }

    /// With each `#` taken away, all lines are valid, and all defaults are the defaults.
    @Test func everyLineThatIsCommentedOutIsRight() throws {
        let text = Self.uncommented(SampleFile.agent)
            .replacing("password_file = \"/etc/alec/broker-password\"", with: "")
            .replacing("password_credential = \"broker-password\"", with: "")
            .replacing("password_env = \"BROKER_PASSWORD\"", with: "")
        var settings = try AgentConfiguration.read(Array(text.utf8), path: nil)
        #expect(settings.broker?.host == "localhost")
        #expect(settings.sensors == [SensorSettings(name: "temp1")])
        let input = settings.inputs[0]
        #expect(input.name == "roof" && input.greeting == "START\r\n")
        #expect(input.lineBytes == 4096)
        settings.inputs = AgentSettings().inputs
        #expect(settings.profile == .cellular)
        #expect(settings.broker?.keepAlive == .seconds(30))
        settings.profile = nil
        settings.broker = nil
        settings.sensors = []
        // Columns, sensor and the like have examples and no defaults.
        settings.inputs[0].lines = LineSettings()
        #expect(settings == AgentSettings())
    }

    @Test func everyKeyIsThereOnce() {
        for section in AgentConfiguration.table.sections {
            for row in section.rows {
                #expect(!row.help.isEmpty && !row.shown.isEmpty, "\(section.name).\(row.name)")
                #expect(SampleFile.agent.contains("#\(row.name) = \(row.shown)\n"))
            }
        }
        for section in ReceiverConfiguration.table.sections {
            for row in section.rows {
                #expect(SampleFile.receiver.contains("\(row.name) = \(row.shown)\n"))
            }
        }
    }

    private static func uncommented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasPrefix("#") && !line.hasPrefix("# ") ? line.dropFirst() : line
        }.joined(separator: "\n")
    }
}
