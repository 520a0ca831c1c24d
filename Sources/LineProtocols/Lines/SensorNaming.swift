// SPDX-License-Identifier: Apache-2.0

/// Puts the prefix of a source before the names in its lines.
///
/// The table of names lends the room in which a name is put together, so that readers can name
/// what lies in themselves.
struct SensorNaming: Sendable {
    private let prefix: [UInt8]

    init(prefix: String = "") {
        self.prefix = Array(prefix.utf8)
    }

    /// The index of the sensor that `start..<end` of `bytes` names in this source.
    @inline(__always)
    func index(
        of bytes: Span<UInt8>,
        from start: Int,
        to end: Int,
        at: Int? = nil,
        column: Int = 0,
        _ names: inout SensorNames
    ) throws(LineError) -> Int {
        if prefix.isEmpty {
            return try names.index(of: bytes, from: start, to: end, at: at, column: column)
        }
        return try prefixed(bytes, start, end, at ?? start, column, &names)
    }

    /// What `texts` make of `text` for the sensor that `start..<end` of `bytes` names.
    func answer(
        _ texts: TextValues,
        for bytes: Span<UInt8>,
        from start: Int,
        to end: Int,
        text: Span<UInt8>,
        _ names: inout SensorNames
    ) -> TextValues.Answer {
        guard !texts.isEmpty else { return .none }
        names.join(prefix, bytes, start, end)
        return texts.answer(sensor: names.joined.span, text: text)
    }

    @inline(never)
    private func prefixed(
        _ bytes: Span<UInt8>,
        _ start: Int,
        _ end: Int,
        _ at: Int,
        _ column: Int,
        _ names: inout SensorNames
    ) throws(LineError) -> Int {
        // A prefix alone is no name.
        guard start < end else { throw .name(.empty, at: at, column: column) }
        names.join(prefix, bytes, start, end)
        let joined = names.joined
        return try names.index(of: joined.span, from: 0, to: joined.count, at: at, column: column)
    }
}

/// Which sensors had a reading in this line.
struct SensorMarks: Sendable {
    private var lines: [UInt64] = []
    private var line: UInt64 = 0

    /// Begins another line.
    mutating func begin() { line += 1 }

    /// False if the sensor was there before.
    mutating func insert(_ sensor: Int) -> Bool {
        while lines.count <= sensor { lines.append(0) }
        guard lines[sensor] != line else { return false }
        lines[sensor] = line
        return true
    }
}
