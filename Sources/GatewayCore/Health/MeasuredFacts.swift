// SPDX-License-Identifier: Apache-2.0

/// What is known of something that takes time and may have much before it, as the codec.
///
/// A threshold that was passed is left only well below it, so that a value that trembles around it
/// does not change the level each time.
package struct MeasuredFacts: HealthCheckable, Equatable {
    /// From where on it is degraded, and unhealthy.
    package struct Thresholds: Equatable, Sendable {
        /// How long something may take.
        package var latency = (Duration.milliseconds(100), Duration.milliseconds(1000))
        /// How much may wait.
        package var depth = (1000, 10_000)
        /// So many percent of a threshold must be left behind to be below it again.
        package var leaveShare = 80

        /// 100 and 1000 ms, 1000 and 10000 pieces.
        package init() {}

        package static func == (a: Thresholds, b: Thresholds) -> Bool {
            a.latency == b.latency && a.depth == b.depth && a.leaveShare == b.leaveShare
        }
    }

    /// The thresholds.
    package let thresholds: Thresholds
    private var latencyLevel = HealthLevel.healthy
    private var depthLevel = HealthLevel.healthy

    /// Nothing was measured.
    package init(_ thresholds: Thresholds = Thresholds()) { self.thresholds = thresholds }

    /// Takes note of what was measured.
    package mutating func note(latency: Duration, depth: Int) {
        let (slow, tooSlow) = thresholds.latency
        latencyLevel = grade(
            latency.nanoseconds, slow.nanoseconds, tooSlow.nanoseconds, latencyLevel)
        let (many, tooMany) = thresholds.depth
        depthLevel = grade(Int64(depth), Int64(many), Int64(tooMany), depthLevel)
    }

    package func finding(at now: MonotonicInstant) -> HealthFinding {
        let level = max(latencyLevel, depthLevel)
        if level == .healthy { return .healthy }
        return HealthFinding(level, latencyLevel >= depthLevel ? .slow : .queue)
    }

    private func grade(
        _ value: Int64, _ degraded: Int64, _ unhealthy: Int64, _ before: HealthLevel
    ) -> HealthLevel {
        let share = Int64(thresholds.leaveShare)
        let isUnhealthy = value > unhealthy
        let staysUnhealthy = before == .unhealthy && value > unhealthy / 100 * share
        if isUnhealthy || staysUnhealthy { return .unhealthy }
        let staysDegraded = before > .healthy && value > degraded / 100 * share
        return value > degraded || staysDegraded ? .degraded : .healthy
    }
}
