// SPDX-License-Identifier: Apache-2.0

/// Makes the times of one sensor.
public struct TimeSource: Sendable {
    /// What the times look like.
    public enum Shape: CaseIterable, Sendable {
        /// One period apart.
        case regular
        /// A few milliseconds early or late.
        case jittered
        /// Whole periods missing.
        case gaps
        /// Backwards.
        case falling
        /// Any 64 bits.
        case random
        /// Cut to milliseconds.
        case cut
        /// The same time again and again.
        case stuck
    }

    public let shape: Shape
    private var time: Int64
    private let period: Int64

    private static let periods: [Int64] = [
        1, 1_000, 2_777_777, 10_000_000, 1_000_000_000, 10_000_000_000, 60_000_000_000,
        3_600_000_000_000,
    ]

    public init(_ shape: Shape, _ random: inout SeededGenerator) {
        self.shape = shape
        time = 1_700_000_000_000_000_000 + Int64(random.below(100_000)) * 1_000_000
        period = random.pick(Self.periods)
    }

    public mutating func next(_ random: inout SeededGenerator) -> Int64 {
        switch shape {
        case .regular: time += period
        case .jittered:
            time += period
            return time + Int64(random.pick(-3...3)) * 1_000_000
        case .gaps: time += period * Int64(random.pick(1...9))
        case .falling: time -= period
        case .random: return Int64(bitPattern: random.next())
        case .cut:
            time += period
            return time / 1_000_000 * 1_000_000
        case .stuck: if random.once(in: 10) { time += period }
        }
        return time
    }
}
