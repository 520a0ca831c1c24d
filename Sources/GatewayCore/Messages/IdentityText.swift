// SPDX-License-Identifier: Apache-2.0

package import AlecCodec
package import LineProtocols

extension StreamID {
    /// The eight letters as a string.
    package var string: String {
        let letters = text
        var bytes: [UInt8] = []
        for i in letters.indices { bytes.append(letters[i]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The stream that is called `text`; nil unless it is eight letters a to z and 2 to 7.
    package init?(text: String) {
        guard text.utf8.count == Self.textLength else { return nil }
        var bits: UInt64 = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): bits = bits << 5 | UInt64(byte - 97)
            case UInt8(ascii: "2")...UInt8(ascii: "7"): bits = bits << 5 | UInt64(byte - 24)
            default: return nil
            }
        }
        self.init(random: bits)
    }
}

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

extension Quality {
    /// The name of the quality in JSON.
    package var text: StaticString {
        switch self {
        case .good: "good"
        case .uncertain: "uncertain"
        case .bad: "bad"
        case .stale: "stale"
        case .time: "time"
        }
    }
}

extension FrameIdentity {
    /// Writes `sid.lane.group.index`.
    package func append(to text: inout TextBuffer) {
        let letters = group.stream.text
        for i in letters.indices { text.append(letters[i]) }
        switch group.lane {
        case .data: text.append(".data.")
        case .alert: text.append(".alert.")
        case .deferred: text.append(".deferred.")
        }
        text.append(decimal: UInt64(group.group))
        text.append(UInt8(ascii: "."))
        text.append(decimal: UInt64(index))
    }
}
