// SPDX-License-Identifier: Apache-2.0

/// One reading that a line held. The sensor is an index into the `SensorNames` of its reader.
package struct LineReading: Equatable, Sendable {
    /// The index of the sensor's name.
    package var sensor: Int
    /// Nanoseconds since 1970.
    package var time: Int64
    /// The value, to the bit.
    package var value: Double

    /// A reading of `sensor` at `time`.
    package init(sensor: Int, time: Int64, value: Double) {
        self.sensor = sensor
        self.time = time
        self.value = value
    }

    /// Same sensor, same time, same 64 bits.
    package static func == (a: LineReading, b: LineReading) -> Bool {
        a.sensor == b.sensor && a.time == b.time && a.value.bitPattern == b.value.bitPattern
    }
}

/// Where readers put what they read: lines append, the caller takes the readings and empties it.
/// The room is kept, so a reader in its stride allocates nothing.
package struct LineReadings: Sendable {
    /// The readings, in the order of the lines and of the cells in them.
    package private(set) var items: [LineReading] = []

    /// No readings, and room for `capacity` of them.
    package init(capacity: Int = 0) {
        items.reserveCapacity(capacity)
    }

    /// How many readings there are.
    package var count: Int { items.count }

    /// The reading at `position`.
    package subscript(position: Int) -> LineReading { items[position] }

    /// Forgets the readings and keeps the room.
    package mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    mutating func append(sensor: Int, time: Int64, value: Double) {
        items.append(LineReading(sensor: sensor, time: time, value: value))
    }

    /// Takes back what a line gave before it turned out to be bad.
    mutating func truncate(to count: Int) {
        items.removeLast(items.count - count)
    }
}

/// What became of a line that was accepted.
package struct LineOutcome: Equatable, Sendable {
    /// Readings appended. None for a header, a comment or an empty line.
    package var readings = 0
    /// Texts and nested values left out: they are no readings, and are to be counted.
    package var skipped = 0
    /// Cells or members that were empty or null: the sensor had nothing to say.
    package var absent = 0

    /// A line of which nothing is known yet.
    package init(readings: Int = 0, skipped: Int = 0, absent: Int = 0) {
        self.readings = readings
        self.skipped = skipped
        self.absent = absent
    }
}
