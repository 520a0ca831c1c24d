// SPDX-License-Identifier: Apache-2.0

import Foundation

/// SplitMix64: every test that wants chance takes it from here, so that a seed replays it.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// 0 to `count` - 1. The library's own choice of a number may change with its version.
    public mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

    /// A number of `range`.
    public mutating func pick(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// One of `choices`.
    public mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[below(choices.count)]
    }

    /// True once in `count` times.
    public mutating func once(in count: Int) -> Bool { below(count) == 0 }

    /// 0 ..< 1.
    public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Roughly normal, between -1.5 and 1.5.
    public mutating func bell() -> Double { unit() + unit() + unit() - 1.5 }
}

/// Which seeds a test runs with.
public enum Seeds {
    /// `count` seeds from `first` on. `ALEC_SEED=7` runs that one instead, to replay a failure;
    /// `ALEC_SEED=1000-2000` runs all of these, to look for one.
    public static func from(_ first: UInt64, count: UInt64) -> [UInt64] {
        let text = ProcessInfo.processInfo.environment["ALEC_SEED"] ?? ""
        let ends = text.split(separator: "-").compactMap { UInt64($0) }
        switch ends.count {
        case 1: return [ends[0]]
        case 2 where ends[0] <= ends[1]: return Array(ends[0]...ends[1])
        default: return Array(first..<first + count)
        }
    }
}
