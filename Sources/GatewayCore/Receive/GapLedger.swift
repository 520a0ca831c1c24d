// SPDX-License-Identifier: Apache-2.0

/// Which gaps were told, and how they ended: so that the sum of what is missing can be trusted.
package struct GapLedger: Equatable, Sendable {
    /// How a gap stands.
    package enum State: Equatable, Sendable {
        /// Missing; asked for.
        case open
        /// It came after all.
        case filled
        /// Its sender has it no more.
        case gone
        /// It came, and cannot be read.
        case unreadable
    }

    /// The most gaps that are remembered to close them; older ones stay open in the books.
    package static let limit = 1024

    private var openGaps: [NodeGroup] = []
    /// Gaps that were told.
    package private(set) var opened = 0
    /// Of them, those that were filled.
    package private(set) var filled = 0
    /// Groups that are lost, told before or not.
    package private(set) var lost = 0

    /// No gaps.
    package init() {}

    /// Gaps that are neither filled nor lost.
    package var openCount: Int { openGaps.count }

    /// `group` has been missing for a while. Whether that is news.
    package mutating func open(_ group: NodeGroup) -> Bool {
        guard !openGaps.contains(group) else { return false }
        opened += 1
        if openGaps.count == Self.limit { openGaps.removeFirst() }
        openGaps.append(group)
        return true
    }

    /// `group` came. Whether anyone was told that it was missing.
    package mutating func fill(_ group: NodeGroup) -> Bool {
        guard let place = openGaps.firstIndex(of: group) else { return false }
        openGaps.remove(at: place)
        filled += 1
        return true
    }

    /// `group` will never come, or is of no use.
    package mutating func lose(_ group: NodeGroup) {
        openGaps.removeAll { $0 == group }
        lost += 1
    }
}
