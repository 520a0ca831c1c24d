// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import Testing

@Suite struct HealthStateTests {
    var health = HealthState(at: seconds(0))

    @Test mutating func worstFindingCounts() {
        #expect(health.level == .unknown && health.reason == .starting)
        var facts = HealthState.Facts()
        let steps: [((inout HealthState.Facts) -> Void, HealthState.Level, HealthState.Reason)] = [
            ({ _ in }, .healthy, .none),
            ({ $0.isUnheard = true }, .degraded, .unheard),
            ({ $0.isRefused = true }, .degraded, .refused),
            ({ $0.offlineSince = seconds(10) }, .degraded, .offline),
            ({ $0.spoolPercent = 81 }, .degraded, .spoolFilling),
            ({ $0.offlineSince = seconds(-300) }, .unhealthy, .outage),
            ({ $0.spoolPercent = 100 }, .unhealthy, .spoolFull),
            ({ $0.isSpoolFailing = true }, .unhealthy, .spoolFailing),
        ]
        for (i, (change, level, reason)) in steps.enumerated() {
            change(&facts)
            let now = seconds(Double(10 + i))
            equal(health.judge(facts, at: now), true)
            #expect(health.level == level && health.reason == reason && health.since == now)
            equal(health.judge(facts, at: seconds(20)), false)
            #expect(health.since == now)
        }
        #expect(HealthState.Level.healthy < .degraded && .degraded < .unhealthy)
    }
}
