// SPDX-License-Identifier: Apache-2.0

/// Lets only so many retries through as the sends of the latest while allow.
///
/// A peer that is weak fails more, and each failure asks for a retry: without a bound the load
/// grows when it must shrink. All lanes share one budget.
package struct RetryBudget: Sendable {
    /// Retries may be so many percent of the sends in the window.
    package let percent: Int
    /// So many are allowed however few sends there are.
    package let minimum: Int
    /// Sends that were noted.
    package private(set) var sends: UInt64 = 0
    /// Retries that were allowed.
    package private(set) var retries: UInt64 = 0
    /// Retries that were not.
    package private(set) var refusals: UInt64 = 0
    private var window: BucketWindow

    /// `percent` of the sends of the last `seconds`, and `minimum` in any case.
    package init(percent: Int = 20, minimum: Int = 3, seconds: Int = 30) {
        precondition((0...100).contains(percent) && minimum >= 0, "a share is 0 to 100 percent")
        self.percent = percent
        self.minimum = minimum
        window = BucketWindow(count: seconds)
    }

    /// Something was sent, for the first time or again.
    package mutating func noteSend(at now: MonotonicInstant) {
        sends += 1
        window.add([1, 0, 0, 0], at: now)
    }

    /// Whether a retry may go now; it is counted if so.
    package mutating func takeRetry(at now: MonotonicInstant) -> Bool {
        window.advance(to: now)
        guard room > 0 else {
            refusals += 1
            return false
        }
        retries += 1
        window.add([0, 1, 0, 0], at: now)
        return true
    }

    /// Retries that may still go, as of the latest call.
    package var room: Int {
        let allowed = max(Int64(minimum), window.total[0] * Int64(percent) / 100)
        return Int(max(0, allowed - window.total[1]))
    }
}
