// SPDX-License-Identifier: Apache-2.0

/// How the lines of one source are to be read.
package struct LineReaderSettings: Sendable {
    /// Where times come from.
    package enum TimeSource: Equatable, Sendable {
        /// From the line; from the arrival where the line has none.
        case line
        /// From the arrival, whatever lines say: the clock of the device is not to be trusted.
        case arrival
    }

    /// What makes a column of `columns` one that is left out.
    package static let skippedColumn = "_"
    /// What makes a column of an NMEA sentence one of degrees and minutes, and the field behind
    /// it that of the hemisphere.
    package static let degreesMark = ":degrees"

    /// nil: the first line that holds anything decides.
    package var format: LineFormat?
    /// What the cells of a line are, where no header says so: names of sensors, `_` for what is
    /// left out, `time`, `time_s`, `time_ms`, `time_us` or `time_ns`.
    ///
    /// For CSV, lines of numbers and NMEA sentences. Of the last, the first column says which
    /// sentences to take (`GPGGA`, or `GGA` from any talker, or `_` for all of them), and a name
    /// that ends in `:degrees` makes signed degrees of `4807.038,N`.
    package var columns: [String] = []
    /// The sensor of lines of numbers; several on one line are `sensor.1`, `sensor.2` and so on.
    package var sensor: String?
    /// What is put before all names of sensors.
    package var prefix = ""
    /// What parts the cells of CSV: a comma, semicolon, tab or space.
    package var delimiter = UInt8(ascii: ",")
    /// Where times come from.
    package var timeSource = TimeSource.line
    /// What times count that do not say so in their name: `ts` and `t` (else milliseconds), `time`
    /// (else `plainTimeUnit`), the time of Influx lines (else nanoseconds).
    package var timeUnit: TimeUnit?
    /// What numbers under a plain `time` count without a `timeUnit`; nil: what their digits tell,
    /// see `TimeUnit.of(count:)`.
    package var plainTimeUnit: TimeUnit?
    /// The place of the time in JSON, with dots: `header.time`.
    package var timePath: String?
    /// JSON: objects and arrays inside the line's object hold readings as well, called after
    /// their path: `a.b`, `list.0`. Otherwise they are left out.
    package var readsNested = true
    /// CSV, `key=value` and numbers: `*` and two hexadecimal digits at the end of a line are its
    /// checksum. NMEA sentences always have one.
    package var hasChecksum = false
    /// Texts that stand for values.
    package var texts = TextValues()

    /// The format is found out, and lines are read as they say themselves.
    package init(format: LineFormat? = nil) {
        self.format = format
    }
}

/// What a reader has to know of times.
struct TimeRule: Sendable {
    var isArrival = false
    /// Of `ts` and `t`.
    var stampUnit = TimeUnit.milliseconds
    /// Of `time` and of a configured path; nil: told by the digits.
    var plainUnit: TimeUnit? = .seconds

    init() {}

    init(_ settings: LineReaderSettings) {
        isArrival = settings.timeSource == .arrival
        stampUnit = settings.timeUnit ?? .milliseconds
        plainUnit = settings.timeUnit ?? settings.plainTimeUnit
    }
}
