// SPDX-License-Identifier: Apache-2.0

/// How much the spool may hold.
package struct SpoolBounds: Equatable, Sendable {
    /// Unacknowledged groups; at the bound the input waits.
    package var maximumBytes = 256 << 20
    /// A new segment begins when one is so large.
    package var segmentBytes = 1 << 20
    /// Acknowledged groups that late receivers may still ask for.
    package var historyBytes = 16 << 20

    /// The defaults.
    package init() {}
}
