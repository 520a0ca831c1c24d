// SPDX-License-Identifier: Apache-2.0

/// A place in bytes from outside. Every step checks the end first.
struct ByteCursor {
    private(set) var at: Int
    /// Reading stops here.
    let end: Int

    init(at start: Int = 0, end: Int) {
        at = start
        self.end = end
    }

    var isAtEnd: Bool { at >= end }

    mutating func byte(_ bytes: Span<UInt8>) throws(DecodeError) -> UInt8 {
        guard at < end else { throw .truncated(at: end) }
        defer { at += 1 }
        return bytes[at]
    }

    /// Little endian, `count` bytes of at most eight.
    mutating func integer(_ bytes: Span<UInt8>, count: Int) throws(DecodeError) -> UInt64 {
        guard end - at >= count else { throw .truncated(at: end) }
        var result: UInt64 = 0
        for i in 0..<count { result |= UInt64(bytes[at + i]) << UInt64(8 * i) }
        at += count
        return result
    }

    /// Seven bits a byte, low first, in the shortest form, at most `limit`. Five bytes hold a
    /// number of 32 bits, nine one of 63; no number has more bytes than its limit may need.
    mutating func varint(_ bytes: Span<UInt8>, limit: UInt64) throws(DecodeError) -> UInt64 {
        let start = at
        let mostBits: UInt64 = limit <= UInt64(UInt32.max) ? 35 : 63
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte(bytes)
            result |= UInt64(byte & 127) << shift
            if byte < 128 {
                let isShortest = byte != 0 || at - start == 1
                guard isShortest, result <= limit else { throw .malformed(.varint, at: start) }
                return result
            }
            shift += 7
            guard shift < mostBits else { throw .malformed(.varint, at: start) }
        }
    }

    mutating func skip(_ count: Int) throws(DecodeError) {
        guard end - at >= count else { throw .truncated(at: end) }
        at += count
    }
}
