// SPDX-License-Identifier: Apache-2.0

/// How much a reading matters, and why.
public struct Classification: Equatable, Sendable {
    /// What decided the priority; the numbers are those that were compared.
    public enum Reason: Equatable, Sendable {
        /// Nothing speaks against the sensor's base priority.
        case base
        /// The value is not a number. Nothing can be compared with it.
        case notANumber
        /// The value is infinite, and no limit of the sensor says that this is broken.
        case infinite(value: Double)
        /// The value lies below the low limit.
        case tooLow(value: Double, limit: Double)
        /// The value lies above the high limit.
        case tooHigh(value: Double, limit: Double)
        /// The low limit was broken and the value has not come back to `clearsAt` since.
        case stillLow(value: Double, clearsAt: Double)
        /// The high limit was broken and the value has not come back to `clearsAt` since.
        case stillHigh(value: Double, clearsAt: Double)
        /// The distance to the reading before is above the maximum.
        case step(size: Double, maximum: Double)
        /// The change per second since the reading before is above the maximum.
        case rate(perSecond: Double, maximum: Double)
        /// The value differs from the one before.
        case change(from: Double)
        /// A rule lifted a reading so many nanoseconds before, and its priority lasts longer.
        case held(nanoseconds: Int64)
        /// The value lies `ratio` times the usual distance from what was expected.
        case surprise(ratio: Double, expected: Double)
    }

    /// The priority that the reading gets.
    public var priority: Priority
    /// What decided it.
    public var reason: Reason

    /// A priority with its reason.
    @inlinable
    public init(priority: Priority, reason: Reason) {
        self.priority = priority
        self.reason = reason
    }

    /// Takes over a reason that is as urgent or more; of equals the first one asked stays.
    mutating func raise(to priority: Priority, because reason: Reason) {
        guard priority < self.priority || (priority == self.priority && self.reason == .base)
        else { return }
        self = Classification(priority: priority, reason: reason)
    }
}
