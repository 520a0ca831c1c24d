// SPDX-License-Identifier: Apache-2.0

/// What is known of the way to the broker.
package struct LinkFacts: HealthCheckable, Equatable {
    /// Without a connection for longer, it is unhealthy.
    package static let outageLimit = Duration.seconds(300)
    /// PUBACKs that take longer are slow.
    package static let slowAfter = Duration.seconds(2)
    /// So many connections lost within five minutes are too many.
    package static let unstableAfter = 3

    /// Since when there has been no connection; nil with one, and where none is wanted.
    package var downSince: MonotonicInstant?
    /// What went wrong needs an operator.
    package var needsOperator = false
    /// What the breaker does.
    package var breaker = CircuitBreaker.Mode.closed
    /// How long PUBACKs take, by their high value.
    package var roundTrip: Duration?
    /// Connections that were lost within five minutes.
    package var reconnects = 0
    /// The latest publication found no subscriber.
    package var isUnheard = false

    /// All is well.
    package init() {}

    package func finding(at now: MonotonicInstant) -> HealthFinding {
        if needsOperator { return HealthFinding(.unhealthy, .needsOperator) }
        if let since = downSince {
            return now - since > Self.outageLimit
                ? HealthFinding(.unhealthy, .outage) : HealthFinding(.degraded, .offline)
        }
        switch breaker {
        case .open, .halfOpen, .forcedOpen: return HealthFinding(.degraded, .breaker)
        case .closed, .forcedClosed, .metricsOnly: break
        }
        if reconnects >= Self.unstableAfter { return HealthFinding(.degraded, .unstable) }
        if let roundTrip, roundTrip > Self.slowAfter { return HealthFinding(.degraded, .slow) }
        if isUnheard { return HealthFinding(.degraded, .unheard) }
        return .healthy
    }
}
