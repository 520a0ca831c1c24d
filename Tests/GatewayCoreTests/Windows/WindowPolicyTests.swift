// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import Testing

@Suite struct WindowPolicyTests {
    var policy = WindowPolicy(
        WindowPolicy.Limits(age: .seconds(10), offlineAge: .seconds(60), frameBytes: 4096))

    private static func at(_ seconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: seconds * 1_000_000_000)
    }

    @Test func noWindowHasNoDeadline() {
        #expect(policy.deadline(isConnected: true) == nil)
    }

    @Test mutating func firstReadingDecidesTheAge() {
        policy.open(at: Self.at(3))
        policy.open(at: Self.at(9))
        #expect(policy.deadline(isConnected: true) == Self.at(13))
        #expect(policy.deadline(isConnected: false) == Self.at(63))
        policy.close(readings: 10, bytes: 60, isKey: true)
        #expect(policy.deadline(isConnected: true) == nil)
    }

    @Test mutating func otherLimitsHoldForTheOpenWindowToo() {
        policy.open(at: Self.at(3))
        policy.setLimits(
            WindowPolicy.Limits(age: .seconds(1), offlineAge: .seconds(2), frameBytes: 1024))
        #expect(policy.deadline(isConnected: true) == Self.at(4))
        #expect(policy.deadline(isConnected: false) == Self.at(5))
        #expect(policy.readingLimit(isKey: true) == (1024 - 24) / 8)
    }

    @Test mutating func sizeIsLearnedFromTheFramesBefore() {
        // 8 bytes a reading until something is known.
        #expect(policy.readingLimit(isKey: true) == (4096 - 24) / 8)
        policy.close(readings: 100, bytes: 224, isKey: true)
        #expect(policy.readingLimit(isKey: true) == 2036)
        #expect(policy.readingLimit(isKey: false) == 2036)
        policy.close(readings: 1000, bytes: 524, isKey: false)
        #expect(policy.readingLimit(isKey: false) == 8144)
        #expect(policy.estimatedBytes(readings: 8144, isKey: false) == 4096)
    }

    @Test mutating func largerFramesCountAtOnceAndSmallerOnesByHalf() {
        policy.close(readings: 1000, bytes: 1024, isKey: false)
        policy.close(readings: 1000, bytes: 4024, isKey: false)
        #expect(policy.estimatedBytes(readings: 1000, isKey: false) == 4024)
        policy.close(readings: 1000, bytes: 2024, isKey: false)
        #expect(policy.estimatedBytes(readings: 1000, isKey: false) == 3024)
    }

    @Test mutating func smallFramesTeachNothing() {
        policy.close(readings: 1000, bytes: 1024, isKey: false)
        policy.close(readings: 1, bytes: 100, isKey: false)
        #expect(policy.estimatedBytes(readings: 1000, isKey: false) == 1024)
    }

    @Test mutating func brokersLimitHoldsForTheSize() {
        policy.setFrameLimit(424)
        #expect(policy.readingLimit(isKey: true) == 50)
        policy.setFrameLimit(10)
        #expect(policy.readingLimit(isKey: true) == 16)
        policy.setFrameLimit(nil)
        #expect(policy.readingLimit(isKey: true) == 509)
    }
}

@Suite struct TableDelayTests {
    @Test func otherDelayHoldsForThoseThatWait() {
        var delay = TableDelay(.seconds(10))
        delay.sensorAppeared(at: MonotonicInstant(nanoseconds: 0))
        delay.setDelay(.seconds(1))
        #expect(delay.deadline == MonotonicInstant(nanoseconds: 1_000_000_000))
    }

    @Test func firstNewSensorDecides() {
        var delay = TableDelay(.seconds(1))
        #expect(delay.deadline == nil)
        delay.sensorAppeared(at: MonotonicInstant(nanoseconds: 5))
        delay.sensorAppeared(at: MonotonicInstant(nanoseconds: 9))
        #expect(delay.deadline == MonotonicInstant(nanoseconds: 1_000_000_005))
        delay.tableMade()
        #expect(delay.deadline == nil)
    }
}

@Suite struct ClockWatchTests {
    @Test(
        arguments: [
            (1_000_000_000, nil), (999_999_999, nil), (-1_000_000_000, nil),
            (1_000_000_001, 1_000_000_001), (-3_600_000_000_000, -3_600_000_000_000),
        ] as [(Int64, Int64?)])
    func stepsAreWhatTheOtherClockDoesNotShow(jump: Int64, expected: Int64?) {
        var watch = ClockWatch()
        #expect(watch.step(at: .init(nanoseconds: 0), wall: .init(nanoseconds: 500)) == nil)
        #expect(watch.step(at: .init(nanoseconds: 70), wall: .init(nanoseconds: 570)) == nil)
        let step = watch.step(
            at: .init(nanoseconds: 80), wall: .init(nanoseconds: 580 + jump))
        #expect(step == expected.map { .nanoseconds($0) })
        #expect(
            watch.step(at: .init(nanoseconds: 90), wall: .init(nanoseconds: 590 + jump)) == nil)
    }
}
