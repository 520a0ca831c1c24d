// SPDX-License-Identifier: Apache-2.0

/// The bounds of a spool.
package struct SpoolSettings: Sendable {
    /// Bytes of the frames that are not acknowledged; `append` answers `.full` beyond.
    package var maximumBytes: Int
    /// A new segment begins when one is so large.
    package var segmentBytes: Int
    /// Bytes that are kept beside what is pending: acknowledged groups, and what belongs to them.
    package var historyBytes: Int
    /// Bytes are forced to the disk; if not, everything counts as synced at once.
    package var isDurable: Bool
    /// A group goes on in the next segment, where a journal of many nodes always has open groups.
    package var crossesSegments = false
    /// At a bound the groups that matter least go, then the oldest; otherwise `append` refuses.
    package var evicts = false
    /// Bytes of the file system that stay free.
    package var minimumFreeBytes = 0
    /// The same as a part of the file system, in percent.
    package var minimumFreePercent = 0
    /// How long readings of P1 to P5 may wait, in nanoseconds; nil for ever.
    package var timeToLive = InlineArray<5, Int64?>(repeating: nil)
    /// Smaller segments get no index record, as reading them is quick.
    package var indexedBytes = 64 << 10

    /// With these bounds.
    package init(
        maximumBytes: Int = 256 << 20, segmentBytes: Int = 1 << 20, historyBytes: Int = 16 << 20,
        isDurable: Bool = true
    ) {
        self.maximumBytes = maximumBytes
        self.segmentBytes = segmentBytes
        self.historyBytes = historyBytes
        self.isDurable = isDurable
    }
}
