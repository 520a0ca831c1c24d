// SPDX-License-Identifier: Apache-2.0

/// One reading that a line held. The sensor is an index into the `SensorNames` of its reader.
///
/// The codec's `Reading` looks the same, and its sensor means a place in a channel table. The two
/// stay apart so that reading and writing lines needs nothing of the codec, not even to be built.
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
    /// What lines say of some of the readings, in their order; most lines say nothing.
    package private(set) var remarks: [Remark] = []

    /// Remarks on one reading.
    package struct Remark: Equatable, Sendable {
        /// The position of the reading.
        package var position: Int
        /// What is said of it.
        package var remarks: JSONRemarks

        /// `remarks` on the reading at `position`.
        package init(position: Int, remarks: JSONRemarks) {
            self.position = position
            self.remarks = remarks
        }
    }

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
        remarks.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    mutating func append(sensor: Int, time: Int64, value: Double) {
        items.append(LineReading(sensor: sensor, time: time, value: value))
    }

    /// Gives all readings from `mark` on their time, where it was not known before.
    @inline(__always)
    mutating func stamp(from mark: Int, _ time: Int64) {
        for i in mark..<items.count { items[i].time = time }
    }

    /// Adds remarks on the last reading.
    mutating func remark(_ remark: JSONRemarks) {
        remarks.append(Remark(position: items.count - 1, remarks: remark))
    }

    /// Takes back what a line gave before it turned out to be bad.
    mutating func truncate(to count: Int) {
        items.removeLast(items.count - count)
        while let last = remarks.last, last.position >= count { remarks.removeLast() }
    }
}

/// What became of a line that was accepted.
package struct LineOutcome: Equatable, Sendable {
    /// Readings appended. None for a header, a comment or an empty line.
    package var readings = 0
    /// Texts and nested values left out, and remarks of no known kind: they are no readings, and
    /// are to be counted.
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
