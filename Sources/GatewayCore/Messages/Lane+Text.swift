// SPDX-License-Identifier: Apache-2.0

package import AlecCodec

extension Lane {
    /// The lane's name in messages and topics.
    package var text: String {
        switch self {
        case .data: "data"
        case .alert: "alert"
        case .deferred: "deferred"
        }
    }

    /// The lane called `text`.
    package init?(text: String) {
        guard let lane = Self.allCases.first(where: { $0.text == text }) else { return nil }
        self = lane
    }
}
