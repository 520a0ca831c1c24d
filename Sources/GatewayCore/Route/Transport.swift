// SPDX-License-Identifier: Apache-2.0

/// A way out for frames, as the router knows it.
package struct Transport: Sendable {
    /// What it leads to.
    package enum Kind: String, CaseIterable, Sendable {
        case broker
        case file
        case stdout
    }

    /// What the operator calls it.
    package let name: String
    /// What it leads to.
    package let kind: Kind
    /// Without an outcome for so long, sending failed.
    package let sendTimeout: Duration
    /// Whether it takes anything.
    package var breaker: CircuitBreaker
    /// How long it took of late.
    package internal(set) var latency = LatencyWindow()
    /// Whether there is a connection, or an open file.
    package internal(set) var isUp: Bool
    /// Since when it has been up with its breaker closed; nil while it is not.
    var stableSince: MonotonicInstant?
    /// When it was sent something last, or found to be up.
    var triedAt = MonotonicInstant(nanoseconds: .min)
    /// Outcomes of the last five minutes, and the successes among them.
    private var outcomes = BucketWindow(count: 30, width: .seconds(10))

    /// A transport that is down, or up if it needs no connection.
    package init(
        name: String, kind: Kind, sendTimeout: Duration = .seconds(20),
        breaker: CircuitBreaker = CircuitBreaker()
    ) {
        self.name = name
        self.kind = kind
        self.sendTimeout = sendTimeout
        self.breaker = breaker
        isUp = kind != .broker
    }

    /// How many percent of the latest sends succeeded; nil without any.
    package var successPercent: Int? {
        let total = outcomes.total
        return total[0] > 0 ? Int(total[1] * 100 / total[0]) : nil
    }

    mutating func note(
        _ outcome: CircuitBreaker.Outcome, after latency: Duration, at now: MonotonicInstant
    ) {
        switch outcome {
        case .succeeded:
            self.latency.add(latency)
            outcomes.add([1, 1, 0, 0], at: now)
        case .failed, .timedOut:
            outcomes.add([1, 0, 0, 0], at: now)
            // What fails is not stable, even if its breaker still bears it.
            stableSince = nil
        }
    }

    /// Takes note of whether it has become stable, or is no longer.
    mutating func settle(at now: MonotonicInstant) {
        if isUp && breaker.isClosed {
            if stableSince == nil {
                stableSince = now
                triedAt = now
            }
        } else {
            stableSince = nil
        }
    }
}
