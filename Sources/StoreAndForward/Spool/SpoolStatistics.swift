// SPDX-License-Identifier: Apache-2.0

/// How full the spool is and what it has done since it was opened.
package struct SpoolStatistics: Equatable, Sendable {
    /// Bytes of the records of frames that are not acknowledged.
    package var pendingBytes = 0
    /// Their groups; a group that goes on in the next segment counts in each.
    package var pendingGroups = 0
    /// Their number.
    package var pendingFrames = 0
    /// Their readings.
    package var pendingReadings = 0
    /// Of them P1 to P5.
    package var pendingPriorities = [Int](repeating: 0, count: 5)
    /// All other bytes of the files.
    package var historyBytes = 0
    /// Files.
    package var segments = 0
    /// Bytes handed to the operating system.
    package var bytesWritten = 0
    /// Bytes that a sync has forced to the disk.
    package var bytesSynced = 0
    /// Bytes given back to the file system inside of segments.
    package var holeBytes = 0
    /// Times that a group had to go for another.
    package var evictions = 0
    /// Losses that nobody was told yet.
    package var untoldLosses = 0
    /// Tickets that succeeded.
    package var syncs = 0
    /// Tickets that failed.
    package var syncFailures = 0
    /// Appends that were refused as `maximumBytes` are pending.
    package var refusedFull = 0
    /// Writes that the operating system refused.
    package var writeErrors = 0
    /// Segments that another segment followed early, as writing or syncing them failed.
    package var sealedByErrors = 0
    /// Segments that were different when they were read again.
    package var changedSegments = 0
    /// Segments unlinked.
    package var removedSegments = 0
    /// Segments that the disk did not give back when they were to be sent; passed over.
    package var unreadableSegments = 0
    /// Times that a segment was read as a whole after opening.
    package var loads = 0

    /// Nothing yet.
    package init() {}
}
