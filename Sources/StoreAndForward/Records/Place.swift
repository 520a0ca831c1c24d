// SPDX-License-Identifier: Apache-2.0

/// Where a record stands: the number of its segment and its offset, in one rising number.
package enum Place {
    /// The place at `offset` of segment `number`.
    package static func make(_ number: UInt32, _ offset: Int) -> UInt64 {
        UInt64(number) << 32 | UInt64(offset)
    }

    /// The segment that a place lies in.
    package static func segment(of place: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: place >> 32)
    }

    /// The offset in that segment.
    package static func offset(of place: UInt64) -> Int { Int(place & 0xFFFF_FFFF) }
}
