// SPDX-License-Identifier: Apache-2.0

/// Writes numbers as `ByteCursor` reads them.
enum ByteWriter {
    /// Little endian, the low `count` bytes.
    static func append(_ value: UInt64, count: Int, to bytes: inout [UInt8]) {
        for i in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * i))) }
    }

    /// Seven bits a byte, low first.
    static func appendVarint(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 128 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
