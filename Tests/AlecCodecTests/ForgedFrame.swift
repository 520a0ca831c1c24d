// SPDX-License-Identifier: Apache-2.0

@testable import AlecCodec

/// Frames with a head of our choice and the check that belongs to it.
enum ForgedFrame {
    static let key = KeyHead(
        stream: StreamHead(id: StreamID(random: 0x12_3456_789A)), predecessor: nil)

    /// A key frame if `key` is given, else chained to a frame that left `link`.
    static func frame(
        group: UInt32, index: UInt32, key: KeyHead?, isAnnotated: Bool = false,
        link: FrameLink = .none, payload: [UInt8]
    ) -> [UInt8] {
        let head = FrameHead(group: group, index: index, key: key, isAnnotated: isAnnotated)
        var bytes: [UInt8] = []
        head.append(to: &bytes)
        let checkAt = bytes.count
        bytes += [0, 0, 0, 0] + payload
        repairCheck(&bytes, at: checkAt, link: key == nil ? link : .none)
        return bytes
    }

    /// An extended frame that begins with `bytes`, and the check that belongs to them.
    static func extended(_ bytes: [UInt8]) -> [UInt8] {
        var frame = bytes
        ByteWriter.append(UInt64(Checksum.value(of: bytes.span)), count: 4, to: &frame)
        return frame
    }

    /// Writes the check that the other bytes call for.
    static func repairCheck(_ frame: inout [UInt8], at checkAt: Int, link: FrameLink) {
        let check = link.check(
            frame.span, head: 0..<checkAt, payload: (checkAt + 4)..<frame.count)
        for i in 0..<4 { frame[checkAt + i] = UInt8(truncatingIfNeeded: check >> UInt32(8 * i)) }
    }
}
