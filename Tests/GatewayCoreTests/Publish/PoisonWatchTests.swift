// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import Testing

@Suite struct PoisonWatchTests {
    var watch = PoisonWatch()

    private func group(_ number: UInt32) -> GroupIdentity {
        GroupIdentity(stream: StreamID(random: 1), lane: .data, group: number)
    }

    private mutating func refuse(
        _ number: UInt32, _ reason: UInt8 = 0x99, isLinkHealthy: Bool = true
    ) -> PoisonWatch.Order {
        watch.refused(group(number), reason: reason, isLinkHealthy: isLinkHealthy)
    }

    @Test mutating func fifthRefusalWithAHealthyLinkIsTheLast() {
        for _ in 0..<4 {
            equal(refuse(1), .retry)
            watch.accepted()
        }
        equal(refuse(1), .quarantine(reason: 0x99, refusals: 5))
        #expect(watch.quarantined == 1 && watch.watched == 0)
        // If it comes again it begins again.
        equal(refuse(1), .retry)
    }

    @Test mutating func brokerThatTakesNothingRefusesNoGroup() {
        for _ in 0..<100 { equal(refuse(1), .retry) }
        #expect(watch.quarantined == 0)
    }

    @Test(arguments: [0x80, 0x83, 0x87, 0x91, 0x95, 0x97, 0xFF] as [UInt8])
    func whatIsNoVerdictOnTheMessageIsTriedForEver(_ reason: UInt8) {
        var watch = PoisonWatch(limit: 1)
        for _ in 0..<20 {
            equal(
                watch.refused(group(1), reason: reason, isLinkHealthy: true), .retry)
            watch.accepted()
        }
        #expect(watch.watched == 0)
    }

    @Test mutating func refusalsOfASickLinkDoNotCount() {
        for _ in 0..<20 {
            equal(refuse(1, isLinkHealthy: false), .retry)
            watch.accepted()
        }
        #expect(watch.watched == 0)
    }

    @Test mutating func framesInFrontOfTheRefusedOneProveTheLink() {
        for _ in 0..<4 {
            watch.accepted()
            equal(refuse(1, 0x90), .retry)
        }
        watch.accepted()
        equal(refuse(1, 0x90), .quarantine(reason: 0x90, refusals: 5))
    }

    @Test mutating func settledGroupIsForgotten() {
        for _ in 0..<4 {
            _ = refuse(1)
            watch.accepted()
        }
        watch.settled(group(1))
        equal(refuse(1), .retry)
        #expect(watch.watched == 1)
    }

    @Test mutating func tableIsBounded() {
        for number in 0..<100 as Range<UInt32> { equal(refuse(number), .retry) }
        #expect(watch.watched == PoisonWatch.groupLimit && watch.forgotten == 36)
    }
}
