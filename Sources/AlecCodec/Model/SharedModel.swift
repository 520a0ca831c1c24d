// SPDX-License-Identifier: Apache-2.0

/// The estimates of one row of the residual coder; `ResidualRow` says which is which.
typealias ResidualRow = InlineArray<28, AdaptiveBit>

/// The estimates for numbers that are coded by their length, then raw.
struct NumberModel {
    var lengths = InlineArray<128, AdaptiveBit>(repeating: .blank)
    var sign = AdaptiveBit.blank
}

/// The estimates that all channels of a group share.
///
/// They start at trained values with every key frame and learn until the group ends.
///
/// Ten thousand bytes: methods that run often take it as `inout` or are `mutating`, because a
/// call by value copies it.
struct SharedModel {
    /// Values around their prediction, a row for each level of spread.
    var values = InlineArray<8, ResidualRow>(repeating: .init(repeating: .blank))
    /// Ranks in the set of recent values.
    var ranks = InlineArray<8, ResidualRow>(repeating: .init(repeating: .blank))
    /// Times around their prediction: four levels of spread for each of nine recent histories.
    var times = InlineArray<36, ResidualRow>(repeating: .init(repeating: .blank))

    var firstValue = NumberModel()
    var firstTime = NumberModel()
    var timeDelta = NumberModel()
    var secondTime = NumberModel()
    var correction = NumberModel()
    var parameter = NumberModel()
    var sampleCount = NumberModel()

    var flags = FlagModel()
    var kind = InlineArray<8, AdaptiveBit>(repeating: .blank)
    /// Decimal digits, for each of the three decimal kinds.
    var digits = InlineArray<3, InlineArray<16, AdaptiveBit>>(
        repeating: .init(repeating: .blank))
    /// Units of an absolute time and of a difference.
    var units = InlineArray<2, InlineArray<8, AdaptiveBit>>(repeating: .init(repeating: .blank))

    var annotations = AnnotationModel()
}

/// Yes-or-no questions about layout and parameters.
struct FlagModel {
    var sameLayout = AdaptiveBit.blank
    var changes = AdaptiveBit.blank
    var valueChange = AdaptiveBit.blank
    var timeChange = AdaptiveBit.blank
    var sameCount = AdaptiveBit.blank
    var ownCount = AdaptiveBit.blank
    var sameParameters = AdaptiveBit.blank
    var divisor = AdaptiveBit.blank
    var lattice = AdaptiveBit.blank
    var origin = AdaptiveBit.blank
    var exact = AdaptiveBit.blank
    var set = AdaptiveBit.blank
    var filter = AdaptiveBit.blank
    var reference = AdaptiveBit.blank
    var sameUnit = AdaptiveBit.blank
    /// Any channel of a block present: by whether one was before; 2 in key frames.
    var block = InlineArray<3, AdaptiveBit>(repeating: .blank)
    /// A channel present: by its history and its neighbour; 8 and 9 in key frames.
    var present = InlineArray<10, AdaptiveBit>(repeating: .blank)
}

/// Lengths of gaps and runs of annotated readings, and what they say.
struct AnnotationModel {
    var gap = InlineArray<32, AdaptiveBit>(repeating: .start)
    var run = InlineArray<32, AdaptiveBit>(repeating: .start)
    var quality = InlineArray<8, AdaptiveBit>(repeating: .start)
    var priority = InlineArray<8, AdaptiveBit>(repeating: .start)
}

extension AdaptiveBit {
    /// What storage holds before the start values are written to it.
    static var blank: AdaptiveBit { AdaptiveBit(start: 0, seen: 0) }
    /// Nothing known, as firm as any shared estimate.
    static var start: AdaptiveBit { AdaptiveBit(start: 128, seen: 6) }
}

extension SharedModel {
    /// Begins a group: every estimate takes its start value.
    @inline(never)
    mutating func reset() {
        var reader = SharedStartReader()
        for i in values.indices { reader.fill(&values[i]) }
        for i in ranks.indices { reader.fill(&ranks[i]) }
        for i in times.indices { reader.fill(&times[i]) }
        resetNumbers(&reader)
        reader.fill(&flags)
        reader.fill(&kind)
        for i in digits.indices { reader.fill(&digits[i]) }
        for i in units.indices { reader.fill(&units[i]) }
        annotations = AnnotationModel()
    }

    /// The start values list all lengths first, then all signs. The seventh number, a gap
    /// between anchored frames, is reserved and has no storage.
    private mutating func resetNumbers(_ reader: inout SharedStartReader) {
        reader.fill(&firstValue.lengths)
        reader.fill(&firstTime.lengths)
        reader.fill(&timeDelta.lengths)
        reader.fill(&secondTime.lengths)
        reader.fill(&correction.lengths)
        reader.fill(&parameter.lengths)
        reader.skip(128)
        reader.fill(&sampleCount.lengths)
        firstValue.sign = reader.next()
        firstTime.sign = reader.next()
        timeDelta.sign = reader.next()
        secondTime.sign = reader.next()
        correction.sign = reader.next()
        parameter.sign = reader.next()
        reader.skip(1)
        sampleCount.sign = reader.next()
    }
}

/// Walks through the start values of the shared estimates, in the order of the format.
private struct SharedStartReader {
    private var at = 0

    mutating func skip(_ count: Int) { at += count }

    @inline(__always)
    mutating func next() -> AdaptiveBit {
        defer { at &+= 1 }
        return AdaptiveBit(word: StartValues.shared[at])
    }

    @inline(__always)
    mutating func fill<let count: Int>(_ bits: inout InlineArray<count, AdaptiveBit>) {
        // Said in full, so that the loop needs no checks and fills whole vectors.
        let start = at
        precondition(start >= 0, "reading goes forward")
        precondition(start <= StartValues.shared.count - count, "the table has the last array")
        for i in 0..<count {
            bits[i] = AdaptiveBit(word: StartValues.shared[start &+ i])
        }
        at = start &+ count
    }

    mutating func fill(_ flags: inout FlagModel) {
        flags.sameLayout = next()
        flags.changes = next()
        flags.valueChange = next()
        flags.timeChange = next()
        flags.sameCount = next()
        flags.ownCount = next()
        flags.sameParameters = next()
        flags.divisor = next()
        flags.lattice = next()
        flags.origin = next()
        flags.exact = next()
        flags.set = next()
        flags.filter = next()
        flags.reference = next()
        flags.sameUnit = next()
        fill(&flags.block)
        fill(&flags.present)
    }
}
