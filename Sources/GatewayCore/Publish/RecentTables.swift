// SPDX-License-Identifier: Apache-2.0

/// The channel tables that the broker has, or is being sent: they are not sent again before each
/// group. A receiver that misses one asks for it.
struct RecentTables: Sendable {
    /// Beyond, the oldest is forgotten, and sent again when it comes by.
    static let limit = 8

    /// After a refusal a table waits for so long, then twice as long, up to the longest.
    static let shortestHold = Duration.seconds(5)
    static let longestHold = Duration.seconds(300)

    /// A table that the broker refused. Frames go on without it: a receiver keeps them until it
    /// has the table.
    private struct Held: Sendable {
        var id: UInt32
        var until: MonotonicInstant
        var delay: Duration
    }

    private var known: [UInt32] = []
    private var flying: [UInt32] = []
    private var held: [Held] = []

    /// Whether the table need not be sent when it comes by.
    func isKnown(_ id: UInt32) -> Bool {
        known.contains(id) || flying.contains(id) || held.contains { $0.id == id }
    }

    /// A table whose wait after a refusal is over.
    func due(at now: MonotonicInstant) -> UInt32? {
        held.first { now >= $0.until && !flying.contains($0.id) }?.id
    }

    /// When a refused table is to be sent again.
    var nextDue: MonotonicInstant? {
        held.filter { !flying.contains($0.id) }.map(\.until).min()
    }

    /// The spool has the table no more.
    mutating func forget(_ id: UInt32) { held.removeAll { $0.id == id } }

    /// The table is under way.
    mutating func sent(_ id: UInt32) {
        if !flying.contains(id) { flying.append(id) }
    }

    /// The broker has the table.
    mutating func accepted(_ id: UInt32) {
        flying.removeAll { $0 == id }
        forget(id)
        known.removeAll { $0 == id }
        known.append(id)
        if known.count > Self.limit { known.removeFirst() }
    }

    /// The broker does not take the table.
    mutating func refused(_ id: UInt32, at now: MonotonicInstant) {
        flying.removeAll { $0 == id }
        let delay =
            held.first { $0.id == id }.map { min($0.delay * 2, Self.longestHold) }
            ?? Self.shortestHold
        forget(id)
        held.append(Held(id: id, until: now + delay, delay: delay))
        if held.count > Self.limit { held.removeFirst() }
    }

    /// The table did not go out.
    mutating func notSent(_ id: UInt32) { flying.removeAll { $0 == id } }

    /// What was under way may be lost.
    mutating func forgetFlights() { flying.removeAll() }
}
