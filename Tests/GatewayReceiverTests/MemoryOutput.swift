// SPDX-License-Identifier: Apache-2.0

import GatewayReceiver
import HostSystem

/// An output in memory that can be full.
final class MemoryOutput: SinkOutput {
    var bytes: [UInt8] = []
    var limit = Int.max

    func write(_ new: Span<UInt8>) throws(SystemError) {
        let room = min(new.count, max(limit - bytes.count, 0))
        for i in 0..<room { bytes.append(new[i]) }
        guard room == new.count else { throw SystemError(code: 28) }
    }

    func synchronize() throws(SystemError) {}
    func cut(to byteCount: Int) throws(SystemError) { bytes.removeLast(bytes.count - byteCount) }
    func byteCount() throws(SystemError) -> Int? { bytes.count }

    /// The ids of the readings.
    var ids: [String] {
        lines.dropFirst().map { String($0.split(separator: ",").last ?? "") }
    }

    var lines: [Substring] { String(decoding: bytes, as: UTF8.self).split(separator: "\n") }
}
