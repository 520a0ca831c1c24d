// SPDX-License-Identifier: Apache-2.0

package import GatewayCore

/// How sound the readings are, as looked at once a second.
package struct ValidationStatus: Equatable, Sendable {
    /// One source.
    package struct Source: Equatable, Sendable {
        package var name: String
        package var counts: RejectionCounts
        /// Over the last minute.
        package var readingsPerSecond: Double
        /// Over the last minute.
        package var rejectionsPerSecond: Double
        /// Too much of the last minute was wrong.
        package var isAlarmed: Bool
    }

    /// In the order of the settings.
    package var sources: [Source] = []
    /// Sensors that have fallen silent.
    package var staleSensors = 0
    /// Readings lifted, in the order of `LiftReason`.
    package var lifts = [Int](repeating: 0, count: LiftReason.allCases.count)

    /// Nothing has been looked at.
    package init() {}
}
