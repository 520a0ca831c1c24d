// SPDX-License-Identifier: Apache-2.0

/// The channel tables that the broker has, or is being sent: they are not sent again before each
/// group. A receiver that misses one asks for it.
struct RecentTables: Sendable {
    /// Beyond, the oldest is forgotten, and sent again when it comes by.
    static let limit = 8

    private var known: [UInt32] = []
    private var flying: [UInt32] = []

    /// Whether the table need not be sent.
    func isKnown(_ id: UInt32) -> Bool { known.contains(id) || flying.contains(id) }

    /// The table is under way.
    mutating func sent(_ id: UInt32) {
        if !flying.contains(id) { flying.append(id) }
    }

    /// The broker has the table, or refused it.
    mutating func answered(_ id: UInt32, isAccepted: Bool) {
        flying.removeAll { $0 == id }
        guard isAccepted else { return }
        known.removeAll { $0 == id }
        known.append(id)
        if known.count > Self.limit { known.removeFirst() }
    }

    /// What was under way may be lost.
    mutating func forgetFlights() { flying.removeAll() }
}
