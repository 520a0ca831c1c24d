// SPDX-License-Identifier: Apache-2.0

/// Knows how far a sensor's values usually are from what was to be expected.
///
/// Four simple expectations are held against each value: the value before, the one before
/// that, the straight line through both, and a slow level. A value is only as surprising as
/// the best of them says, so that a step surprises once, and a spike not a second time on its
/// way back. The usual distance is a running mean; one reading moves it only so far, so an
/// outlier does not hide the next one for long, while a sensor that becomes restless is soon
/// taken for what it is. What happens again and again is no surprise either: each one doubles
/// the bar for the next, and the bar comes down again over some hundred readings.
///
/// This is deliberately not the codec's predictor: its opinion never reaches the wire, so it
/// may use plain doubles and may change between versions.
struct SurpriseMeter: Sendable {
    /// How far a value is off, measured by the sensor's usual distance.
    struct Measure {
        var ratio: Double
        var expected: Double
    }

    private var last = 0.0
    private var beforeLast = 0.0
    private var level = 0.0
    /// Running mean of the distance to the best expectation.
    private var noise = 0.0
    /// The smallest change ever seen: about the resolution of the sensor.
    private var resolution = Double.infinity
    /// By how much recent surprises raise the bar; 1 after a long calm.
    private var bar = 1.0
    private var seen = 0

    /// The level follows the values, and the noise their distance, over so many readings.
    private static var memory: Int { 16 }
    private static var weight: Double { 1.0 / 16 }
    /// One reading counts for the noise as at most this multiple of the usual distance.
    private static var clip: Double { 8 }
    /// A raised bar comes down with this weight.
    private static var calming: Double { 1.0 / 512 }
    /// Larger distances count as this one, far enough from infinity for all arithmetic here.
    private static var largest: Double { 1e300 }
    /// A sensor that has never moved is expected to move by up to this part of its value.
    private static var firstMove: Double { 1.0 / 64 }

    /// Learns from a finite value; the answer is how far off it was if that is a surprise.
    @inline(__always)
    mutating func surprise(of value: Double, _ settings: SurpriseSettings) -> Measure? {
        guard seen > 0 else {
            (last, beforeLast, level, seen) = (value, value, value, 1)
            return nil
        }
        var expected = last
        var distance = (value - last).magnitude
        let change = distance
        keepNearer(beforeLast, to: value, &expected, &distance)
        keepNearer(last + (last - beforeLast), to: value, &expected, &distance)
        keepNearer(level, to: value, &expected, &distance)

        let isKnown = seen >= settings.warmUp
        let usual = usualDistance(value, expected)
        learn(value, change: change, distance: distance)
        bar += (1 - bar) * Self.calming
        // Compared without a division. A distance of 0 is none, whatever is usual.
        guard isKnown, distance > usual * settings.multiple * bar else { return nil }
        bar *= 2
        return Measure(ratio: distance / usual, expected: expected)
    }

    @inline(__always)
    private func keepNearer(
        _ candidate: Double, to value: Double, _ expected: inout Double, _ distance: inout Double
    ) {
        let off = (value - candidate).magnitude
        // False for a NaN too, which comes out of a line through numbers near the largest.
        guard off < distance else { return }
        expected = candidate
        distance = off
    }

    /// At least the resolution, so that a sensor at rest may move by its smallest step.
    @inline(__always)
    private func usualDistance(_ value: Double, _ expected: Double) -> Double {
        if resolution < .infinity { return max(noise, resolution) }
        return max(value.magnitude, expected.magnitude) * Self.firstMove
    }

    @inline(__always)
    private mutating func learn(_ value: Double, change: Double, distance: Double) {
        if change > 0, change < resolution { resolution = change }
        // A sensor that has never moved has no noise to learn.
        if resolution < .infinity {
            let usual = min(max(noise, resolution), Self.largest)
            // During the first readings a plain mean, later a running one.
            let weight = seen < Self.memory ? 1 / Double(seen) : Self.weight
            noise += (min(distance, usual * Self.clip, Self.largest) - noise) * weight
        }
        let step = value - level
        // Near the largest number the distance itself may overflow; then begin anew.
        level = step.isFinite ? level + step * Self.weight : value
        (beforeLast, last) = (last, value)
        if seen < .max { seen += 1 }
    }
}
