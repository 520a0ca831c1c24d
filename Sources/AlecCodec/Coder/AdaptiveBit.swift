// SPDX-License-Identifier: Apache-2.0

/// What is known about one yes-or-no question: how likely a yes is, and how firmly that is known.
///
/// The more answers were seen, the less one answer moves the estimate, down to a floor
/// that the caller sets with `limit`.
///
///     bits 31...16   answers seen, up to the limit
///     bits 15...0    P(yes) in 1/65536
///
/// One word: it is read and written a million times a second, and start values are copied.
struct AdaptiveBit: Equatable {
    private var word: UInt32

    /// A start value of the format: `value` in 1/256, as firm as `seen` answers.
    @inline(__always)
    init(start value: UInt8, seen: UInt32) { word = seen &<< 16 | UInt32(value) &<< 8 | 128 }

    /// A word of the table of start values.
    @inline(__always)
    init(word: UInt32) { self.word = word }

    /// P(yes) in 1/65536, and how many answers it rests on.
    var chance: UInt16 { UInt16(truncatingIfNeeded: word) }
    var seen: UInt16 { UInt16(truncatingIfNeeded: word &>> 16) }

    /// P(yes) as it is coded: never so sure that one surprise costs more than eleven bits.
    @inline(__always)
    var codedChance: UInt64 { UInt64(min(max(word & 0xFFFF, 24), 65_512)) }

    /// Learns from one answer.
    @inline(__always)
    mutating func learn(_ answer: Bool, limit: UInt32) {
        let rate = Int32(truncatingIfNeeded: Self.rates[Int(word &>> 16 & 255)])
        let chance = Int32(truncatingIfNeeded: word & 0xFFFF)
        let target: Int32 = answer ? 65_535 : 0
        let moved = chance &+ ((target &- chance) &* rate) &>> 15
        let firmness = word & 0xFFFF_0000
        word =
            (firmness < limit &<< 16 ? firmness &+ 0x1_0000 : firmness)
            | UInt32(truncatingIfNeeded: moved)
    }

    /// floor(65536 / (2n + 3)).
    static let rates: InlineArray<256, UInt16> = [
        21845, 13107, 9362, 7281, 5957, 5041, 4369, 3855, 3449, 3120, 2849, 2621,
        2427, 2259, 2114, 1985, 1872, 1771, 1680, 1598, 1524, 1456, 1394, 1337,
        1285, 1236, 1191, 1149, 1110, 1074, 1040, 1008, 978, 949, 923, 897,
        873, 851, 829, 809, 789, 771, 753, 736, 720, 704, 689, 675,
        661, 648, 636, 624, 612, 601, 590, 579, 569, 560, 550, 541,
        532, 524, 516, 508, 500, 492, 485, 478, 471, 464, 458, 451,
        445, 439, 434, 428, 422, 417, 412, 407, 402, 397, 392, 387,
        383, 378, 374, 370, 366, 362, 358, 354, 350, 346, 343, 339,
        336, 332, 329, 326, 322, 319, 316, 313, 310, 307, 304, 302,
        299, 296, 293, 291, 288, 286, 283, 281, 278, 276, 274, 271,
        269, 267, 265, 263, 261, 259, 257, 255, 253, 251, 249, 247,
        245, 243, 241, 240, 238, 236, 234, 233, 231, 229, 228, 226,
        225, 223, 222, 220, 219, 217, 216, 214, 213, 212, 210, 209,
        208, 206, 205, 204, 202, 201, 200, 199, 197, 196, 195, 194,
        193, 192, 191, 189, 188, 187, 186, 185, 184, 183, 182, 181,
        180, 179, 178, 177, 176, 175, 174, 173, 172, 172, 171, 170,
        169, 168, 167, 166, 165, 165, 164, 163, 162, 161, 161, 160,
        159, 158, 157, 157, 156, 155, 154, 154, 153, 152, 152, 151,
        150, 149, 149, 148, 147, 147, 146, 145, 145, 144, 144, 143,
        142, 142, 141, 140, 140, 139, 139, 138, 137, 137, 136, 136,
        135, 135, 134, 134, 133, 132, 132, 131, 131, 130, 130, 129,
        129, 128, 128, 127,
    ]
}

/// How fast bits forget; part of the format.
enum LearningLimit {
    /// Bits of the value and time models.
    static let model: UInt32 = 250
    /// Bit trees, their signs, and flags of parameters.
    static let tree: UInt32 = 30
    /// Bits that describe which channels are present.
    static let layout: UInt32 = 60
}
