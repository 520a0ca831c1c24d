// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Agent, broker and receiver on one thread in virtual time, with faults from a seed.
///
/// `ALEC_SEED=7` plays one seed, and with `ALEC_TRACE=1` tells what happens in it;
/// `ALEC_SIMULATIONS=100000` plays more of them. `make simulate` plays 2000 and then wants every
/// fault in every state; here are a few for those who change something.
@Suite struct SimulationTests {
    @Test func everythingThatWasKeptArrivesOnce() {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["ALEC_SIMULATIONS"].flatMap { UInt64($0) } ?? 100
        let seeds = Seeds.from(1, count: count)
        let coverage = Coverage()
        var failures: [String] = []
        for seed in seeds where failures.count < 20 {
            let simulation = Simulation(seed: seed, coverage: coverage)
            if environment["ALEC_TRACE"] != nil { simulation.trace() }
            simulation.run()
            failures += simulation.failures
        }
        for failure in failures { Issue.record("\(failure)") }
        print(coverage.report)
        if seeds.count >= 1000, failures.isEmpty {
            #expect(coverage.missing.isEmpty, "never happened: \(coverage.missing)")
        }
    }
}
