// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import Testing

@Suite struct ReadingJudgeTests {
    private struct Probe {
        var judge = ReadingJudge()
        var seconds: Int64 = 0

        init(isSummedUp: Bool = false, _ change: (inout SensorPolicy) -> Void) {
            var policy = SensorPolicy()
            policy.rule.watchesSurprise = false
            change(&policy)
            judge.add(policy, isSummedUp: isSummedUp)
        }

        mutating func read(_ value: Double) -> Judgement {
            seconds += 1
            var reading = Reading(sensor: 0, time: seconds * 1_000_000_000, value: value)
            return judge.judge(&reading, .unknown)
        }
    }

    private static let sent = Judgement.send(.normal, .good, lift: nil)

    @Test func everythingIsNormalWithoutSettings() {
        var probe = Probe { _ in }
        for value in [0, 1, -1, 1e300, .infinity, .nan] { equal(probe.read(value), Self.sent) }
        equal(probe.judge.finding?.reason, .notANumber)
    }

    @Test func deadbandWithHeartbeat() {
        var probe = Probe {
            $0.thinning.deadband = 1
            $0.thinning.maximumInterval = 4_000_000_000
        }
        let expected: [(Double, Judgement)] = [
            (10, Self.sent), (11, .suppress(.deadband)), (9, .suppress(.deadband)),
            (11.5, Self.sent), (11, .suppress(.deadband)), (.nan, Self.sent), (11, Self.sent),
            (11, .suppress(.deadband)), (11, .suppress(.deadband)), (11, .suppress(.deadband)),
            (11, Self.sent),
        ]
        for (value, judgement) in expected { equal(probe.read(value), judgement) }
    }

    @Test func minimumIntervalAndAnAlertThatBreaksIt() {
        var probe = Probe {
            $0.thinning.minimumInterval = 3_000_000_000
            $0.rule.high = 100
        }
        equal(probe.read(1), Self.sent)
        equal(probe.read(2), .suppress(.minimumInterval))
        equal(
            probe.read(101),
            .send(.critical, .good, lift: .tooHigh(value: 101, limit: 100)))
        // Counted from the alert.
        equal(probe.read(2), .suppress(.minimumInterval))
        equal(probe.read(2), .suppress(.minimumInterval))
        equal(probe.read(2), Self.sent)
    }

    @Test func whatCannotBeRightIsFlaggedAndNeitherLeftOutNorSummedUp() {
        var probe = Probe(isSummedUp: true) {
            $0.rule.base = .disposable
            $0.validity.high = 50
        }
        equal(probe.read(1), .sumUp)
        equal(probe.read(51), .send(.normal, .bad, lift: nil))
        equal(probe.judge.finding?.reason, .range)
        equal(probe.read(.nan), .send(.normal, .good, lift: nil))
        equal(probe.read(2), .sumUp)
    }

    @Test func aBrokenLimitIsAnAlertAlsoIfTheValueCannotBeRight() {
        var probe = Probe { ($0.rule.high, $0.validity.high) = (40, 50) }
        equal(
            probe.read(60), .send(.critical, .bad, lift: .tooHigh(value: 60, limit: 40)))
    }

    @Test func droppedReadingsAreNotLearnedFrom() {
        var probe = Probe {
            ($0.validity.high, $0.validity.invalid) = (50, .drop)
            $0.rule.maximumStep = 10
        }
        equal(probe.read(1), Self.sent)
        equal(probe.read(60), .drop)
        equal(probe.read(2), Self.sent)
    }

    @Test(arguments: [(Priority.deferred, Priority.deferred), (.disposable, .normal)])
    func basePriorities(base: Priority, sent: Priority) {
        // P5 without channels for its aggregates is sent.
        var probe = Probe { $0.rule.base = base }
        equal(probe.read(1), .send(sent, .good, lift: nil))
    }

    @Test func surpriseLiftsToImportant() {
        var judge = ReadingJudge()
        judge.add(SensorPolicy(), isSummedUp: false)
        for i in 0..<100 as Range<Int64> {
            var reading = Reading(sensor: 0, time: i * 1_000_000_000, value: Double(i % 3))
            equal(judge.judge(&reading, .unknown), Self.sent)
        }
        var reading = Reading(sensor: 0, time: 100_000_000_000, value: 500)
        guard case .send(.important, .good, lift: .surprise?) = judge.judge(&reading, .unknown)
        else {
            Issue.record("not lifted")
            return
        }
    }

    @Test func otherSettingsHoldAtOnce() {
        var probe = Probe { _ in }
        equal(probe.read(99), Self.sent)
        var policy = SensorPolicy()
        policy.rule.high = 50
        probe.judge.set(policy, of: 0)
        equal(probe.read(99), .send(.critical, .good, lift: .tooHigh(value: 99, limit: 50)))
    }
}
