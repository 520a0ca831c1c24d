// SPDX-License-Identifier: Apache-2.0

/// How a serial line is spoken.
package struct SerialSettings: Equatable, Sendable {
    /// The bit that makes the number of ones even or odd.
    package enum Parity: Equatable, Sendable {
        case none
        case even
        case odd
    }

    /// How the receiver holds the sender back.
    package enum Flow: Equatable, Sendable {
        case none
        /// By wires of their own.
        case rtscts
        /// By two characters in the data.
        case xonxoff
    }

    /// Bits per second, any that the device can do.
    package var baud: Int
    /// 5 to 8.
    package var dataBits = 8
    package var parity = Parity.none
    /// 1 or 2.
    package var stopBits = 1
    package var flow = Flow.none
    /// Keeps other processes away.
    package var isExclusive = true
    /// Sent once the line is open.
    package var greeting: [UInt8] = []

    /// 8 data bits, no parity, 1 stop bit, nobody else.
    package init(baud: Int) { self.baud = baud }
}
