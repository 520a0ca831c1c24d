// SPDX-License-Identifier: Apache-2.0

import GatewayReceiver
import HostSystem

/// An output in memory that can be full.
final class MemoryOutput: SinkOutput {
    var bytes: [UInt8] = []
    var limit = Int.max

    func write(_ new: Span<UInt8>) throws(SystemError) {
        for i in new.indices {
            guard bytes.count < limit else { throw SystemError(code: 28) }
            bytes.append(new[i])
        }
    }

    func synchronize() throws(SystemError) {}
    func cut(to byteCount: Int) throws(SystemError) { bytes.removeLast(bytes.count - byteCount) }
    func byteCount() throws(SystemError) -> Int? { bytes.count }

    var lines: [Substring] { String(decoding: bytes, as: UTF8.self).split(separator: "\n") }
}
