// SPDX-License-Identifier: Apache-2.0

/// Why a line was refused. A refused line leaves no reading behind.
///
/// `at` is the byte offset in the line, from 0. `column` is the CSV cell, from 1, and 0 in the
/// formats that have no columns. The outer case is what a caller counts, the inner one what a
/// person reads.
package enum LineError: Error, Equatable, Sendable {
    /// A value that is no number.
    case value(ValueFault, at: Int, column: Int)
    /// A time that is none, or none at all.
    case time(TimeFault, at: Int, column: Int)
    /// A sensor name that cannot be one.
    case name(NameFault, at: Int, column: Int)
    /// The cells of a CSV line, or its header, are wrong.
    case csv(CSVFault, at: Int, column: Int)
    /// Not the JSON object we can read.
    case json(JSONFault, at: Int)
    /// Not a point of the Influx line protocol.
    case influx(InfluxFault, at: Int)
    /// Not a list of `key=value` or `key:value`.
    case keyValue(KeyValueFault, at: Int)
    /// Not a sentence as NMEA 0183 writes it.
    case nmea(NMEAFault, at: Int)
    /// The checksum behind the line is not that of the line.
    case checksum(ChecksumFault, at: Int)
    /// The format was to be found out from this line, and could not be.
    case format(FormatFault)
}

/// What is wrong with a value.
package enum ValueFault: Error, Equatable, Sendable {
    /// Not a number as JSON writes them, nor one of the words allowed in its place.
    case malformed
    /// A number beyond the largest double.
    case outOfRange
    /// A `nan(0x…)` whose sixteen digits are not the bits of a NaN.
    case notNaNBits
    /// A whole number, written as such, that no double equals; rounding it silently would change
    /// it.
    case integerNotExact
    /// A text, an object or an array where a number is needed.
    case notANumber
}

/// What is wrong with a time.
package enum TimeFault: Error, Equatable, Sendable {
    /// Neither a number in the unit that was declared nor an RFC 3339 time where one may stand.
    case malformed
    /// Parts of a nanosecond: they would be lost.
    case tooPrecise
    /// Outside the years 1677 to 2262, which 64 bits of nanoseconds hold.
    case outOfRange
    /// The line has no time and the caller gave no arrival time either.
    case missing
}

/// What is wrong with a sensor name.
package enum NameFault: Error, Equatable, Sendable {
    case empty
    /// More than `SensorNames.maximumLength` bytes.
    case tooLong
    case notUTF8
    /// A byte below 0x20, or 0x7F.
    case controlCharacter
    /// The table holds `SensorNames.maximumCount` names already.
    case tooMany
}

/// What is wrong with the cells of a CSV line, or of a line of numbers.
package enum CSVFault: Error, Equatable, Sendable {
    /// A quoted cell without its closing quote (line breaks inside cells are not supported).
    case unterminatedQuote
    /// A quote inside a cell that does not begin with one, or something other than a comma
    /// behind the closing quote.
    case misplacedQuote
    /// Fewer cells than the header or the settings have; `column` is the first that is missing.
    case missingCell
    /// More cells than the header or the settings have; `column` is the first too many.
    case extraCell
    /// The header does not begin with `time`, `time_s`, `time_ms`, `time_us` or `time_ns`.
    case noTimeColumn
    /// The header names a time and nothing else.
    case noSensorColumn
    /// Two columns of one name.
    case duplicateColumn
}

/// What is wrong with a JSON line.
package enum JSONFault: Error, Equatable, Sendable {
    /// The line does not begin with `{`.
    case notAnObject
    /// The line ends inside the object.
    case truncated
    /// A byte that the grammar does not allow here.
    case unexpected
    /// Something follows the object.
    case trailing
    /// A control character inside a string.
    case controlInString
    /// An escape that does not exist, or half of a surrogate pair.
    case badEscape
    /// A string that is not UTF-8.
    case notUTF8
    /// A number not written as JSON writes them.
    case badNumber
    /// A key occurs twice in one object.
    case duplicateKey
    /// More than `JSONLinesReader.maximumDepth` objects and arrays inside each other.
    case tooDeep
    /// Two keys both name a time.
    case twoTimes
    /// A sensor is named but no `value` or `v` is there.
    case missingValue
    /// `ns` is not a whole number from 0 to 999999.
    case badRemainder
}

/// What is wrong with an Influx line.
package enum InfluxFault: Error, Equatable, Sendable {
    case missingMeasurement
    /// A tag without `=`, key or value.
    case badTag
    case duplicateTag
    case missingField
    /// A field without `=`, key or value.
    case badField
    case duplicateField
    case unterminatedString
    /// Something follows the time.
    case trailing
}

/// What is wrong with a list of `key=value` or `key:value`.
package enum KeyValueFault: Error, Equatable, Sendable {
    /// A member without `=`, or, in a line that has no `=` at all, without `:`.
    case missingSeparator
    /// A quoted text without its closing quote, or with something behind it.
    case badQuote
    /// Two members name one sensor.
    case duplicateKey
    /// Two keys both name a time.
    case twoTimes
}

/// What is wrong with an NMEA-style sentence.
package enum NMEAFault: Error, Equatable, Sendable {
    /// The line does not begin with `$`.
    case missingStart
    /// Something other than letters and digits, or nothing, between `$` and the first comma.
    case badAddress
    /// Fewer fields than there are columns.
    case missingField
    /// Not degrees and minutes, as in `4807.038`, within their limits.
    case badDegrees
    /// No `N`, `S`, `E` or `W` in the field behind degrees.
    case badHemisphere
}

/// What is wrong with the checksum of a line, which is the exclusive or of its bytes.
package enum ChecksumFault: Error, Equatable, Sendable {
    /// No `*` and two hexadecimal digits at the end of a line that must have them.
    case missing
    /// The line gives `expected` and says `found`.
    case wrong(expected: UInt8, found: UInt8)
}

/// Why `FormatDetector` cannot tell the format.
package enum FormatFault: Error, Equatable, Sendable {
    /// Bytes that no text has.
    case binary
    /// The first bytes of an `.alec` stream: it is encoded already.
    case alecStream
    /// gzip or zstd: to be unpacked first.
    case compressed
    /// UTF-16: to be converted to UTF-8 first.
    case utf16
    /// `[`: one JSON array, not a JSON object per line.
    case jsonArray
    /// A CSV header with semicolons or tabs for commas.
    case otherDelimiter(UInt8)
    /// Cells, but the first one is not a time column.
    case noTimeColumn
    /// Numbers alone, and nobody said which sensor they are from.
    case noSensorName
    /// None of all these.
    case unknown
}
