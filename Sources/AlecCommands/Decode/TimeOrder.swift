// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

/// The readings of a frame in the order of their times; of equal times, the lower sensor first.
///
/// Frames hold one sensor after the other. This brings them back into the order in which a source
/// that goes forward in time gave them; one that goes back is put in order frame by frame. The
/// storage is kept from frame to frame.
struct TimeOrder {
    private struct Place {
        var time: Int64
        /// Its number in the frame.
        var number: Int
    }

    /// Numbers of readings in the frame, in the order of time.
    private(set) var numbers: [Int] = []
    /// The sensor of each reading, by its number in the frame.
    private(set) var sensors: [Int] = []
    private var places: [Place] = []

    mutating func sort(_ batch: borrowing ReadingBatch) {
        numbers.removeAll(keepingCapacity: true)
        sensors.removeAll(keepingCapacity: true)
        let columns = batch.columns
        let times = batch.times
        for column in columns {
            sensors.append(contentsOf: repeatElement(column.sensor, count: column.count))
        }
        guard let first = columns.first else { return }
        if isTable(columns, times) {
            for row in 0..<first.count {
                for column in columns { numbers.append(column.start + row) }
            }
            return
        }
        places.removeAll(keepingCapacity: true)
        for i in 0..<batch.count { places.append(Place(time: times[i], number: i)) }
        places.sort { $0.time < $1.time || ($0.time == $1.time && $0.number < $1.number) }
        for place in places { numbers.append(place.number) }
    }

    /// Whether all sensors were read at the same times, each later than the one before.
    private func isTable(_ columns: [ReadingBatch.Column], _ times: [Int64]) -> Bool {
        let first = columns[0]
        for i in (first.start + 1)..<max(first.start + first.count, first.start + 1)
        where times[i] <= times[i - 1] { return false }
        for column in columns.dropFirst() {
            guard column.count == first.count else { return false }
            for i in 0..<column.count
            where times[column.start + i] != times[first.start + i] { return false }
        }
        return true
    }
}
