// SPDX-License-Identifier: Apache-2.0

/// Notices steps of the wall clock by the clock that never jumps.
package struct ClockWatch: Sendable {
    /// Corrections of a running clock are smaller between two looks.
    package static let tolerance = Duration.seconds(1)

    private var offset: Int64?

    /// A watch that has not looked yet.
    package init() {}

    /// How far the wall clock jumped since the last look; nil where it went on.
    package mutating func step(at now: MonotonicInstant, wall: WallTime) -> Duration? {
        // Wraps only with a wall clock centuries off, which is a step all the same.
        let current = wall.nanoseconds &- now.nanoseconds
        defer { offset = current }
        guard let offset else { return nil }
        let step = current &- offset
        guard step.magnitude > Self.tolerance.nanoseconds.magnitude else { return nil }
        return .nanoseconds(step)
    }
}
