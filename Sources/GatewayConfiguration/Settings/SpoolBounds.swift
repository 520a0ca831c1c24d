// SPDX-License-Identifier: Apache-2.0

/// How much the spool may hold.
package struct SpoolBounds: Equatable, Sendable {
    /// What happens to readings for which there is no room.
    package enum FullPolicy: String, CaseIterable, Sendable {
        /// Stdin waits; serial ports cannot, so what matters least goes.
        case auto
        /// What matters least goes, then the oldest.
        case evict
        /// All inputs wait; only critical readings make others go.
        case wait
    }

    /// Unacknowledged groups.
    package var maximumBytes = 256 << 20
    /// A new segment begins when one is so large.
    package var segmentBytes = 1 << 20
    /// Acknowledged groups that late receivers may still ask for.
    package var historyBytes = 16 << 20
    /// What waits in memory while the disk refuses.
    package var memoryBytes = 2 << 20
    /// What stays free of the file system.
    package var minimumFreeBytes = 64 << 20
    /// The same, in percent of the file system.
    package var minimumFreePercent = 5
    /// How long readings of P1 may wait.
    package var lifeP1 = Duration.seconds(30 * 86_400)
    /// How long readings of P2 may wait.
    package var lifeP2 = Duration.seconds(7 * 86_400)
    /// How long readings of P3 may wait.
    package var lifeP3 = Duration.seconds(3 * 86_400)
    /// How long readings of P4 may wait.
    package var lifeP4 = Duration.seconds(6 * 3600)
    /// How long readings of P5 may wait.
    package var lifeP5 = Duration.seconds(6 * 3600)
    /// What happens at a bound.
    package var fullPolicy = FullPolicy.auto

    /// The defaults.
    package init() {}
}
