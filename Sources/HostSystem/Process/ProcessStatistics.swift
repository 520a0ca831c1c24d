// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What the process uses.
package enum ProcessStatistics {
    /// Memory that is in use now, in bytes.
    package static func residentBytes() throws(SystemError) -> Int {
        let file = try FileDescriptor.reading("/proc/self/statm")
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = try file.read(into: &buffer)
        // Pages: the whole of it, what is resident, and more.
        let fields = buffer.prefix(count).split(separator: UInt8(ascii: " "))
        guard fields.count > 1, let pages = Int(String(decoding: fields[1], as: UTF8.self)) else {
            throw SystemError(code: EINVAL)
        }
        return pages * sysconf(CInt(_SC_PAGESIZE))
    }
}
