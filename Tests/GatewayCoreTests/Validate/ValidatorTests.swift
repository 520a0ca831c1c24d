// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import Testing

@Suite struct ValidatorTests {
    private static let present = Validator.Present(now: 1_000_000_000_000, isSynchronised: true)

    private static func validator(
        isStrict: Bool = false, _ change: (inout SensorPolicy) -> Void = { _ in }
    ) -> Validator {
        var policy = SensorPolicy()
        change(&policy)
        var validator = Validator(isStrict: isStrict)
        validator.add(policy)
        return validator
    }

    @Test(arguments: [
        (0.0, nil), (10.0, nil), (10.0.nextUp, RejectionReason.range),
        ((-10.0).nextDown, .range), (.infinity, .range), (-.infinity, .range),
        (.nan, .notANumber), (-0.0, nil),
    ])
    func valueIsRightOrNot(value: Double, reason: RejectionReason?) {
        for invalid in ValidityRule.Answer.allCases {
            var validator = Self.validator {
                ($0.validity.low, $0.validity.high) = (-10, 10)
                $0.validity.invalid = invalid
            }
            var reading = Reading(sensor: 0, time: 1, value: value)
            let finding = validator.check(&reading, .unknown)
            #expect(finding?.reason == reason)
            #expect(reading.value.bitPattern == value.bitPattern)
            if reason == .range {
                #expect(finding?.isDropped == (invalid == .drop))
                #expect(finding?.quality == .bad)
            }
        }
    }

    @Test(arguments: [
        (ValidityRule.NotANumber.keep, false, Quality.good), (.flag, false, .bad),
        (.drop, true, .bad),
    ])
    func whatBecomesOfANaN(rule: ValidityRule.NotANumber, isDropped: Bool, quality: Quality) {
        var validator = Self.validator { $0.validity.notANumber = rule }
        var reading = Reading(sensor: 0, time: 1, value: .nan)
        #expect(
            validator.check(&reading, .unknown)
                == Validator.Finding(.notANumber, isDropped: isDropped, quality))
    }

    @Test func changeFasterThanTheSensorCan() {
        var validator = Self.validator { $0.validity.rate = 2 }
        func check(_ seconds: Int64, _ value: Double) -> RejectionReason? {
            var reading = Reading(sensor: 0, time: seconds * 1_000_000_000, value: value)
            return validator.check(&reading, .unknown)?.reason
        }
        equal(check(1, 0), nil)
        equal(check(2, 2), nil)
        equal(check(3, 4.5), .rate)
        // It stays where it went, so it is believed again.
        equal(check(4, 4.5), nil)
        // No time between two readings, or back in time: there is no rate.
        equal(check(4, 100), nil)
        equal(check(2, 0), nil)
    }

    @Test func timeFromTheFuture() {
        var validator = Self.validator()
        let late = Self.present.latest
        var reading = Reading(sensor: 0, time: late, value: 1)
        equal(validator.check(&reading, Self.present), nil)
        reading.time = late + 1
        equal(validator.check(&reading, Self.present), Validator.Finding(.time, .time))
        #expect(reading.time == 1_000_000_000_000)
        // A clock that is not known to be right replaces nothing.
        let unsure = Validator.Present(now: 1_000_000_000_000, isSynchronised: false)
        reading.time = late + 1
        equal(validator.check(&reading, unsure), Validator.Finding(.time, .time))
        #expect(reading.time == late + 1)
        equal(validator.check(&reading, .unknown), nil)
    }

    @Test func onlyNamedSensorsIfThatIsSaid() {
        var strict = Self.validator(isStrict: true) { $0.isDeclared = false }
        var reading = Reading(sensor: 0, time: 1, value: 1)
        equal(
            strict.check(&reading, .unknown),
            Validator.Finding(.unknownSensor, isDropped: true, .bad))
        strict.isStrict = false
        equal(strict.check(&reading, .unknown), nil)
        var named = Self.validator(isStrict: true)
        equal(named.check(&reading, .unknown), nil)
    }

    @Test func otherSettingsKeepTheLastValue() {
        var validator = Self.validator { $0.validity.rate = 100 }
        var reading = Reading(sensor: 0, time: 0, value: 0)
        _ = validator.check(&reading, .unknown)
        var policy = SensorPolicy()
        policy.validity.rate = 1
        validator.set(policy, of: 0)
        reading = Reading(sensor: 0, time: 1_000_000_000, value: 2)
        equal(validator.check(&reading, .unknown)?.reason, .rate)
    }
}
