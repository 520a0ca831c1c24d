// SPDX-License-Identifier: Apache-2.0

/// What was encoded.
public struct FrameSummary: Equatable, Sendable {
    /// The number of the frame's group.
    public var group: UInt32
    /// The frame's place in its group; 0 for the key frame.
    public var index: UInt32
    /// Readings in the frame.
    public var readings: Int
    /// Bytes of everything before the payload.
    public var headBytes: Int
    /// Bytes of the range-coded body.
    public var payloadBytes: Int
    /// The earliest time of a reading.
    public var firstTime: Int64
    /// The latest time of a reading.
    public var lastTime: Int64
    /// How many readings have which priority.
    public var priorities: PriorityCounts
}

/// A number of readings for each priority.
public struct PriorityCounts: Equatable, Sendable {
    private var counts = InlineArray<5, UInt32>(repeating: 0)

    /// No reading of any priority.
    public init() {}

    /// Readings of `priority`.
    public subscript(priority: Priority) -> UInt32 {
        get { counts[Int(priority.rawValue) - 1] }
        set { counts[Int(priority.rawValue) - 1] = newValue }
    }

    /// As many of each.
    public static func == (a: PriorityCounts, b: PriorityCounts) -> Bool {
        for i in a.counts.indices where a.counts[i] != b.counts[i] { return false }
        return true
    }
}

extension FrameBody {
    /// The earliest and the latest time of the readings.
    var timeRange: (first: Int64, last: Int64) {
        let times = times.span
        var first = Int64.max
        var last = Int64.min
        for i in 0..<total {
            first = min(first, times[i])
            last = max(last, times[i])
        }
        return (first, last)
    }

    /// Readings by priority, where those without one of their own have `base`.
    func priorities(base: Priority) -> PriorityCounts {
        var result = PriorityCounts()
        // A frame has at most 2^20 readings.
        result[base] = UInt32(total)
        for run in annotations {
            guard let priority = run.annotation.priority else { continue }
            result[base] -= UInt32(run.count)
            result[priority] += UInt32(run.count)
        }
        return result
    }
}
