// SPDX-License-Identifier: Apache-2.0

/// When a `CircuitBreaker` opens, for how long, and what closes it again.
package struct BreakerPolicy: Equatable, Sendable {
    /// The window that is judged, in buckets of a second.
    package var windowSeconds = 30
    /// With fewer outcomes in the window no ratio is judged.
    package var minimumCalls = 5
    /// So many percent of the outcomes failed: open. Nil: no ratio is judged.
    package var failurePercent: Int? = 50
    /// So many failures in the window: open, whatever succeeded meanwhile.
    package var failureCount: Int?
    /// So many failures in a row: open, however long they took.
    package var consecutiveFailures: Int? = 5
    /// An outcome that took longer is slow.
    package var slowAfter = Duration.seconds(5)
    /// So many percent of the outcomes were slow: open. Nil: slowness is counted and no more.
    package var slowPercent: Int? = 80
    /// How long it stays open the first time.
    package var openTime = Duration.seconds(5)
    /// Each opening without `calmTime` before it lasts twice as long, up to this.
    package var longestOpenTime = Duration.seconds(60)
    /// The open time is changed by chance by up to so many percent, either way.
    package var jitterPercent = 20
    /// Closed for so long, the next opening is a first one again.
    package var calmTime = Duration.seconds(300)
    /// Probes under way at once while it is half open.
    package var probes = 1
    /// So many probes must succeed.
    package var successesToClose = 3
    /// A probe without an outcome for so long has failed.
    package var halfOpenLimit = Duration.seconds(15)
    /// An outcome after so long is a failure, whatever it is. Nil: the caller decides.
    package var requestTimeout: Duration? = .seconds(20)
    /// After closing, one may be under way, then one more for each success up to this.
    package var rampTop = 16

    /// The default of a transport: quick to open, quick to try again.
    package init() {}

    /// 5 failures, 3 successes, 30 s. Judges failures in a row, or half of at least ten outcomes.
    package static let steady = {
        var policy = fixed(open: .seconds(30), successes: 3)
        policy.minimumCalls = 10
        policy.failurePercent = 50
        policy.consecutiveFailures = 5
        return policy
    }()

    /// 5 failures within 60 s, 2 successes, 30 s, and a request may take 10 s.
    package static let windowed = {
        var policy = fixed(open: .seconds(30), successes: 2)
        policy.windowSeconds = 60
        policy.failureCount = 5
        policy.requestTimeout = .seconds(10)
        return policy
    }()

    /// 5 failures in a row, 2 successes, 60 s.
    package static let consecutive = {
        var policy = fixed(open: .seconds(60), successes: 2)
        policy.consecutiveFailures = 5
        return policy
    }()

    /// Judges nothing yet, and has an open time that neither grows nor varies.
    private static func fixed(open: Duration, successes: Int) -> BreakerPolicy {
        var policy = BreakerPolicy()
        policy.failurePercent = nil
        policy.consecutiveFailures = nil
        policy.slowPercent = nil
        policy.requestTimeout = nil
        policy.openTime = open
        policy.longestOpenTime = open
        policy.jitterPercent = 0
        policy.successesToClose = successes
        return policy
    }

    /// Whether a breaker can keep to it.
    var isSound: Bool {
        let limits = [failurePercent, failureCount, consecutiveFailures, slowPercent]
        return limits.allSatisfy { ($0 ?? 1) > 0 } && limits.contains { $0 != nil }
            && windowSeconds > 0 && minimumCalls > 0 && probes > 0 && successesToClose > 0
            && rampTop > 0 && openTime > .zero && openTime <= longestOpenTime
            && (0..<100).contains(jitterPercent) && halfOpenLimit > .zero
    }

    /// Whether the sums of a window are reason to open.
    func isExceeded(calls: Int64, failures: Int64, slow: Int64, inARow: Int) -> Bool {
        if let limit = consecutiveFailures, inARow >= limit { return true }
        if let limit = failureCount, failures >= Int64(limit) { return true }
        guard calls >= Int64(minimumCalls) else { return false }
        if let percent = failurePercent, failures * 100 >= calls * Int64(percent) { return true }
        if let percent = slowPercent, slow * 100 >= calls * Int64(percent) { return true }
        return false
    }

    /// How long the opening number `n` in succession lasts, from 0, before chance.
    func openTime(_ n: Int) -> Duration {
        var time = openTime
        for _ in 0..<n where time < longestOpenTime { time = min(time * 2, longestOpenTime) }
        return time
    }
}
