// SPDX-License-Identifier: Apache-2.0

/// Writes readings as Influx lines that `InfluxReader` reads back under the same names.
///
/// A name is cut at its last dot: `weather,site=roof.temp` is the field `temp` of the
/// measurement `weather` with a tag. A name without one is a measurement with the field `value`,
/// and comes back as `name.value`. Commas in it part tags where each part has a key and a value,
/// in the order of the keys; other commas are escaped, and come back with their backslash. All
/// values are floats, times are nanoseconds.
package enum InfluxWriter {
    /// What became of a reading.
    package enum Outcome: Equatable, Sendable {
        case written
        /// NaN and infinities do not exist in the protocol; nothing was written.
        case noSuchValue
        /// The name cannot be written so that it is read again; nothing was written.
        case noSuchName
    }

    /// Writes one line.
    package static func append(
        _ reading: LineReading,
        name: Span<UInt8>,
        to text: inout TextBuffer
    ) -> Outcome {
        guard reading.value.isFinite else { return .noSuchValue }
        let mark = text.count
        guard appendName(name, to: &text) else {
            text.truncate(to: mark)
            return .noSuchName
        }
        text.append(ASCII.equals)
        _ = NumberText.append(reading.value, to: &text)
        text.append(ASCII.space)
        TimeText.append(reading.time, in: .nanoseconds, to: &text)
        text.append(ASCII.newline)
        return .written
    }

    private static func appendName(_ name: Span<UInt8>, to text: inout TextBuffer) -> Bool {
        var dot = name.count
        while dot > 0, name[dot - 1] != ASCII.dot { dot -= 1 }
        // No dot, or nothing on one side of it: all of it is the measurement.
        let isWhole = dot <= 1 || dot == name.count
        let seriesEnd = isWhole ? name.count : dot - 1
        guard seriesEnd > 0, name[0] != UInt8(ascii: "#") else { return false }
        guard appendSeries(name, seriesEnd, to: &text) else { return false }
        text.append(ASCII.space)
        if isWhole {
            text.append("value")
            return true
        }
        return appendWord(name, dot, name.count, escapesEquals: true, to: &text)
    }

    private static func appendSeries(
        _ name: Span<UInt8>,
        _ end: Int,
        to text: inout TextBuffer
    ) -> Bool {
        let tagsStart = nextComma(name, 0, end)
        guard tagsStart > 0, areTags(name, tagsStart, end) else {
            return appendWord(name, 0, end, escapesEquals: false, to: &text)
        }
        guard appendWord(name, 0, tagsStart, escapesEquals: false, to: &text) else { return false }
        var start = tagsStart
        while start < end {
            let next = nextComma(name, start + 1, end)
            text.append(ASCII.comma)
            guard appendTag(name, start + 1, next, to: &text) else { return false }
            start = next
        }
        return true
    }

    private static func appendTag(
        _ name: Span<UInt8>,
        _ start: Int,
        _ end: Int,
        to text: inout TextBuffer
    ) -> Bool {
        let equals = nextEquals(name, start, end)
        guard appendWord(name, start, equals, escapesEquals: true, to: &text) else { return false }
        text.append(ASCII.equals)
        return appendWord(name, equals + 1, end, escapesEquals: true, to: &text)
    }

    /// Whether everything from the comma at `start` is tags, in the order the reader gives them.
    private static func areTags(_ name: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var comma = start
        var previous = 0..<0
        while comma < end {
            let next = nextComma(name, comma + 1, end)
            let equals = nextEquals(name, comma + 1, next)
            guard equals > comma + 1, equals + 1 < next,
                nextEquals(name, equals + 1, next) == next
            else { return false }
            let key = (comma + 1)..<equals
            guard previous.isEmpty || isBefore(name, previous, key) else { return false }
            previous = key
            comma = next
        }
        return start < end
    }

    private static func isBefore(_ name: Span<UInt8>, _ a: Range<Int>, _ b: Range<Int>) -> Bool {
        for i in 0..<min(a.count, b.count) {
            let left = name[a.lowerBound + i]
            let right = name[b.lowerBound + i]
            if left != right { return left < right }
        }
        return a.count < b.count
    }

    /// Writes a word so that the reader finds its end; false where no escape can do that.
    private static func appendWord(
        _ name: Span<UInt8>,
        _ start: Int,
        _ end: Int,
        escapesEquals: Bool,
        to text: inout TextBuffer
    ) -> Bool {
        for i in start..<end {
            let byte = name[i]
            let isEscaped = i > start && name[i - 1] == ASCII.backslash
            // The reader takes the backslash before a space away again, before others not.
            let needsEscape =
                byte == ASCII.space
                || !isEscaped && (byte == ASCII.comma || byte == ASCII.equals && escapesEquals)
            if needsEscape { text.append(ASCII.backslash) }
            text.append(byte)
        }
        // At the end of a word a backslash would hide what ends it.
        return end > start && name[end - 1] != ASCII.backslash
    }

    private static func nextComma(_ name: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        next(ASCII.comma, name, start, end)
    }

    private static func nextEquals(_ name: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        next(ASCII.equals, name, start, end)
    }

    /// The next `byte` that no backslash precedes, or `end`.
    private static func next(_ byte: UInt8, _ name: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var i = start
        while i < end {
            if name[i] == byte, i == start || name[i - 1] != ASCII.backslash { return i }
            i += 1
        }
        return end
    }
}
