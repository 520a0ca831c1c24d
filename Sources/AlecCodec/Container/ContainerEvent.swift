// SPDX-License-Identifier: Apache-2.0

/// What a reader found next in a file. Offsets count the bytes of the file.
public enum ContainerEvent: Equatable, Sendable {
    /// The bytes so far are used up.
    case needsBytes
    case header(ContainerHeader)
    case record(ContainerRecord)
    /// The end mark: what the part of the file before it should have held.
    case end(ContainerTotals)
    /// Nothing sensible at this place; the reader looks for the next frame that needs no other.
    case damage(DecodeError)
    /// It found one, or a mark, behind `skipped` bytes.
    case resumed(offset: Int, skipped: Int)
    /// The file is over, or was refused because of its header.
    case finished
}

/// A frame in a file.
public struct ContainerRecord: Equatable, Sendable {
    /// Counts the records found, from 1.
    public var number: Int
    /// Where its length stands in the file.
    public var offset: Int
    /// Where the frame is in the reader's `buffer`, until the next call.
    public var bytes: Range<Int>
}
