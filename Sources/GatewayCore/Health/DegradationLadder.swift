// SPDX-License-Identifier: Apache-2.0

/// What is given up, step by step, while there is too little of something, and taken back when
/// there is enough again.
///
///     L0 ──▶ L1 ──▶ L2 ──▶ L3 ──▶ L4      entered at once, to the worst that holds
///        ◀──    ◀──    ◀──    ◀──         left one at a time, below a lower threshold
///
/// A level is entered and left after its condition held for ten seconds. Each change is one order,
/// of which the shell makes a line of the log, a figure and an `event`.
package struct DegradationLadder: Sendable {
    /// How much is given up. Each level includes those below it.
    package enum Level: Int, CaseIterable, Comparable, Sendable {
        /// Nothing.
        case normal = 0
        /// Windows are wider: fewer frames, a little later.
        case widerWindows = 1
        /// Aggregates are left out, what is deferred goes to the disk only.
        case fewerKinds = 2
        /// Ordinary readings become means.
        case means = 3
        /// Alerts only.
        case alertsOnly = 4

        package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    }

    /// What the level is due to.
    package enum Reason: String, CaseIterable, Sendable {
        case none
        /// Frames or readings wait in memory.
        case queue
        /// The broker answers slowly.
        case roundTrip
        /// The spool fills.
        case store
        /// The disk has hardly more room than is always left free.
        case diskFloor
    }

    /// What is measured.
    package struct Facts: Equatable, Sendable {
        /// How full the queue in memory is, in percent.
        package var queuePercent = 0
        /// How long PUBACKs take, by their high value.
        package var roundTrip = Duration.zero
        /// How full the spool is, in percent.
        package var storePercent = 0
        /// Free room of the disk is close to what must stay free.
        package var isDiskFloorNear = false

        /// Nothing is short.
        package init() {}
    }

    /// What a level asks of the others.
    package struct Measures: Equatable, Sendable {
        /// Windows are so many times as long.
        package var windowFactor = 1
        /// P5 aggregates are made and sent.
        package var sendsAggregates = true
        /// P4 is sent; otherwise it is kept on the disk.
        package var sendsDeferred = true
        /// P3 is reduced to means over so long, on channels that say so; nil: it is kept as it is.
        package var meanOver: Duration?
        /// P3 is taken at all.
        package var takesOrdinary = true

        /// What `level` asks.
        package init(_ level: Level) {
            if level >= .widerWindows { windowFactor = 4 }
            if level >= .fewerKinds {
                sendsAggregates = false
                sendsDeferred = false
            }
            if level >= .means { meanOver = .seconds(10) }
            if level >= .alertsOnly { takesOrdinary = false }
        }
    }

    /// A change, to be told once.
    package struct Change: Equatable, Sendable {
        /// The level before.
        package var from: Level
        /// The level now.
        package var to: Level
        /// What it is due to; of a step down, why it goes no further.
        package var reason: Reason
        /// What to do from now on.
        package var measures: Measures
        /// How long the level before lasted.
        package var lasted: Duration
    }

    /// A condition must hold for so long.
    package static let hold = Duration.seconds(10)
    /// Below so many percent of the queue, and of the round trip, the first level ends.
    static let easedShare = 25

    /// The level.
    package private(set) var level = Level.normal
    /// What it is due to.
    package private(set) var reason = Reason.none
    /// Since when it is so.
    package private(set) var since: MonotonicInstant
    /// Changes so far.
    package private(set) var changes: UInt64 = 0
    /// Since when each level above the present one would be entered.
    private var wantedSince: [MonotonicInstant?] = Array(
        repeating: nil, count: Level.allCases.count)
    /// Since when the present one could be left.
    private var easedSince: MonotonicInstant?

    /// Nothing is given up.
    package init(at now: MonotonicInstant) { since = now }

    /// What the present level asks.
    package var measures: Measures { Measures(level) }

    /// When to judge again at the latest, though nothing new is known.
    package var dueAt: MonotonicInstant {
        var due = easedSince ?? .distantFuture
        for case let since? in wantedSince { due = min(due, since) }
        return due + Self.hold
    }

    /// Judges what was measured.
    package mutating func judge(_ facts: Facts, at now: MonotonicInstant) -> Change? {
        for candidate in Level.allCases where candidate > .normal {
            let i = candidate.rawValue
            let isWanted = candidate > level && Self.entry(candidate, facts) != nil
            wantedSince[i] = isWanted ? wantedSince[i] ?? now : nil
        }
        for candidate in Level.allCases.reversed() {
            guard let start = wantedSince[candidate.rawValue], now - start >= Self.hold else {
                continue
            }
            return change(to: candidate, Self.entry(candidate, facts) ?? .none, at: now)
        }
        guard level > .normal, Self.isEased(level, facts) else {
            easedSince = nil
            return nil
        }
        let start = easedSince ?? now
        easedSince = start
        guard now - start >= Self.hold else { return nil }
        let lower = Level(rawValue: level.rawValue - 1) ?? .normal
        let why = lower == .normal ? .none : Self.entry(lower, facts) ?? reason
        return change(to: lower, why, at: now)
    }

    private mutating func change(
        to new: Level, _ reason: Reason, at now: MonotonicInstant
    ) -> Change {
        let change = Change(
            from: level, to: new, reason: reason, measures: Measures(new), lasted: now - since)
        level = new
        self.reason = reason
        since = now
        changes += 1
        // Each further step has its own ten seconds.
        easedSince = nil
        for i in wantedSince.indices where i <= new.rawValue { wantedSince[i] = nil }
        return change
    }

    /// What asks for `level`; nil if nothing does.
    private static func entry(_ level: Level, _ facts: Facts) -> Reason? {
        switch level {
        case .normal: nil
        case .widerWindows:
            facts.queuePercent > 50 ? .queue : facts.roundTrip > .seconds(2) ? .roundTrip : nil
        case .fewerKinds:
            facts.queuePercent > 75 ? .queue : facts.storePercent > 50 ? .store : nil
        case .means:
            facts.storePercent > 80 ? .store : facts.isDiskFloorNear ? .diskFloor : nil
        case .alertsOnly: facts.storePercent > 95 ? .store : nil
        }
    }

    /// Whether nothing holds `level` any more: each has a lower threshold to leave than to enter.
    private static func isEased(_ level: Level, _ facts: Facts) -> Bool {
        switch level {
        case .normal: false
        case .widerWindows: facts.queuePercent < easedShare && facts.roundTrip < .seconds(1)
        case .fewerKinds: facts.queuePercent < 50 && facts.storePercent < 40
        case .means: facts.storePercent < 70 && !facts.isDiskFloorNear
        case .alertsOnly: facts.storePercent < 90
        }
    }
}
