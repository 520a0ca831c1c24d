// SPDX-License-Identifier: Apache-2.0

/// What is known of the spool.
package struct SpoolFacts: HealthCheckable, Equatable {
    /// More data than of so long is a backlog.
    package static let backlogLimit = Duration.seconds(60)
    /// Fuller than so many percent, somebody should look.
    package static let fillingShare = 50
    /// Fuller than so many percent, it is unhealthy.
    package static let fullShare = 90
    /// Alerts that were lost are told of for so long.
    package static let alertMemory = Duration.seconds(3600)

    /// How full it is, in percent.
    package var percent = 0
    /// The span of the data that waits.
    package var backlog = Duration.zero
    /// The latest access failed.
    package var isFailing = false
    /// A segment is damaged.
    package var isDamaged = false
    /// When readings of P1 or P2 were dropped last.
    package var alertsLostAt: MonotonicInstant?

    /// All is well.
    package init() {}

    package func finding(at now: MonotonicInstant) -> HealthFinding {
        if isFailing { return HealthFinding(.unhealthy, .failing) }
        if let lost = alertsLostAt, now - lost < Self.alertMemory {
            return HealthFinding(.unhealthy, .alertsLost)
        }
        if percent > Self.fullShare { return HealthFinding(.unhealthy, .full) }
        if isDamaged { return HealthFinding(.unhealthy, .damaged) }
        if percent > Self.fillingShare { return HealthFinding(.degraded, .filling) }
        if backlog > Self.backlogLimit { return HealthFinding(.degraded, .backlog) }
        return .healthy
    }
}
