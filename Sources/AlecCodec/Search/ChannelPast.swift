// SPDX-License-Identifier: Apache-2.0

/// What the encoder alone remembers of a channel: recent readings to choose parameters by, and
/// which parameters served last. Nothing here has to agree with the decoder.
struct ChannelPast {
    /// Readings remembered.
    static let length = 256

    private var values = [Double](repeating: 0, count: ChannelPast.length)
    private var times = [Int64](repeating: 0, count: ChannelPast.length)
    /// Readings ever seen.
    private(set) var seen = 0
    /// Parameters as last found; nil before there were any.
    var parameters: ValueParameters?
    /// What `seen` was when they were found.
    var searchedAt = 0
    /// Readings of the last whole group, and what `seen` was when the current one began.
    private(set) var lastGroup = 0
    private var groupStart = 0
    /// The adaptive filter is worth its while, or groups to wait until it is tried again.
    var wantsFilter = true
    var filterPause = 0

    /// How many readings are remembered.
    var remembered: Int { min(seen, Self.length) }

    /// The time `back` readings ago; 1 is the last.
    func time(back: Int) -> Int64 { times[(seen - back) & (Self.length - 1)] }

    /// A group begins.
    mutating func beginGroup() {
        if seen > 0 { lastGroup = seen - groupStart }
        groupStart = seen
    }

    /// Remembers the readings of a frame.
    mutating func remember(_ body: borrowing FrameBody, _ slot: FrameSlot) {
        let skipped = max(0, slot.count - Self.length)
        for i in skipped..<slot.count {
            let place = (seen &+ i) & (Self.length - 1)
            values[place] = body.values[slot.start &+ i]
            times[place] = body.times[slot.start &+ i]
        }
        seen += slot.count
    }

    /// Collects remembered values, oldest first, then up to `newValues` of the frame's own.
    func collect(_ body: borrowing FrameBody, _ slot: FrameSlot, into sample: inout [Double]) {
        let newValues = 512
        sample.removeAll(keepingCapacity: true)
        for back in stride(from: remembered, to: 0, by: -1) {
            sample.append(values[(seen - back) & (Self.length - 1)])
        }
        let take = min(slot.count, newValues)
        for i in 0..<take { sample.append(body.values[slot.start + i * slot.count / take]) }
    }
}

extension FrameEncoder {
    /// Bytes that an encoder keeps of each channel besides the context.
    public static var historyBytesPerChannel: Int {
        MemoryLayout<ChannelPast>.stride
            + ChannelPast.length * (MemoryLayout<Double>.size + MemoryLayout<Int64>.size)
    }
}
