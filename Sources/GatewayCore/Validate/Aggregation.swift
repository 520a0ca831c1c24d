// SPDX-License-Identifier: Apache-2.0

package import AlecCodec

/// Sums up the readings of sensors that are not sent one by one.
///
/// A span is a whole multiple of the period by the times of the readings. It is given out with
/// the first reading behind it, or when nothing has come for it for a period. Its four readings
/// carry the time of the last one in it.
package struct Aggregation: Sendable {
    private struct Sensor: Sendable {
        var period: Int64?
        /// The channel of the mean; minimum, maximum and count are behind it.
        var channel: Int?
        var span: Int64 = 0
        var openedAt: Int64 = 0
        var lastTime = Int64.min
        var sum = 0.0
        var low = Double.infinity
        var high = -Double.infinity
        var count = 0
    }

    /// Channels of one sensor, in the order of `Channel.Function`.
    package static let suffixes = [".mean", ".min", ".max", ".count"]

    private var sensors: [Sensor] = []
    /// Sensors with an open span.
    package private(set) var openCount = 0

    /// No sensors.
    package init() {}

    /// Adds a sensor, whose aggregates have their four channels from `channel` on.
    package mutating func add(_ policy: SensorPolicy, channel: Int?) {
        sensors.append(
            Sensor(period: channel == nil ? nil : policy.aggregatePeriod, channel: channel))
    }

    /// Whether the readings of `sensor` are summed up.
    @inline(__always)
    package func sumsUp(_ sensor: Int) -> Bool { sensors[sensor].period != nil }

    /// Takes a reading; `give` gets the aggregates of the span before it, if it ended that.
    package mutating func take(
        _ reading: Reading, at now: MonotonicInstant, _ give: (Reading) -> Void
    ) {
        let i = reading.sensor
        guard let period = sensors[i].period else { return }
        let span = Self.span(of: reading.time, period)
        if sensors[i].count > 0, sensors[i].span != span { close(i, give) }
        if sensors[i].count == 0 {
            sensors[i].span = span
            sensors[i].openedAt = now.nanoseconds
            openCount += 1
        }
        sensors[i].sum += reading.value
        sensors[i].low = min(sensors[i].low, reading.value)
        sensors[i].high = max(sensors[i].high, reading.value)
        sensors[i].lastTime = max(sensors[i].lastTime, reading.time)
        sensors[i].count += 1
    }

    /// Gives out spans that have been open for two periods, or all of them at the end.
    package mutating func flush(
        at now: MonotonicInstant, all: Bool = false, _ give: (Reading) -> Void
    ) {
        guard openCount > 0 else { return }
        for i in sensors.indices where sensors[i].count > 0 {
            guard let period = sensors[i].period else { continue }
            let age = now.nanoseconds &- sensors[i].openedAt
            if all || age >= period.multipliedReportingOverflow(by: 2).partialValue {
                close(i, give)
            }
        }
    }

    private mutating func close(_ i: Int, _ give: (Reading) -> Void) {
        let sensor = sensors[i]
        guard let channel = sensor.channel, sensor.count > 0 else { return }
        let values = [
            sensor.sum / Double(sensor.count), sensor.low, sensor.high, Double(sensor.count),
        ]
        for (k, value) in values.enumerated() {
            give(Reading(sensor: channel + k, time: sensor.lastTime, value: value))
        }
        sensors[i] = Sensor(period: sensor.period, channel: sensor.channel)
        openCount -= 1
    }

    /// Rounded down, also before 1970.
    private static func span(of time: Int64, _ period: Int64) -> Int64 {
        let (quotient, remainder) = time.quotientAndRemainder(dividingBy: period)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
