// SPDX-License-Identifier: Apache-2.0

/// Writes readings as JSON lines that `JSONLinesReader` reads back:
///
///     {"ts":1700000000123,"v":21.37,"sensor":"temp"}
///     {"ts":1700000000123,"ns":456,"v":null,"q":"bad","err":"nan","sensor":"temp"}
package enum JSONLinesWriter {
    /// What became of a reading.
    package enum Outcome: Equatable, Sendable {
        case written
        /// Written as `"err":"nan"`; JSON has no place for the bits of this NaN.
        case lostNaNBits
    }

    /// Writes one line.
    package static func append(
        _ reading: LineReading,
        name: Span<UInt8>,
        remarks: JSONRemarks = JSONRemarks(),
        to text: inout TextBuffer
    ) -> Outcome {
        text.append("{\"ts\":")
        appendTime(reading.time, to: &text)
        text.append(",\"v\":")
        let isFinite = NumberText.append(reading.value, to: &text)
        if !isFinite { text.append("null") }
        appendQuality(
            isFinite || remarks.quality != 0 ? remarks.quality : JSONRemarks.badQuality, to: &text)
        if !isFinite { appendError(reading.value, to: &text) }
        if remarks.priority != 0 {
            text.append(",\"p\":")
            text.append(decimal: UInt64(remarks.priority))
        }
        text.append(",\"sensor\":")
        appendString(name, to: &text)
        text.append("}\n")
        let isLossy = reading.value.isNaN && reading.value.bitPattern != Double.nan.bitPattern
        return isLossy ? .lostNaNBits : .written
    }

    /// A string with its quotes. `text` must be UTF-8.
    package static func appendString(_ string: Span<UInt8>, to text: inout TextBuffer) {
        text.append(ASCII.quote)
        for i in string.indices {
            let byte = string[i]
            switch byte {
            case ASCII.quote, ASCII.backslash:
                text.append(ASCII.backslash)
                text.append(byte)
            case 0x00..<0x20:
                text.append(byte < 0x10 ? "\\u000" : "\\u001")
                let digit = byte & 15
                text.append(digit < 10 ? ASCII.zero + digit : UInt8(ascii: "a") + digit - 10)
            default:
                text.append(byte)
            }
        }
        text.append(ASCII.quote)
    }

    /// Whole milliseconds, rounded down so that the rest is never negative, and the rest.
    package static func appendTime(_ time: Int64, to text: inout TextBuffer) {
        let (quotient, remainder) = time.quotientAndRemainder(dividingBy: 1_000_000)
        let milliseconds = remainder < 0 ? quotient - 1 : quotient
        let rest = remainder < 0 ? remainder + 1_000_000 : remainder
        if milliseconds < 0 { text.append(ASCII.minus) }
        text.append(decimal: milliseconds.magnitude)
        guard rest > 0 else { return }
        text.append(",\"ns\":")
        text.append(decimal: UInt64(rest))
    }

    private static func appendQuality(_ quality: UInt8, to text: inout TextBuffer) {
        guard quality != 0 else { return }
        text.append(",\"q\":\"")
        text.append(JSONRemarks.word(quality))
        text.append(ASCII.quote)
    }

    /// Why a value is null, as a member behind others.
    package static func appendError(_ value: Double, to text: inout TextBuffer) {
        text.append(",\"err\":\"")
        text.append(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
        text.append(ASCII.quote)
    }
}
