// SPDX-License-Identifier: Apache-2.0

/// Level and slope of a series, both in 1/256 and relative to its last number.
struct TrendFilter {
    private var level: Int64 = 0
    private var slope: Int64 = 0

    /// Where the next number is expected.
    @inline(__always)
    var guess: Int64 { level &+ slope }

    /// Starts from one difference.
    @inline(__always)
    mutating func start(_ difference: Int64) {
        level = 0
        slope = difference
    }

    /// Learns a difference; the shifts say how little of an error moves level and slope.
    @inline(__always)
    mutating func learn(_ difference: Int64, gain: Int, drift: Int) {
        let expected = guess
        let error = (difference &- expected).clamped(1 &<< 50)
        level = expected &+ (error &>> Int64(truncatingIfNeeded: gain)) &- difference
        slope = slope &+ (error &>> Int64(truncatingIfNeeded: drift))
    }
}

/// How quickly the filters of a series follow: slower ones start faster.
struct TrendPace {
    private let log: Int

    /// The pace at the `age`-th number.
    @inline(__always)
    init(age: Int) { log = (age &+ 1).floorLog }

    @inline(__always)
    func learn(_ difference: Int64, fast filter: inout TrendFilter) {
        filter.learn(difference, gain: 1, drift: 3)
    }

    @inline(__always)
    func learn(_ difference: Int64, slow filter: inout TrendFilter) {
        filter.learn(difference, gain: min(3, log &- 1), drift: min(7, 2 &* log &- 1))
    }

    @inline(__always)
    func learn(_ difference: Int64, slowest filter: inout TrendFilter) {
        filter.learn(difference, gain: min(5, log &- 1), drift: min(11, 2 &* log &- 1))
    }
}

/// A slow mean of the differences of a series, in 1/256.
struct MeanDifference {
    private(set) var guess: Int64 = 0

    @inline(__always)
    mutating func learn(_ difference: Int64, age: Int) {
        guess = guess &+ ((difference &- guess) &>> Int64(truncatingIfNeeded: min(5, age.floorLog)))
    }
}

extension TrendFilter {
    func mix(into fingerprint: inout Fingerprint) {
        fingerprint.mix(level)
        fingerprint.mix(slope)
    }
}
