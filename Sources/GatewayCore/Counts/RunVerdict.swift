// SPDX-License-Identifier: Apache-2.0

/// How a run of the agent ended, for whoever started it. The first that is true counts.
package enum RunVerdict: Equatable, Sendable {
    /// The spool could not take or keep what was read.
    case storeFailed
    /// The input held no line that could be read.
    case damaged
    /// Something stays in the spool that no broker has acknowledged; it is kept.
    case unacknowledged
    /// Lines or readings were left out.
    case dropped
    /// All was committed or acknowledged.
    case complete

    /// What the counts say at the end. Without a broker nobody acknowledges, so nothing is missed.
    package init(
        readings: ReadingCounts, lines: LineCounts, hasBroker: Bool, isStoreSound: Bool,
        pendingReadings: Int
    ) {
        let isStored = isStoreSound && readings.open == 0 && readings.dropped(.storeFailed) == 0
        if !isStored {
            self = .storeFailed
        } else if readings.read == 0 && lines.refused > 0 {
            self = .damaged
        } else if hasBroker && pendingReadings > 0 {
            self = .unacknowledged
        } else if lines.refused > 0 || readings.dropped > 0 {
            self = .dropped
        } else {
            self = .complete
        }
    }
}
