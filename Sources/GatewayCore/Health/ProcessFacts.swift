// SPDX-License-Identifier: Apache-2.0

/// What is known of the process.
package struct ProcessFacts: HealthCheckable, Equatable {
    /// A loop that is later lags.
    package static let lagLimit = Duration.milliseconds(250)
    /// More of the allowed memory, in percent, is short.
    package static let memoryShare = 80
    /// A thread without progress for longer hangs.
    package static let stallLimit = Duration.seconds(15)

    /// How late the loop was.
    package var lag = Duration.zero
    /// Resident memory, in percent of what is allowed.
    package var memoryPercent = 0
    /// How long the slowest of the threads has made no progress though it had something to do.
    package var stalledFor = Duration.zero

    /// All is well.
    package init() {}

    package func finding(at now: MonotonicInstant) -> HealthFinding {
        if stalledFor > Self.stallLimit { return HealthFinding(.unhealthy, .stalled) }
        if memoryPercent > Self.memoryShare { return HealthFinding(.degraded, .memory) }
        if lag > Self.lagLimit { return HealthFinding(.degraded, .lag) }
        return .healthy
    }
}
