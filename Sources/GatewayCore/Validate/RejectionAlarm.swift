// SPDX-License-Identifier: Apache-2.0

/// How much of a source is wrong lately, and whether that is too much.
///
/// The last minute is kept in slices, so that a look costs the same however much comes. The
/// alarm ends at half of what raises it, so that it does not flutter.
package struct RejectionAlarm: Equatable, Sendable {
    /// What changed.
    package enum Change: Equatable, Sendable {
        /// So many of a thousand were wrong.
        case raised(perMille: Int)
        case cleared(perMille: Int)
    }

    private struct Slice: Equatable, Sendable {
        var seen = 0
        var rejected = 0
    }

    /// The span that is looked at.
    package static let span = Duration.seconds(60)
    private static let sliceCount = 12
    private static let sliceLength: Int64 = 5_000_000_000
    /// Fewer say nothing.
    private static let leastSeen = 20

    /// The part, in percent, that is too much; 0 for no alarm.
    package var limit: Double
    /// Too much is wrong.
    package private(set) var isRaised = false
    private var slices = [Slice](repeating: Slice(), count: Self.sliceCount)
    /// The number of the newest slice since the clock began.
    private var newest: Int64 = 0
    private var startedAt: MonotonicInstant?
    private var knownSeen = 0
    private var knownRejected = 0

    /// Raised above `limit` percent.
    package init(limit: Double) { self.limit = limit }

    /// The totals of the source by now; what changed by them.
    package mutating func look(
        seen: Int, rejected: Int, at now: MonotonicInstant
    ) -> Change? {
        if startedAt == nil { startedAt = now }
        advance(to: now)
        let i = Int(newest % Int64(Self.sliceCount))
        // Totals that went down were reset.
        slices[i].seen += max(seen - knownSeen, 0)
        slices[i].rejected += max(rejected - knownRejected, 0)
        (knownSeen, knownRejected) = (seen, rejected)
        return judge()
    }

    /// Readings seen and found wrong each second, over the last minute.
    package func rates(at now: MonotonicInstant) -> (seen: Double, rejected: Double) {
        guard let startedAt else { return (0, 0) }
        let span = min(max((now - startedAt).nanoseconds, 1_000_000_000), Self.span.nanoseconds)
        let seconds = Double(span) / 1e9
        let sum = sum
        return (Double(sum.seen) / seconds, Double(sum.rejected) / seconds)
    }

    private var sum: Slice {
        slices.reduce(into: Slice()) {
            $0.seen += $1.seen
            $0.rejected += $1.rejected
        }
    }

    private mutating func advance(to now: MonotonicInstant) {
        let number = now.nanoseconds / Self.sliceLength
        guard number > newest else { return }
        for passed in 1...min(number - newest, Int64(Self.sliceCount)) {
            slices[Int((newest + passed) % Int64(Self.sliceCount))] = Slice()
        }
        // A long silence empties all, wherever the newest is then.
        newest = number
    }

    private mutating func judge() -> Change? {
        let sum = sum
        let percent = sum.seen > 0 ? Double(sum.rejected) * 100 / Double(sum.seen) : 0
        let perMille = Int(min(percent, 100) * 10)
        if isRaised {
            guard limit == 0 || percent < limit / 2 else { return nil }
            isRaised = false
            return .cleared(perMille: perMille)
        }
        guard limit > 0, sum.seen >= Self.leastSeen, percent > limit else { return nil }
        isRaised = true
        return .raised(perMille: perMille)
    }
}
