// SPDX-License-Identifier: Apache-2.0

/// What is known about the worth of a value, besides the value.
public enum Quality: UInt8, CaseIterable, Sendable {
    case good = 0
    case uncertain = 1
    case bad = 2
    /// The sensor repeats an old value.
    case stale = 3
    /// The time stamp comes from a clock that was not synchronised.
    case time = 4
}

/// A remark on one reading. Frames carry remarks only where they say something.
public struct Annotation: Equatable, Sendable {
    /// The quality of the reading.
    public var quality: Quality
    /// The priority where it differs from the frame's own; nil where it does not.
    public var priority: Priority?

    /// A remark with `quality` and, where it differs from the frame's, a `priority`.
    @inlinable
    public init(quality: Quality = .good, priority: Priority? = nil) {
        self.quality = quality
        self.priority = priority
    }

    /// Nothing to remark: costs nothing.
    @inlinable
    public static var none: Annotation { Annotation() }

    /// Whether there is nothing to remark.
    @inlinable
    public var isNone: Bool { quality == .good && priority == nil }
}
