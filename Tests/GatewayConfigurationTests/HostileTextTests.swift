// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GatewayConfiguration

/// Text from outside is refused, and does not end the process.
@Suite struct HostileTextTests {
    @Test func tooLargeAFileIsRefused() {
        let limit = AgentConfiguration.fileLimit
        let text = String(repeating: "#\n", count: limit / 2 + 1)
        #expect(
            Faults.ofAgent(text) == [
                ConfigurationFault(.everywhere, .tooLarge(path: "gateway.toml", limit: limit))
            ])
    }

    @Test func keysAreNotNestedWithoutEnd() {
        let limit = ConfigurationTable<AgentSettings>.dotLimit
        let deep = String(repeating: "a.", count: limit) + "a = 1"
        #expect(Faults.ofAgent(deep).count == 1)
        #expect(
            Faults.ofAgent("a." + deep) == [
                ConfigurationFault(.everywhere, .tooManyDots(limit: limit))
            ])
        let arrays = "a = " + String(repeating: "[", count: 100_000)
        #expect(Faults.ofAgent(arrays).count == 1)
    }

    @Test(arguments: 0..<40)
    func changedBytesGiveSettingsOrFaults(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var text = Array(SampleFile.agent.utf8).filter { $0 != UInt8(ascii: "#") }
        for _ in 0..<50 {
            let at = Int(generator.next() % UInt64(text.count))
            text[at] = UInt8(truncatingIfNeeded: generator.next())
            _ = try? AgentConfiguration.read(text, path: nil)
        }
    }
}
