// SPDX-License-Identifier: Apache-2.0

/// How the times of made-up readings run.
enum ClockKind {
    /// All channels at the same times, this many nanoseconds apart.
    case shared(Int64)
    /// Each channel at times of its own that scatter by up to the second number.
    case jittered(Int64, Int64)
    /// Like `jittered`, with gaps, repeats and steps back.
    case broken(Int64)
    /// Any 64 bits.
    case wild
}

/// Frames to make: how many, of what, at which times.
struct Scenario {
    var seed: UInt64
    var channels: Int
    var groups: Int
    var framesPerGroup: Int
    /// Most samples of a channel in a frame.
    var samples: Int
    var clock: ClockKind
    /// Only this kind of values; all of them in turn if nil.
    var kind: SeriesKind?
    /// Channels are left out by chance, with chance numbers of samples.
    var isSparse = false
    /// One reading in about so many is annotated; 0 for none.
    var annotationRate: UInt64 = 0
    /// Readings enter the window by time instead of by channel.
    var isInterleaved = false
    /// Frames are also damaged, with the check made good again.
    var isDamaged = true
    /// In the last quarter no frame may take memory.
    var isSteady = false

    private static let second: Int64 = 1_000_000_000

    static let all = [
        Scenario(
            seed: 1, channels: 15, groups: 3, framesPerGroup: 5, samples: 60,
            clock: .shared(second)),
        Scenario(
            seed: 2, channels: 15, groups: 3, framesPerGroup: 5, samples: 20,
            clock: .jittered(10 * second, 700), annotationRate: 9, isInterleaved: true),
        Scenario(
            seed: 3, channels: 15, groups: 2, framesPerGroup: 120, samples: 1,
            clock: .broken(60 * second), isSparse: true, annotationRate: 4),
        Scenario(
            seed: 4, channels: 70, groups: 3, framesPerGroup: 12, samples: 5,
            clock: .jittered(second / 10, 3_000_000), isSparse: true),
        Scenario(
            seed: 5, channels: 1, groups: 2, framesPerGroup: 2, samples: 1_000,
            clock: .shared(second / 1_000), kind: .decimal),
        Scenario(
            seed: 6, channels: 4, groups: 3, framesPerGroup: 4, samples: 12, clock: .wild,
            kind: .bits, annotationRate: 2),
        // A single sensor, one reading a frame: what the smallest node does.
        Scenario(
            seed: 7, channels: 1, groups: 20, framesPerGroup: 50, samples: 1,
            clock: .shared(60 * second), kind: .decimal, isDamaged: false, isSteady: true),
        // Every kind of values, long enough for the search to have looked at them all.
        Scenario(
            seed: 8, channels: 15, groups: 24, framesPerGroup: 5, samples: 10,
            clock: .jittered(second, 40_000), isDamaged: false, isSteady: true),
        Scenario(
            seed: 9, channels: 15, groups: 24, framesPerGroup: 5, samples: 10,
            clock: .shared(second), annotationRate: 20, isDamaged: false, isSteady: true),
    ]
}
