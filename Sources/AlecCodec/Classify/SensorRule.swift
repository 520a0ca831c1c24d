// SPDX-License-Identifier: Apache-2.0

/// What is known beforehand about one sensor: which values are wrong, and how much that matters.
///
/// A bound that is infinite is no bound, so a rule without arguments says nothing.
public struct SensorRule: Equatable, Sendable {
    /// The priority of readings that nothing else lifts.
    public var base: Priority = .normal

    /// The lowest value that is right.
    public var low = -Double.infinity
    /// The highest value that is right.
    public var high = Double.infinity
    /// How far a value must come back inside a broken limit before the limit counts as kept.
    public var hysteresis = 0.0
    /// The priority of a reading beyond a limit.
    public var limitPriority: Priority = .critical

    /// The largest distance between two readings in a row that is right.
    public var maximumStep = Double.infinity
    /// The priority of a reading after too large a step.
    public var stepPriority: Priority = .critical

    /// The largest change per second between two readings in a row that is right.
    public var maximumRate = Double.infinity
    /// The priority of a reading after too fast a change.
    public var ratePriority: Priority = .critical

    /// The priority of a reading whose value differs from the one before; nil where changes are
    /// nothing special. For sensors that have states.
    public var changePriority: Priority?

    /// After a reading that a rule lifted, the readings of the next so many nanoseconds keep its
    /// priority, by their own times. 0 for none. A surprise is not held.
    public var holdNanoseconds: Int64 = 0

    /// The priority of NaN and of an infinity that breaks no limit; nil is the base priority.
    public var notFinitePriority: Priority?

    /// Whether a reading far from what was expected is lifted to P2.
    public var watchesSurprise = true

    /// A rule that says nothing: P3, and P2 for a surprise.
    public init() {}

    /// Whether the numbers make sense together. A rule that does not is refused by `Classifier`.
    public var isConsistent: Bool {
        // Comparisons with NaN are false, so a NaN anywhere fails.
        low <= high && hysteresis >= 0 && hysteresis < .infinity
            && maximumStep >= 0 && maximumRate >= 0 && holdNanoseconds >= 0
    }
}
