// SPDX-License-Identifier: Apache-2.0

internal import LineProtocols

/// Refused lines in words.
enum LineText {
    typealias Words = (what: String, cause: String?, next: String)

    private static let correct = "correct the line, or leave such lines out with --keep-going"

    static func words(_ fault: LineFault) -> Words {
        switch fault.reason {
        case .tooLong(let limit):
            (
                "the line has more than \(CountText.grouped(limit)) bytes",
                "the input has no line ends, or is no text", "check the format of the input"
            )
        case .refused(let error):
            words(
                error,
                fault.excerpt.hasPrefix("\"") ? fault.excerpt : "\"" + fault.excerpt + "\"")
        }
    }

    /// What is wrong with a line of which `sample` is the beginning.
    static func what(_ error: LineError, in sample: [UInt8]) -> String {
        words(error, "'" + error.excerpt(of: sample.span) + "'").what
    }

    private static func words(_ error: LineError, _ excerpt: String) -> Words {
        switch error {
        case .value(let fault, _, _): value(fault, excerpt)
        case .time(let fault, _, _): time(fault, excerpt)
        case .name(let fault, _, _): name(fault)
        case .csv(let fault, _, let column): csv(fault, excerpt, column)
        case .json(let fault, _): json(fault, excerpt)
        case .influx(let fault, _): influx(fault, excerpt)
        case .keyValue(let fault, _): keyValue(fault, excerpt)
        case .nmea(let fault, _): nmea(fault, excerpt)
        case .checksum(let fault, _): checksum(fault)
        case .format(let fault): format(fault)
        }
    }

    private static func value(_ fault: ValueFault, _ excerpt: String) -> Words {
        switch fault {
        case .malformed:
            (
                "\(excerpt) is no number",
                "a unit behind the number, a comma as decimal mark, or a shifted column", correct
            )
        case .outOfRange: ("\(excerpt) is too large for a 64-bit float", nil, correct)
        case .notNaNBits: ("\(excerpt) is no NaN", nil, correct)
        case .integerNotExact:
            (
                "\(excerpt) is no 64-bit float: it would be rounded", nil,
                "write it with a point or an exponent where it may be rounded"
            )
        case .notANumber: ("\(excerpt) is no number, true or false", nil, correct)
        }
    }

    private static func time(_ fault: TimeFault, _ excerpt: String) -> Words {
        switch fault {
        case .malformed:
            (
                "\(excerpt) is no time",
                "another notation than the header says: numbers under time_s, time_ms, time_us "
                    + "or time_ns, 2026-01-31T12:00:00Z or seconds under time",
                correct
            )
        case .tooPrecise:
            ("\(excerpt) has parts of a nanosecond", "the wrong unit in the header", correct)
        case .outOfRange:
            (
                "\(excerpt) lies outside the years 1677 to 2262",
                "the wrong unit in the header, or a clock that was never set", correct
            )
        case .missing: ("the line has no time", nil, "give each line a time")
        }
    }

    private static func name(_ fault: NameFault) -> Words {
        let rename = "rename the sensor"
        return switch fault {
        case .empty: ("the sensor has no name", "a comma too many", correct)
        case .tooLong: ("the sensor's name has more than 64 bytes", nil, rename)
        case .notUTF8: ("the sensor's name is not UTF-8", "another encoding", "iconv -t utf-8")
        case .controlCharacter: ("the sensor's name has a control character", nil, rename)
        case .tooMany:
            (
                "there are more than 4096 sensors",
                "a column that is no sensor's name, such as a time", "split the input"
            )
        }
    }

    private static func csv(_ fault: CSVFault, _ excerpt: String, _ column: Int) -> Words {
        switch fault {
        case .unterminatedQuote:
            ("the quote is never closed", "a line break inside a cell", correct)
        case .misplacedQuote: ("there is a quote inside the cell", nil, correct)
        case .missingCell:
            (
                "cell \(column) is missing",
                "the line was cut off, or the header has more columns", correct
            )
        case .extraCell:
            (
                "cell \(column) has no column in the header",
                "a comma as decimal mark, or another table behind this one", correct
            )
        case .noTimeColumn:
            (
                "the header begins with \(excerpt), not with a time", nil,
                "call the first column time, time_s, time_ms, time_us or time_ns"
            )
        case .noSensorColumn: ("the header names no sensor", nil, "add a column for each sensor")
        case .duplicateColumn:
            ("two columns are called \(excerpt)", nil, "give each column a name of its own")
        }
    }

