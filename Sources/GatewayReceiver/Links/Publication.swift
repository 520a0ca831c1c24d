// SPDX-License-Identifier: Apache-2.0

/// A message for a broker, QoS 1.
struct Publication: Sendable {
    /// What becomes of it when there is no connection.
    enum Purpose: Equatable, Sendable {
        /// Sent when there is one; the place of its frame comes back with the broker's answer.
        case reading(UInt64)
        /// Sent when there is one.
        case notice
        /// Only of use while it is new: dropped.
        case request
    }

    var topic: String
    var payload: [UInt8]
    var purpose: Purpose
    /// The broker keeps it for who comes later.
    var isRetained = false
}
