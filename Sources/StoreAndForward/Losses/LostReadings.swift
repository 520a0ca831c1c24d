// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

/// Readings that left the spool since it was last asked, by reason.
package struct LostReadings: Equatable, Sendable {
    /// Of one reason.
    package struct Amount: Equatable, Sendable {
        /// Groups.
        package var groups = 0
        /// Readings that were waiting to be sent.
        package var stored = 0
        /// Readings that were waiting to be asked for.
        package var deferred = 0
        /// All of them.
        package var readings: Int { stored + deferred }
    }

    private var amounts = [Amount](repeating: Amount(), count: LossReason.allCases.count)

    /// None.
    package init() {}

    /// Those of `reason`.
    package subscript(_ reason: LossReason) -> Amount { amounts[Int(reason.rawValue) - 1] }

    /// Whether there are none.
    package var isEmpty: Bool { amounts.allSatisfy { $0.groups == 0 } }

    mutating func add(_ readings: Int, lane: Lane, _ reason: LossReason) {
        let i = Int(reason.rawValue) - 1
        amounts[i].groups += 1
        if lane == .deferred {
            amounts[i].deferred += readings
        } else {
            amounts[i].stored += readings
        }
    }
}
