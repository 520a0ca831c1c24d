// SPDX-License-Identifier: Apache-2.0

/// Integers in the one byte order of the format.
enum LittleEndian {
    /// The integer of `count` bytes at `offset`; the caller knows that they are there.
    static func read(_ bytes: Span<UInt8>, at offset: Int, count: Int) -> UInt64 {
        var word: UInt64 = 0
        for i in 0..<count { word |= UInt64(bytes[offset + i]) << UInt64(8 * i) }
        return word
    }

    /// Appends the low `count` bytes of `word`.
    static func append(_ word: UInt64, count: Int, to bytes: inout [UInt8]) {
        for i in 0..<count { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * i))) }
    }
}
