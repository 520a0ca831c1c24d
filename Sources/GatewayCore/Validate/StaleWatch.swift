// SPDX-License-Identifier: Apache-2.0

/// Which sensors have fallen silent: three periods without a reading, at least ten seconds.
///
/// The period is the sensor's own, as set or as learned from the times of its readings; the
/// silence is measured by arrival, so that old readings read from a file are no silence.
package struct StaleWatch: Sendable {
    /// A sensor went silent or came back.
    package struct Event: Equatable, Sendable {
        package var sensor: Int
        package var isStale: Bool
        /// How long it has been, or was, silent.
        package var silence: Duration

        /// `sensor` is stale, or is back, after `silence`.
        package init(sensor: Int, isStale: Bool, silence: Duration) {
            self.sensor = sensor
            self.isStale = isStale
            self.silence = silence
        }
    }

    private struct Sensor: Sendable {
        var seenAt: Int64 = 0
        var lastTime: Int64 = 0
        /// A running mean of the time between two readings; 0 until it is known.
        var learned: Int64 = 0
        var period: Int64?
        var staleAfter: Int64?
        var isSeen = false
        var isStale = false
    }

    /// Silences shorter than this one mean nothing, whatever the period.
    package static let leastSilence: Int64 = 10_000_000_000
    private static let periods: Int64 = 3
    /// A gap longer than this is no period.
    private static let longestPeriod: Int64 = 86_400_000_000_000

    private var sensors: [Sensor] = []
    /// Sensors that are silent.
    package private(set) var staleCount = 0

    /// Nobody is watched.
    package init() {}

    /// Watches one sensor more.
    package mutating func add(_ policy: SensorPolicy) {
        sensors.append(Sensor(period: policy.period, staleAfter: policy.staleAfter))
    }

    /// Replaces what is set of `sensor`; what was learned stays.
    package mutating func set(_ policy: SensorPolicy, of sensor: Int) {
        sensors[sensor].period = policy.period
        sensors[sensor].staleAfter = policy.staleAfter
    }

    /// A reading of `sensor` with the time `time` came; an event if it had been stale.
    @inline(__always)
    package mutating func see(
        _ sensor: Int, time: Int64, at now: MonotonicInstant
    ) -> Event? {
        let step = time &- sensors[sensor].lastTime
        if sensors[sensor].isSeen, step > 0, step < Self.longestPeriod {
            let learned = sensors[sensor].learned
            sensors[sensor].learned = learned == 0 ? step : learned + (step - learned) / 8
        }
        sensors[sensor].lastTime = time
        let silence = now.nanoseconds &- sensors[sensor].seenAt
        sensors[sensor].seenAt = now.nanoseconds
        sensors[sensor].isSeen = true
        guard sensors[sensor].isStale else { return nil }
        sensors[sensor].isStale = false
        staleCount -= 1
        return Event(sensor: sensor, isStale: false, silence: .nanoseconds(silence))
    }

    /// Tells of those that have become stale, each once, until it is back.
    package mutating func look(at now: MonotonicInstant, _ tell: (Event) -> Void) {
        for i in sensors.indices where sensors[i].isSeen && !sensors[i].isStale {
            let silence = now.nanoseconds &- sensors[i].seenAt
            guard silence > limit(sensors[i]) else { continue }
            sensors[i].isStale = true
            staleCount += 1
            tell(Event(sensor: i, isStale: true, silence: .nanoseconds(silence)))
        }
    }

    private func limit(_ sensor: Sensor) -> Int64 {
        if let staleAfter = sensor.staleAfter { return staleAfter }
        let period = sensor.period ?? sensor.learned
        let limit = period.multipliedReportingOverflow(by: Self.periods)
        return max(limit.overflow ? .max : limit.partialValue, Self.leastSilence)
    }
}
