// SPDX-License-Identifier: Apache-2.0

/// One place where readings come from.
package struct InputSettings: Equatable, Sendable {
    /// What kind of place.
    package enum Place: Equatable, Sendable {
        case standardInput
        /// A serial device and its speed. The path may have `*` in it, or be `usb:VID:PID` or
        /// `usb:VID:PID:SERIAL`.
        case serial(path: String, baud: Int)
        /// A command whose output is read; started without a shell.
        case command(String)
    }

    /// How readings are written.
    package enum Format: String, CaseIterable, Sendable {
        case auto
        case csv
        case jsonl
        case influx
        case keyvalue
        case number
        case nmea
    }

    /// The bit that makes the number of ones even or odd.
    package enum Parity: String, CaseIterable, Sendable {
        case none
        case even
        case odd
    }

    /// How a receiver holds the sender back.
    package enum Flow: String, CaseIterable, Sendable {
        case none
        case rtscts
        case xonxoff
    }

    /// Where.
    package var place = Place.standardInput
    /// What messages call it; nil: by its place.
    package var name: String?
    /// Of a byte on a serial line, as all up to `greeting`.
    package var dataBits = 8
    package var parity = Parity.none
    package var stopBits = 1
    package var flow = Flow.none
    /// No other process may read the device.
    package var isExclusive = true
    /// Sent when the device was opened.
    package var greeting: String?
    /// A device that sends no newlines ends a line by so long a silence; zero: none does.
    package var idle = Duration.milliseconds(200)
    /// The most bytes of a line; nil: what suits the place.
    package var lineBytes: Int?
    /// Readings per second that are kept of it, but for critical and important ones; 0: all.
    package var quota = 0
    /// How.
    package var format = Format.auto
    /// What the format leaves open.
    package var lines = LineSettings()

    /// stdin, in whatever format its first line has.
    package init() {}
}

extension InputSettings.Place {
    /// As it is written in the settings.
    package var text: String {
        switch self {
        case .standardInput: "-"
        case .serial(let path, let baud): "\(path)@\(baud)"
        case .command(let text): "exec:" + text
        }
    }
}
