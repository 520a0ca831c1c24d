// SPDX-License-Identifier: Apache-2.0

/// How well something is.
package enum HealthLevel: String, CaseIterable, Comparable, Sendable {
    case healthy
    /// Nothing was heard of it.
    case unknown
    /// It works, and somebody should look at it.
    case degraded
    /// Readings pile up, get nowhere or are lost.
    case unhealthy

    private var rank: Int {
        switch self {
        case .healthy: 0
        case .unknown: 1
        case .degraded: 2
        case .unhealthy: 3
        }
    }

    package static func < (a: HealthLevel, b: HealthLevel) -> Bool { a.rank < b.rank }
}

/// What a level is due to. The shell makes sentences of it.
package enum HealthReason: String, CaseIterable, Sendable {
    /// Nothing is wrong.
    case none
    /// Nothing was reported yet.
    case starting
    /// Nothing was reported for a while.
    case noReport = "no-report"
    /// It takes long.
    case slow
    /// Much waits for it.
    case queue

    /// A sensor of the source was not heard for longer than it may be silent.
    case stale
    /// Many lines could not be read.
    case badLines = "bad-lines"
    /// The source is gone, and is tried again.
    case reopening
    /// The same for a minute.
    case sourceLost = "source-lost"

    /// No connection.
    case offline
    /// The same for five minutes.
    case outage
    /// The broker takes nothing, or is being tried.
    case breaker
    /// An operator must act; the hint of the link says how.
    case needsOperator = "needs-operator"
    /// The connection is lost again and again.
    case unstable
    /// The broker said that nobody subscribes.
    case unheard

    /// More waits than a minute of data.
    case backlog
    /// The spool fills.
    case filling
    /// The spool is full, or nearly so.
    case full
    /// The spool could not be written or read.
    case failing
    /// A segment of the spool is damaged.
    case damaged
    /// Readings of P1 or P2 were dropped within the last hour.
    case alertsLost = "alerts-lost"

    /// The time of day is not known to be right.
    case unsynchronised
    /// The time of day jumped, and what was stamped before is not repaired.
    case clockJump = "clock-jump"

    /// The loop is late.
    case lag
    /// Memory is short.
    case memory
    /// A thread makes no progress.
    case stalled
}

/// A level and what it is due to.
package struct HealthFinding: Equatable, Sendable {
    /// The level.
    package var level: HealthLevel
    /// What it is due to.
    package var reason: HealthReason

    /// A finding.
    package init(_ level: HealthLevel, _ reason: HealthReason) {
        self.level = level
        self.reason = reason
    }

    /// Nothing is wrong.
    package static let healthy = HealthFinding(.healthy, .none)
}

/// What is known of a component, from which its health follows.
package protocol HealthCheckable: Sendable {
    /// The worst that is true of it.
    func finding(at now: MonotonicInstant) -> HealthFinding
}