    private static func json(_ fault: JSONFault, _ excerpt: String) -> Words {
        switch fault {
        case .notAnObject:
            ("the line is no JSON object", "other text between the lines", correct)
        case .truncated:
            (
                "the line ends inside the object", "an object on several lines, or a line cut off",
                "write each object on one line (jq -c)"
            )
        case .unexpected: ("JSON has no \(excerpt) here", nil, correct)
        case .trailing: ("something follows the object", "two objects on one line", correct)
        case .controlInString: ("a string has a control character", nil, correct)
        case .badEscape: ("JSON has no such escape", nil, correct)
        case .notUTF8: ("a string is not UTF-8", "another encoding", "iconv -t utf-8")
        case .badNumber: ("JSON writes no number like \(excerpt)", nil, correct)
        case .duplicateKey: ("the key occurs twice", nil, correct)
        case .tooDeep: ("too many objects and arrays inside each other", nil, correct)
        case .twoTimes: ("two keys both name a time", nil, "leave one of them out")
        case .missingValue: ("the sensor has no value", nil, "give it as \"value\" or \"v\"")
        case .badRemainder: ("\"ns\" is no whole number from 0 to 999999", nil, correct)
        }
    }

    private static func influx(_ fault: InfluxFault, _ excerpt: String) -> Words {
        let what =
            switch fault {
            case .missingMeasurement: "the line has no measurement"
            case .badTag: "a tag is not key=value"
            case .duplicateTag: "the tag occurs twice"
            case .missingField: "the line has no field"
            case .badField: "a field is not key=value"
            case .duplicateField: "the field occurs twice"
            case .unterminatedString: "the string is never closed"
            case .trailing: "\(excerpt) follows the time"
            }
        let isTwice = fault == .duplicateTag || fault == .duplicateField
        return (
            what, isTwice ? nil : "a space, comma or quote without a backslash before it", correct
        )
    }

    private static func keyValue(_ fault: KeyValueFault, _ excerpt: String) -> Words {
        switch fault {
        case .missingSeparator:
            (
                "\(excerpt) is not key=value",
                "a comma as decimal mark, a space in a text without quotes, or other text", correct
            )
        case .badQuote: ("the quoted text does not end where the value ends", nil, correct)
        case .duplicateKey: ("the sensor occurs twice", nil, correct)
        case .twoTimes: ("two keys both name a time", nil, "leave one of them out")
        }
    }

    private static func nmea(_ fault: NMEAFault, _ excerpt: String) -> Words {
        switch fault {
        case .missingStart:
            ("the line does not begin with $", "the beginning of the line is lost", correct)
        case .badAddress: ("\(excerpt) names no sentence", nil, correct)
        case .missingField:
            ("the sentence has fewer fields than there are columns", nil, "correct the columns")
        case .badDegrees:
            ("\(excerpt) is not degrees and minutes", "another field is meant", correct)
        case .badHemisphere: ("\(excerpt) is not N, S, E or W", "another field is meant", correct)
        }
    }

    private static func checksum(_ fault: ChecksumFault) -> Words {
        switch fault {
        case .missing:
            ("the line has no checksum at its end", "the line was cut off", correct)
        case .wrong(let expected, let found):
            (
                "the checksum is \(hex(found)), that of the line is \(hex(expected))",
                "bytes were lost or changed on the way", correct
            )
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count < 2 ? "0" + digits : digits
    }

    private static func format(_ fault: FormatFault) -> Words {
        switch fault {
        case .binary: ("the input is no text", nil, "check what feeds the input")
        case .alecStream:
            ("the input is an .alec file already", nil, "alec decode restores its readings")
        case .compressed:
            ("the input is compressed", nil, "unpack it first: gzip -dc or zstd -dc")
        case .utf16: ("the input is UTF-16", nil, "iconv -f utf-16 -t utf-8")
        case .jsonArray:
            ("the input is one JSON array", nil, "write one object per line: jq -c '.[]'")
        case .otherDelimiter(let delimiter):
            (
                "the cells are parted by "
                    + (delimiter == 9 ? "tabs" : delimiter == 0x2C ? "commas" : "semicolons"), nil,
                "part them by commas, with a point as decimal mark"
            )
        case .noTimeColumn:
            (
                "the header does not begin with a time", "CSV without a header",
                "call the first column time, time_s, time_ms, time_us or time_ns"
            )
        case .noSensorName:
            (
                "the line has numbers alone, and no sensor is named for them", nil,
                "name it in the settings of the input: sensor = \"temp\""
            )
        case .unknown:
            (
                "this is neither CSV, nor JSON lines, nor Influx lines", nil,
                "see alec help encode for what each looks like"
            )
        }
    }
}
