// SPDX-License-Identifier: Apache-2.0

/// `*` and two hexadecimal digits at the end of a line: the exclusive or of the bytes before it,
/// without a `$` that begins the line, as NMEA 0183 has it.
enum LineChecksum {
    /// Where the `*` of a checksum stands, nil if the line ends in none.
    @inline(__always)
    static func place(_ line: Span<UInt8>, _ end: Int) -> Int? {
        guard end >= 3, line[end &- 3] == ASCII.star, ASCII.hexValue(line[end &- 2]) != nil,
            ASCII.hexValue(line[end &- 1]) != nil
        else { return nil }
        return end &- 3
    }

    /// The line is what its checksum at `star` says, or this throws.
    static func verify(_ line: Span<UInt8>, _ star: Int) throws(LineError) {
        var sum: UInt8 = 0
        for i in (star > 0 && line[0] == ASCII.dollar ? 1 : 0)..<star { sum ^= line[i] }
        let high = ASCII.hexValue(line[star + 1]) ?? 0
        let low = ASCII.hexValue(line[star + 2]) ?? 0
        let found = UInt8(truncatingIfNeeded: high << 4 | low)
        guard sum == found else {
            throw .checksum(.wrong(expected: sum, found: found), at: star)
        }
    }
}
