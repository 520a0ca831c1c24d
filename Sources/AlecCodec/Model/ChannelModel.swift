// SPDX-License-Identifier: Apache-2.0

/// The estimates of one channel. They start with the group and survive a change of parameters.
struct ChannelModel {
    /// "Same as before": by the last three answers, and by what the prediction says.
    var same = InlineArray<8, InlineArray<3, AdaptiveBit>>(repeating: .init(repeating: .blank))
    /// "In the set of recent values": by the last four answers.
    var hit = InlineArray<16, AdaptiveBit>(repeating: .blank)
    var escape = AdaptiveBit.blank
    var sameEscape = AdaptiveBit.blank
    var correction = InlineArray<4, AdaptiveBit>(repeating: .blank)
    var sharedTimes = AdaptiveBit.blank
    /// Exponents of noisy doubles: by whether the one before lay below, at or above.
    var exponents = InlineArray<3, InlineArray<26, AdaptiveBit>>(
        repeating: .init(repeating: .blank))
    var noisySign = InlineArray<2, AdaptiveBit>(repeating: .blank)
    /// The two leading mantissa bits: by the exponent.
    var mantissa = InlineArray<6, InlineArray<4, AdaptiveBit>>(repeating: .init(repeating: .blank))

    /// Every estimate takes its start value.
    mutating func reset() {
        var reader = ChannelStartReader()
        for i in same.indices { reader.fill(&same[i]) }
        reader.fill(&hit)
        escape = reader.next()
        sameEscape = reader.next()
        reader.fill(&correction)
        sharedTimes = reader.next()
        for i in exponents.indices { reader.fill(&exponents[i]) }
        reader.fill(&noisySign)
        for i in mantissa.indices { reader.fill(&mantissa[i]) }
    }
}

/// Walks through the start values of a channel's estimates, in the order of the format.
private struct ChannelStartReader {
    private var at = 0

    @inline(__always)
    mutating func next() -> AdaptiveBit {
        defer { at &+= 1 }
        return AdaptiveBit(word: StartValues.channel[at])
    }

    @inline(__always)
    mutating func fill<let count: Int>(_ bits: inout InlineArray<count, AdaptiveBit>) {
        for i in 0..<count { bits[i] = next() }
    }
}
