// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What the machine is called.
package enum HostName {
    /// Its name, as the kernel knows it; empty if there is none.
    package static var current: String {
        var buffer = [UInt8](repeating: 0, count: 256)
        // The kernel's names are at most 64 bytes; the last byte stays zero in any case.
        let code: CInt = unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return -1 }
            return unsafe gethostname(start, bytes.count - 1)
        }
        guard code == 0 else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
    }
}
