// SPDX-License-Identifier: Apache-2.0

internal import GatewayCore

/// What became of readings since the shared counts were last told, so that their lock is taken
/// once a batch and not once a reading.
struct ReadingTally: Sendable {
    /// In a window.
    var taken = 0
    var invalid = 0
    var overQuota = 0
    private var suppressions = InlineArray<3, Int>(repeating: 0)

    init() {}

    var isEmpty: Bool { all == 0 }

    /// Readings that came, those of aggregates included.
    var all: Int {
        taken + invalid + overQuota + suppressions[0] + suppressions[1] + suppressions[2]
    }

    mutating func suppress(_ rule: SuppressionRule) { suppressions[rule.rawValue] += 1 }

    func tell(_ counts: inout ReadingCounts) {
        if taken > 0 { counts.take(taken) }
        if invalid > 0 { counts.refuse(invalid, .invalid) }
        if overQuota > 0 { counts.refuse(overQuota, .quota) }
        for rule in SuppressionRule.allCases where suppressions[rule.rawValue] > 0 {
            counts.suppress(suppressions[rule.rawValue], rule)
        }
    }
}
