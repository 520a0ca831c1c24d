// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
package import LineProtocols

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
