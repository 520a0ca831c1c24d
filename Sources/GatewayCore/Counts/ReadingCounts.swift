// SPDX-License-Identifier: Apache-2.0

/// Why a reading was given up.
package enum DropReason: Int, CaseIterable, Sendable {
    /// The spool was full and the source could not be made to wait.
    case spoolFull
    /// The broker takes no packet that is large enough for even one reading.
    case frameLimit
    /// The spool could not be written.
    case storeFailed
    /// The spool had to make room for readings that matter more.
    case evicted
    /// It waited longer than readings of its priority may.
    case expired
    /// The disk gave back something else than was written.
    case damaged
    /// Its source brought more than its share.
    case quota
    /// The value cannot be right, and the settings say that such readings are dropped.
    case invalid
    /// An operator removed it from the spool.
    case operatorRemoved
}

/// Why a reading was left out although nothing was wrong with it.
package enum SuppressionRule: Int, CaseIterable, Sendable {
    /// It differs too little from the one before that was sent.
    case deadband
    /// It came too soon after the one before that was sent.
    case minimumInterval
    /// It went into the aggregates of its sensor.
    case aggregated
}

/// Where all readings of this life of the process are. Each is in exactly one place:
///
///     read + recovered = open + stored + inFlight + acknowledged
///                      + suppressed + dropped + quarantined + deferred
///
/// Each change moves readings from one place to another, so the sum holds after each one.
package struct ReadingCounts: Equatable, Sendable {
    /// Taken from lines.
    package private(set) var read = 0
    /// Found in the spool at the start, not yet acknowledged.
    package private(set) var recovered = 0
    /// In a window that waits for its frame.
    package private(set) var open = 0
    /// In a frame in the spool.
    package private(set) var stored = 0
    /// In a frame that was handed to the broker's connection and is not yet confirmed.
    package private(set) var inFlight = 0
    /// In a group that was acknowledged as a whole.
    package private(set) var acknowledged = 0
    /// In a group that brokers refuse, kept aside.
    package private(set) var quarantined = 0
    /// In a frame in the spool that is sent when asked for, or when there is nothing else to do.
    package private(set) var deferred = 0
    /// By rule.
    private var suppressions = [Int](repeating: 0, count: SuppressionRule.allCases.count)
    /// By reason.
    private var drops = [Int](repeating: 0, count: DropReason.allCases.count)
    /// Readings in frames made by this life, wherever they are now.
    package private(set) var framed = 0

    /// Nothing yet.
    package init() {}

    /// Whether the sum holds.
    package var isConserved: Bool {
        read + recovered == open + stored + inFlight + acknowledged
            + suppressed + dropped + quarantined + deferred
    }

    /// Left out, by whatever rule.
    package var suppressed: Int { suppressions.reduce(0, +) }

    /// Left out by `rule`.
    package func suppressed(_ rule: SuppressionRule) -> Int { suppressions[rule.rawValue] }

    /// Given up, for whatever reason.
    package var dropped: Int { drops.reduce(0, +) }

    /// Given up for `reason`.
    package func dropped(_ reason: DropReason) -> Int { drops[reason.rawValue] }

    /// The spool held `count` readings when it was opened, and `deferred` more in frames that wait
    /// to be asked for.
    package mutating func recover(_ count: Int, deferred: Int = 0) {
        recovered += count + deferred
        stored += count
        self.deferred += deferred
    }

    /// `count` readings came and are left out by `rule`.
    package mutating func suppress(_ count: Int, _ rule: SuppressionRule) {
        read += count
        suppressions[rule.rawValue] += count
    }

    /// `count` readings came and are in a window.
    package mutating func take(_ count: Int) {
        read += count
        open += count
    }

    /// `count` readings came and found no place.
    package mutating func refuse(_ count: Int, _ reason: DropReason) {
        read += count
        drops[reason.rawValue] += count
    }

    /// `count` readings of a window are in a frame in the spool.
    package mutating func store(_ count: Int) {
        open -= count
        stored += count
        framed += count
    }

    /// `count` readings of a window never got into a frame.
    package mutating func drop(_ count: Int, _ reason: DropReason) {
        open -= count
        drops[reason.rawValue] += count
    }

    /// A frame with `count` readings was handed to the connection.
    package mutating func publish(_ count: Int) {
        stored -= count
        inFlight += count
    }

    /// A frame with `count` readings was confirmed, or its outcome is unknown: until its group is
    /// removed it counts as stored.
    package mutating func settle(_ count: Int) {
        inFlight -= count
        stored += count
    }

    /// A group with `count` readings was removed, all of it acknowledged.
    package mutating func acknowledge(_ count: Int) {
        stored -= count
        acknowledged += count
    }

    /// `count` readings of a window are in a frame that waits to be asked for.
    package mutating func storeDeferred(_ count: Int) {
        open -= count
        deferred += count
        framed += count
    }

    /// Deferred frames with `count` readings are to be sent.
    package mutating func release(_ count: Int) {
        deferred -= count
        stored += count
    }

    /// `count` stored readings left the spool for `reason`; `deferred` more of those that waited to
    /// be asked for.
    package mutating func lose(_ count: Int, deferred: Int = 0, _ reason: DropReason) {
        stored -= count
        self.deferred -= deferred
        drops[reason.rawValue] += count + deferred
    }

    /// A group with `count` stored readings was set aside.
    package mutating func quarantine(_ count: Int) {
        stored -= count
        quarantined += count
    }
}
