// SPDX-License-Identifier: Apache-2.0

import GatewayAgent
import GatewayCore
import Testing

@Suite struct StopRequestsTests {
    private static let phases: [AgentPhase] = [
        .running, .stopping, .draining(until: MonotonicInstant(nanoseconds: 9)), .ended,
    ]

    @Test func hangUpReadsSettingsAgainWhileTheAgentRunsAndStopsNothing() {
        for phase in Self.phases {
            var requests = StopRequests()
            let order = phase == .running ? StopRequests.Order.reload : .nothing
            for _ in 0..<3 { #expect(requests.take(1, in: phase) == order) }
            #expect(!requests.isDrainCut)
        }
    }

    @Test func onlyTheSecondSignalCutsTheDrain() {
        let first: [StopRequests.Order] = [.stop, .nothing, .nothing, .nothing]
        let second: [StopRequests.Order] = [.stop, .nothing, .cutDrain, .nothing]
        for (i, phase) in Self.phases.enumerated() {
            var requests = StopRequests()
            #expect(requests.take(15, in: phase) == first[i])
            #expect(!requests.isDrainCut)
            #expect(requests.take(2, in: phase) == second[i])
            #expect(requests.isDrainCut)
        }
    }
}
