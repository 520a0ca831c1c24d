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
