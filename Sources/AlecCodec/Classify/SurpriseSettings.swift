// SPDX-License-Identifier: Apache-2.0

/// When a reading counts as a surprise.
public struct SurpriseSettings: Equatable, Sendable {
    /// Readings of a sensor before its first surprise.
    public var warmUp = 32
    /// How many times the usual distance from the expectation is a surprise.
    public var multiple = 16.0
    /// The least time between two surprises of a sensor, by the times of its readings.
    public var restNanoseconds: Int64 = 1_000_000_000

    /// What does not storm on the noise of ordinary sensors.
    public init() {}
}
