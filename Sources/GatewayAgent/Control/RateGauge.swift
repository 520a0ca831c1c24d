// SPDX-License-Identifier: Apache-2.0

internal import GatewayCore

/// How fast a number that only grows has grown lately.
struct RateGauge {
    /// So long it looks back, twice that at most.
    private static let span = Duration.seconds(10)

    private var marks: [(at: MonotonicInstant, total: Int)]

    init(at now: MonotonicInstant, total: Int = 0) { marks = [(now, total)] }

    /// The number is `total` now.
    mutating func note(_ total: Int, at now: MonotonicInstant) {
        guard let newest = marks.last, now - newest.at >= Self.span else { return }
        marks = [newest, (now, total)]
    }

    /// Per second.
    func perSecond(_ total: Int, at now: MonotonicInstant) -> Double {
        guard let oldest = marks.first else { return 0 }
        let seconds = Double((now - oldest.at).nanoseconds) / 1e9
        return seconds > 0 ? Double(total - oldest.total) / seconds : 0
    }
}
