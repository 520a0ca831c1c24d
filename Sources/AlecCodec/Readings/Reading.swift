// SPDX-License-Identifier: Apache-2.0

/// One measured value of one sensor at one time.
public struct Reading: Equatable, Sendable {
    /// The sensor's index in the channel table of its stream, 0 to 4095.
    public var sensor: Int
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var time: Int64
    /// Any double; all 64 bits survive, those of a NaN too.
    public var value: Double

    /// A reading of `sensor` at `time`.
    @inlinable
    public init(sensor: Int, time: Int64, value: Double) {
        self.sensor = sensor
        self.time = time
        self.value = value
    }

    /// Same sensor, same time, same 64 bits: a NaN equals itself and -0.0 differs from 0.0.
    @inlinable
    public static func == (a: Reading, b: Reading) -> Bool {
        a.sensor == b.sensor && a.time == b.time && a.value.bitPattern == b.value.bitPattern
    }
}
