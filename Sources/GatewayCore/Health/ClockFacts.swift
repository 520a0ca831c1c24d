// SPDX-License-Identifier: Apache-2.0

/// What is known of the time of day.
package struct ClockFacts: HealthCheckable, Equatable {
    /// Larger steps are told of until what was stamped before is dealt with.
    package static let jumpLimit = Duration.seconds(3600)

    /// Something keeps it right.
    package var isSynchronised = true
    /// A step that is not dealt with, either way.
    package var jump = Duration.zero

    /// All is well.
    package init() {}

    package func finding(at now: MonotonicInstant) -> HealthFinding {
        if jump > Self.jumpLimit || jump < .zero - Self.jumpLimit {
            return HealthFinding(.unhealthy, .clockJump)
        }
        return isSynchronised ? .healthy : HealthFinding(.degraded, .unsynchronised)
    }
}
