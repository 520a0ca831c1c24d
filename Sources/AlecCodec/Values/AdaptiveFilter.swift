// SPDX-License-Identifier: Apache-2.0

/// A normalised least-mean-squares filter: guesses the next difference from the last sixteen,
/// two running means and the innovations of two reference channels.
///
/// Fixed point throughout. `shift` keeps the features within 18 bits whatever the signal's size;
/// weights are in 1/65536.
struct AdaptiveFilter {
    private static let order = 16
    private static let taps = 20
    private static let featureLimit: Int64 = 1 << 24

    private var weights = InlineArray<20, Int32>(repeating: 0)
    /// 0 to 15: the last differences, newest first; then two means and two innovations.
    private var features = InlineArray<20, Int32>(repeating: 0)
    /// A slowly falling peak of the differences.
    private var peak: UInt32 = 0
    private var shift = 0
    /// Sum of the squares of the first sixteen features, each in 1/256: kept up with each shift
    /// of the series instead of being summed anew.
    private var historyEnergy: Int64 = 0

    /// The guess, in 1/256 from the last number.
    @inline(__always)
    mutating func guess(
        _ slowMean: Int64, _ slowestMean: Int64, _ innovations: ReferenceInnovations
    ) -> Int64 {
        let wanted = max(0, UInt64(peak).bitLength &- 18)
        if wanted != shift { rescale(to: wanted) }
        let down = Int64(truncatingIfNeeded: shift)
        features[16] = Self.feature(slowMean &>> (4 &+ down))
        features[17] = Self.feature(slowestMean &>> (4 &+ down))
        features[18] = Self.feature(innovations.first &>> down)
        features[19] = Self.feature(innovations.second &>> down)
        var sum: Int64 = 0
        for i in 0..<Self.taps { sum = sum &+ Int64(weights[i]) &* Int64(features[i]) }
        let whole = ((sum &>> 16) &* 16).clamped(1 &<< 50)
        return (whole &<< min(down, 12)).clamped(1 &<< 60)
    }

    /// Learns the difference that came (plain, and in 1/256) where `guess` was expected.
    @inline(__always)
    mutating func learn(_ difference: Int64, scaled: Int64, guess: Int64, isFirst: Bool) {
        if !isFirst {
            let error = Self.feature(((scaled &- guess) &>> 4) &>> Int64(truncatingIfNeeded: shift))
            if error != 0 { adjust(Int64(error)) }
        }
        let size = UInt32(truncatingIfNeeded: min(difference.size, 0x0FFF_FFFF)) &* 16
        peak = size > peak ? size : peak &- peak &>> 7
        push(
            Self.feature(
                (difference.clamped(1 &<< 46) &* 16) &>> Int64(truncatingIfNeeded: shift)))
    }

    /// Moves each weight along its feature, by the error over the energy of all features.
    @inline(__always)
    private mutating func adjust(_ error: Int64) {
        var energy = 1 &+ historyEnergy
        for i in Self.order..<Self.taps { energy = energy &+ Self.energy(features[i]) }
        let length = UInt64(bitPattern: energy).bitLength
        // The five leading bits of the energy are all of the divisor that is worth a division.
        let top =
            length > 5
            ? energy &>> Int64(truncatingIfNeeded: length &- 5)
            : energy &<< Int64(truncatingIfNeeded: 5 &- length)
        let gain =
            (error &* Int64(Self.reciprocals[Int(truncatingIfNeeded: top & 31)]))
            &>> Int64(truncatingIfNeeded: length &- 1)
        // No feature exceeds 16 * sqrt(energy + 1), so this bounds every product.
        let productBits = gain.size.bitLength &+ 4 &+ (length &+ 1) / 2
        if productBits <= Self.plainProductBits {
            adjustPlainly(Int32(truncatingIfNeeded: gain))
        } else {
            adjustWithLimit(gain)
        }
    }

    /// Products of up to so many bits fit 32 bits and cannot reach the limit of a step.
    private static let plainProductBits = 28
    private static let stepLimit: Int64 = 1 << 20

    @inline(__always)
    private mutating func adjustPlainly(_ gain: Int32) {
        for i in 0..<Self.taps { weights[i] = weights[i] &+ (gain &* features[i]) &>> 8 }
    }

    @inline(never)
    private mutating func adjustWithLimit(_ gain: Int64) {
        for i in 0..<Self.taps {
            let step = ((gain &* Int64(features[i])) &>> 8).clamped(Self.stepLimit)
            weights[i] = weights[i] &+ Int32(truncatingIfNeeded: step)
        }
    }

    @inline(__always)
    private mutating func push(_ feature: Int32) {
        historyEnergy =
            historyEnergy &+ Self.energy(feature) &- Self.energy(features[Self.order &- 1])
        var i = Self.order &- 1
        while i > 0 {
            features[i] = features[i &- 1]
            i &-= 1
        }
        features[0] = feature
    }

    @inline(never)
    private mutating func rescale(to wanted: Int) {
        historyEnergy = 0
        for i in 0..<Self.order {
            let value = Int64(features[i])
            features[i] = Self.feature(
                wanted > shift
                    ? value &>> Int64(min(wanted - shift, 31))
                    : value &<< Int64(min(shift - wanted, 31)))
            historyEnergy = historyEnergy &+ Self.energy(features[i])
        }
        shift = wanted
    }

    @inline(__always)
    private static func feature(_ value: Int64) -> Int32 {
        Int32(truncatingIfNeeded: value.clamped(featureLimit))
    }

    @inline(__always)
    private static func energy(_ feature: Int32) -> Int64 {
        (Int64(feature) &* Int64(feature)) &>> 8
    }

    /// 131072 / i for the five-bit numbers 16 to 31; the rest is never asked for.
    private static let reciprocals: InlineArray<32, Int32> = [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        8192, 7710, 7281, 6898, 6553, 6241, 5957, 5698,
        5461, 5242, 5041, 4854, 4681, 4519, 4369, 4228,
    ]
}

/// How far the reference channel, and its own reference, just lay from their predictions.
struct ReferenceInnovations {
    var first: Int64 = 0
    var second: Int64 = 0
}

extension AdaptiveFilter {
    /// Leaves out the features that are worked out anew before each guess.
    func mix(into fingerprint: inout Fingerprint) {
        for i in 0..<Self.taps { fingerprint.mix(weights[i]) }
        for i in 0..<Self.order { fingerprint.mix(features[i]) }
        fingerprint.mix(peak)
        fingerprint.mix(shift)
    }
}
