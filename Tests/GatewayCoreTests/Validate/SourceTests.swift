// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import Testing

/// What is known of sources, and of sensors besides their values, in virtual time.
@Suite struct SourceTests {
    @Test func alarmRisesAboveItsLimitAndEndsAtHalf() {
        var alarm = RejectionAlarm(limit: 5)
        equal(alarm.look(seen: 19, rejected: 19, at: seconds(0)), nil)
        equal(alarm.look(seen: 100, rejected: 5, at: seconds(70)), nil)
        equal(alarm.look(seen: 200, rejected: 12, at: seconds(140)), .raised(perMille: 70))
        equal(alarm.look(seen: 300, rejected: 12, at: seconds(141)), nil)
        #expect(alarm.isRaised)
        equal(alarm.look(seen: 400, rejected: 12, at: seconds(142)), .cleared(perMille: 23))
        // Totals that were reset are no news.
        equal(alarm.look(seen: 0, rejected: 0, at: seconds(143)), nil)
    }

    @Test func alarmIsOffAtZeroAndRatesAreOfTheLastMinute() {
        var alarm = RejectionAlarm(limit: 0)
        equal(alarm.look(seen: 100, rejected: 100, at: seconds(0)), nil)
        equal(alarm.look(seen: 700, rejected: 100, at: seconds(10)), nil)
        #expect(alarm.rates(at: seconds(10)).seen == 70)
        equal(alarm.look(seen: 700, rejected: 100, at: seconds(1000)), nil)
        #expect(alarm.rates(at: seconds(1000)).seen == 0)
    }

    @Test func quotaGivesItsShareAndABurst() {
        var quota = SourceQuota(perSecond: 10)
        func take(_ count: Int, _ at: Double) -> Int {
            (0..<count).count { _ in quota.take(at: seconds(at)) }
        }
        equal(take(100, 0), 20)
        equal(take(100, 0.5), 5)
        equal(take(100, 0.55), 0)
        equal(take(100, 0.6), 1)
        equal(take(100, 100), 20)
        // A clock that stands still or goes back fills nothing.
        equal(take(1, 50), 0)
        var free = SourceQuota(perSecond: 0)
        #expect((0..<1000).allSatisfy { _ in free.take(at: seconds(0)) })
    }

    @Test func sensorIsStaleAfterThreePeriodsButNotBeforeTenSeconds() {
        var watch = StaleWatch()
        var slow = SensorPolicy()
        slow.period = 20_000_000_000
        var told = SensorPolicy()
        told.staleAfter = 2_000_000_000
        for policy in [SensorPolicy(), slow, told] { watch.add(policy) }
        func look(_ at: Double) -> [Int] {
            var sensors: [Int] = []
            watch.look(at: seconds(at)) { sensors.append($0.sensor) }
            return sensors
        }
        // Nobody who was never there is missed.
        equal(look(1000), [])
        for i in 0..<10 as Range<Int64> {
            for sensor in 0..<3 {
                #expect(
                    watch.see(
                        sensor, time: i * 1_000_000_000, at: seconds(1000 + Double(i))) == nil)
            }
        }
        equal(look(1011), [])
        equal(look(1012), [2])
        equal(look(1019), [])
        equal(look(1019.5), [0])
        equal(look(1069), [])
        equal(look(1070), [1])
        equal(watch.staleCount, 3)
        equal(
            watch.see(0, time: 99_000_000_000, at: seconds(1100)),
            StaleWatch.Event(sensor: 0, isStale: false, silence: .seconds(91)))
        equal(watch.staleCount, 2)
    }

    @Test func liftsAreToldOnceInTenSecondsWithTheirNumber() {
        var ledger = LiftLedger()
        ledger.addSensor()
        ledger.addSensor()
        equal(ledger.lift(0, .tooHigh, at: seconds(0)), 1)
        equal(ledger.lift(0, .tooHigh, at: seconds(1)), nil)
        equal(ledger.lift(0, .step, at: seconds(1)), 1)
        equal(ledger.lift(1, .tooHigh, at: seconds(1)), 1)
        equal(ledger.lift(0, .tooHigh, at: seconds(9.9)), nil)
        equal(ledger.lift(0, .tooHigh, at: seconds(10)), 3)
        equal(ledger[.tooHigh], 5)
        equal(ledger[.step], 1)
    }

    @Test func everyReasonForALiftHasItsCounter() {
        let reasons: [(Classification.Reason, LiftReason?)] = [
            (.base, nil), (.notANumber, .notFinite), (.infinite(value: .infinity), .notFinite),
            (.tooLow(value: 0, limit: 1), .tooLow), (.stillLow(value: 0, clearsAt: 1), .tooLow),
            (.tooHigh(value: 2, limit: 1), .tooHigh),
            (.stillHigh(value: 2, clearsAt: 1), .tooHigh), (.step(size: 2, maximum: 1), .step),
            (.rate(perSecond: 2, maximum: 1), .rate), (.change(from: 0), .change),
            (.held(nanoseconds: 1), .held), (.surprise(ratio: 20, expected: 1), .surprise),
        ]
        for (reason, kind) in reasons { #expect(LiftReason(reason) == kind) }
    }

    @Test func countsOfASource() {
        var counts = RejectionCounts()
        counts.see(10)
        counts.refuse(lines: 2, .parse)
        counts.refuse(lines: 1, .tooLong)
        let sample = RejectionCounts.Sample(sensor: 3, value: 99, time: 7, reason: .range)
        counts.reject(sample)
        counts.reject(4, .quota)
        #expect((counts.seen, counts.rejected, counts.lastSample) == (13, 8, sample))
        var sum = RejectionCounts()
        sum.add(counts)
        sum.add(counts)
        #expect((sum.seen, sum[.quota], sum[.range], sum.lastSample) == (26, 8, 2, sample))
        counts.reset()
        #expect(counts == RejectionCounts())
    }

    @Test func aggregatesOfASpan() {
        var policy = SensorPolicy()
        policy.aggregatePeriod = 10_000_000_000
        var aggregation = Aggregation()
        aggregation.add(policy, channel: 5)
        aggregation.add(SensorPolicy(), channel: nil)
        #expect(aggregation.sumsUp(0) && !aggregation.sumsUp(1))
        var given: [Reading] = []
        func take(_ at: Int64, _ value: Double) {
            let reading = Reading(sensor: 0, time: at * 1_000_000_000, value: value)
            aggregation.take(reading, at: seconds(Double(at))) { given.append($0) }
        }
        for (time, value) in [(1, 4.0), (9, 1), (5, 7)] as [(Int64, Double)] { take(time, value) }
        equal(given, [])
        take(10, 100)
        let last = 9 as Int64 * 1_000_000_000
        let expected = [4, 1, 7, 3].enumerated().map {
            Reading(sensor: 5 + $0.offset, time: last, value: Double($0.element))
        }
        equal(given, expected)
        given.removeAll()
        // Nothing comes any more: the span is given out when it is twice its period old.
        aggregation.flush(at: seconds(29)) { given.append($0) }
        equal(given, [])
        aggregation.flush(at: seconds(30)) { given.append($0) }
        equal(given.map(\.value), [100, 100, 100, 1])
        equal(aggregation.openCount, 0)
        take(40, 1)
        given.removeAll()
        aggregation.flush(at: seconds(40), all: true) { given.append($0) }
        equal(given.count, 4)
    }
}
