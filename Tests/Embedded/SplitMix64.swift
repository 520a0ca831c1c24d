// SPDX-License-Identifier: Apache-2.0

/// Chance with a seed: the same numbers on every machine.
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z &>> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z &>> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z &>> 31
    }

    /// 0 up to, but not including, `bound`.
    mutating func below(_ bound: UInt64) -> UInt64 { next() % bound }

    /// -reach to reach.
    mutating func step(_ reach: Int64) -> Int64 {
        Int64(below(2 * UInt64(reach) + 1)) - reach
    }
}
