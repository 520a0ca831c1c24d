// SPDX-License-Identifier: Apache-2.0

/// A reading outside the range is P1.
package struct RangeRule: Equatable, Sendable {
    /// The sensor's name.
    package var sensor: String
    /// The lowest value that is in order; minus infinity for none.
    package var low: Double
    /// The highest value that is in order; infinity for none.
    package var high: Double

    /// `sensor` is critical outside `low` to `high`.
    package init(sensor: String, low: Double = -.infinity, high: Double = .infinity) {
        self.sensor = sensor
        self.low = low
        self.high = high
    }
}
