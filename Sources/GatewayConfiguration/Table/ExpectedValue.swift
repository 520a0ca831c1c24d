// SPDX-License-Identifier: Apache-2.0

/// What a setting may be.
package enum ExpectedValue: Equatable, Sendable {
    /// Not empty, at most so many bytes.
    case text(maximumBytes: Int)
    /// Letters, digits and `_.-`, at most so many; `+` for every one, where that makes sense.
    case topicLevel(maximumBytes: Int, orAny: Bool)
    /// A path from the root.
    case path
    case word([String])
    case boolean
    case integer(ClosedRange<Int>)
    case number
    /// A number from zero on, which may be infinite.
    case amount
    /// A number from 0 to 100.
    case percent
    /// As `text`, and may be empty.
    case remark(maximumBytes: Int)
    /// `text=number`.
    case mapping
    case duration(ClosedRange<Duration>)
    /// In bytes.
    case size(ClosedRange<Int>)
    /// `HOST` or `HOST:PORT`.
    case address
    /// `-`, `/dev/…@BAUD`, `usb:VID:PID@BAUD` or `exec:COMMAND`.
    case inputPlace
    /// `mqtt`, or a format and a file, as `jsonl:FILE`; in a file of settings FILE is a path from
    /// the root or `-`.
    case sink(fromRoot: Bool)
    /// The name of a credential of the service manager: no path.
    case credential
    /// The name of a variable of the environment.
    case variable
    indirect case list(of: ExpectedValue)
    case table
    case listOfTables
}
