// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatewayConfiguration
import Testing

@Suite struct UnitFileTests {
    private static func settings() throws -> [Substring] {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appending(path: "systemd/alec-gateway.service"), encoding: .utf8)
        return text.split(separator: "\n")
    }

    @Test func startMayReadALargeSpool() throws {
        #expect(try Self.settings().contains("TimeoutStartSec=infinity"))
    }

    @Test func reloadIsTheSignalThatTheAgentTakes() throws {
        #expect(try Self.settings().contains("ExecReload=/bin/kill -HUP $MAINPID"))
    }

    @Test func stopWaitsForTwoDrainsAndTheGoodbye() throws {
        let line = try #require(
            try Self.settings().first { $0.hasPrefix("TimeoutStopSec=") })
        let seconds = try #require(Int64(line.dropFirst("TimeoutStopSec=".count)))
        #expect(.seconds(seconds) > AgentSettings().drain * 2 + .seconds(2))
    }
}
