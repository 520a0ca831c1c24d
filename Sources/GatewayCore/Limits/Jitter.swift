// SPDX-License-Identifier: Apache-2.0

/// A stream of chance made of one number, for machines that need it where nobody can pass it in.
///
/// The number comes from outside and differs from node to node, so that a fleet does not act as
/// one; the same number gives the same stream, so that a test can repeat it. It is the generator
/// known as SplitMix64, and protects nothing.
package struct Jitter: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The stream of `seed`.
    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        // Wraps by design: only the bits count.
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// `span`, up to `percent` of it longer or shorter.
    mutating func spread(_ span: Duration, percent: Int) -> Duration {
        let reach = span.nanoseconds / 100 * Int64(percent)
        guard reach > 0 else { return span }
        return span + .nanoseconds(Int64.random(in: -reach...reach, using: &self))
    }
}
