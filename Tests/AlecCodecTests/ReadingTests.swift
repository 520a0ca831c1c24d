// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import Testing

@Suite struct ReadingTests {
    @Test func equalityIsOfBits() {
        let nan = Reading(sensor: 1, time: 2, value: .nan)
        #expect(nan == nan)
        #expect(Reading(sensor: 1, time: 2, value: 0.0) != Reading(sensor: 1, time: 2, value: -0.0))
    }

    @Test func urgentPrioritiesComeFirst() {
        #expect(
            Priority.allCases.sorted() == [.critical, .important, .normal, .deferred, .disposable])
    }
}
