// SPDX-License-Identifier: Apache-2.0

/// How a node is, and since when. The worst finding counts.
package struct HealthState: Equatable, Sendable {
    /// How well.
    package enum Level: UInt8, CaseIterable, Comparable, Sendable {
        case healthy = 0
        /// Nothing was judged yet.
        case unknown = 1
        /// It works, and somebody should look at it.
        case degraded = 2
        /// Readings pile up or get nowhere.
        case unhealthy = 3

        package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    }

    /// What the level is due to.
    package enum Reason: String, CaseIterable, Sendable {
        /// Nothing is wrong.
        case none
        /// Nothing was judged yet.
        case starting
        /// No connection, for less than `HealthState.outageLimit`.
        case offline
        /// No connection for longer.
        case outage
        /// The broker refuses publications.
        case refused
        /// The broker said that nobody subscribes.
        case unheard
        /// The spool is filled above `HealthState.fullShare` percent.
        case spoolFilling
        /// The spool takes no more; inputs wait.
        case spoolFull
        /// The spool could not be written or read.
        case spoolFailing
    }

    /// What is known at one moment.
    package struct Facts: Equatable, Sendable {
        /// Since when there has been no connection; nil with one, and where none is wanted.
        package var offlineSince: MonotonicInstant?
        /// The breaker is not closed.
        package var isRefused = false
        /// The latest publication found no subscriber.
        package var isUnheard = false
        /// How much of the spool's room is taken, in percent.
        package var spoolPercent = 0
        /// The latest access to the spool failed.
        package var isSpoolFailing = false

        /// All is well.
        package init() {}
    }

    /// After so long without a connection something is wrong beyond the usual.
    package static let outageLimit = Duration.seconds(300)
    /// Percent of the spool above which somebody should look.
    package static let fullShare = 80

    /// How well.
    package private(set) var level = Level.unknown
    /// Why.
    package private(set) var reason = Reason.starting
    /// Since when level and reason are so.
    package private(set) var since: MonotonicInstant

    /// Not judged yet.
    package init(at now: MonotonicInstant) { since = now }

    /// Judges; true if level or reason changed.
    package mutating func judge(_ facts: Facts, at now: MonotonicInstant) -> Bool {
        let (level, reason) = Self.finding(facts, at: now)
        guard level != self.level || reason != self.reason else { return false }
        self.level = level
        self.reason = reason
        since = now
        return true
    }

    /// From the worst to the best.
    private static func finding(
        _ facts: Facts, at now: MonotonicInstant
    ) -> (Level, Reason) {
        if facts.isSpoolFailing { return (.unhealthy, .spoolFailing) }
        if facts.spoolPercent >= 100 { return (.unhealthy, .spoolFull) }
        if let since = facts.offlineSince, now - since > outageLimit {
            return (.unhealthy, .outage)
        }
        if facts.spoolPercent > fullShare { return (.degraded, .spoolFilling) }
        if facts.offlineSince != nil { return (.degraded, .offline) }
        if facts.isRefused { return (.degraded, .refused) }
        if facts.isUnheard { return (.degraded, .unheard) }
        return (.healthy, .none)
    }
}
