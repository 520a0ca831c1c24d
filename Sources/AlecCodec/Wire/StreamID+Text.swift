// SPDX-License-Identifier: Apache-2.0

// Embedded Swift has no room for strings; there `text` serves.
#if !hasFeature(Embedded)
extension StreamID: LosslessStringConvertible {
    /// The id that eight lower-case base32 characters give; nil for any other text.
    public init?(_ description: String) { self.init(text: description.utf8.span) }

    /// Eight lower-case base32 characters.
    public var description: String {
        let text = text
        return String(decoding: text.indices.map { text[$0] }, as: UTF8.self)
    }
}

extension Lane: LosslessStringConvertible {
    /// The lane of that name; nil for any other text.
    public init?(_ description: String) {
        guard let lane = Lane.allCases.first(where: { $0.description == description }) else {
            return nil
        }
        self = lane
    }

    /// `data`, `alert` or `deferred`: the name in topics, files and identities of readings.
    public var description: String {
        switch self {
        case .data: "data"
        case .alert: "alert"
        case .deferred: "deferred"
        }
    }
}

#endif
