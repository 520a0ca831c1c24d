// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GatewayCore

@Suite struct PublishModelTests {
    @Test(arguments: Seeds.from(1, count: 20), [false, true])
    func everythingArrivesWhateverHappens(seed: UInt64, waitsForReceivers: Bool) {
        var world = PublishWorld(seed: seed, waitsForReceivers: waitsForReceivers)
        for _ in 0..<400 { world.step() }
        world.settle()
    }

    @Test func faultsDoHappen() {
        var losses = 0
        var restarts = 0
        var counters = PublishCounters()
        for seed in 1...24 as ClosedRange<UInt64> {
            var world = PublishWorld(seed: seed, waitsForReceivers: seed % 2 == 0)
            for _ in 0..<400 { world.step() }
            losses += world.losses
            restarts += world.restarts
            counters.refused += world.machine.counters.refused
            counters.repeated += world.machine.counters.repeated
            counters.reminders += world.machine.counters.reminders
            counters.silences += world.machine.counters.silences
            counters.unheard += world.machine.counters.unheard
        }
        #expect(losses > 8 && restarts > 4)
        #expect(counters.refused > 50 && counters.repeated > 50 && counters.unheard > 50)
        #expect(counters.reminders > 5 && counters.silences > 0)
    }
}
