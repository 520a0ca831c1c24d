// SPDX-License-Identifier: Apache-2.0

import AlecCodec

/// One channel table frame.
enum TableTrial {
    static func run(_ input: [UInt8], _ mode: FuzzDecoder.Mode) {
        var frame = input
        if mode.isHelped { repair(&frame) }
        guard let decoded = try? ChannelTableFrame(frame.span, limits: mode.limits) else { return }
        precondition(decoded.table.entries.count <= mode.limits.channels)
        var again: [UInt8] = []
        decoded.append(to: &again)
        precondition(again == frame, "a table has one form only")
    }

    private static func repair(_ frame: inout [UInt8]) {
        guard frame.count >= 4 else { return }
        var checksum = Checksum()
        checksum.add(frame.span, 0..<(frame.count - 4))
        for i in 0..<4 {
            frame[frame.count - 4 + i] = UInt8(
                truncatingIfNeeded: checksum.value >> UInt32(8 * i))
        }
    }
}
