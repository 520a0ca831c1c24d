// SPDX-License-Identifier: Apache-2.0

/// What is known of an input.
package struct SourceFacts: HealthCheckable, Equatable {
    /// Lost for longer, it is unhealthy.
    package static let lostLimit = Duration.seconds(60)
    /// So many percent of a minute's lines may be bad.
    package static let badShare = 5

    /// Since when it has been gone.
    package var lostSince: MonotonicInstant?
    /// A sensor of it is stale.
    package var hasStaleSensor = false
    /// Lines of the last minute.
    package var lines = 0
    /// Those of them that could not be read.
    package var badLines = 0

    /// All is well.
    package init() {}

    package func finding(at now: MonotonicInstant) -> HealthFinding {
        if let since = lostSince {
            return now - since > Self.lostLimit
                ? HealthFinding(.unhealthy, .sourceLost) : HealthFinding(.degraded, .reopening)
        }
        if badLines * 100 > lines * Self.badShare { return HealthFinding(.degraded, .badLines) }
        if hasStaleSensor { return HealthFinding(.degraded, .stale) }
        return .healthy
    }
}
