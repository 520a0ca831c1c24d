// SPDX-License-Identifier: Apache-2.0

/// A frame or a table in the spool, without its bytes.
package struct SpoolItem: Equatable, Sendable {
    /// Where it stands; the next is looked for from `place + 1` on.
    package var place: UInt64
    /// What was said of it.
    package var header: RecordHeader
    /// Bytes of the frame or the table.
    package var byteCount: Int
    /// It needs no earlier frame.
    package var isKey: Bool
    /// Its group is history; of a table, no pending group of its segment uses it.
    package var isAcknowledged: Bool
}
