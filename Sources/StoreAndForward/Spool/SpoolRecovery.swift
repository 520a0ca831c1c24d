// SPDX-License-Identifier: Apache-2.0

/// What opening the directory found.
package struct SpoolRecovery: Equatable, Sendable {
    /// Files.
    package var segments = 0
    /// Valid records of all kinds.
    package var records = 0
    /// Groups that are not acknowledged.
    package var pendingGroups = 0
    /// Their frames.
    package var pendingFrames = 0
    /// Their readings.
    package var pendingReadings = 0
    /// Of them P1 to P5.
    package var pendingPriorities = [Int](repeating: 0, count: 5)
    /// Bytes behind the last valid record of their segment: the normal end after a power cut.
    package var tornBytes = 0
    /// Damaged stretches that a valid record follows.
    package var badRecords = 0
    /// Their bytes.
    package var badBytes = 0
    /// Files that could not be read.
    package var unreadableSegments = 0
    /// Records of losses that could not be read.
    package var unreadableLosses = 0

    /// Nothing found.
    package init() {}
}
