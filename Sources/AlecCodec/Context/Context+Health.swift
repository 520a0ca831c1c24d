// SPDX-License-Identifier: Apache-2.0

/// How large a context is and what it has seen, for reports.
public struct ContextHealth: Equatable, Sendable {
    /// Frames of the current group.
    public var frames: Int
    /// Readings of the current group.
    public var readings: Int
    /// Channels of the current group.
    public var channels: Int
    /// Channels that have had a reading in the current group.
    public var describedChannels: Int
    /// Sets of recent values in memory.
    public var sets: Int
    /// Sets of recent values in use.
    public var setsInUse: Int
    /// Bytes of what all channels share.
    public var sharedBytes: Int
    /// Bytes of each channel, without its set.
    public var bytesPerChannel: Int
    /// Bytes of each set.
    public var bytesPerSet: Int
    /// Bytes of everything, also what stays from larger groups.
    public var totalBytes: Int
}

extension Context {
    /// Counts; not for every frame, since it looks at every channel.
    public var health: ContextHealth {
        var described = 0
        var setsInUse = 0
        for c in 0..<channelCount where presence[c].isDescribed {
            described += 1
            if channels[c].setIsOn { setsInUse += 1 }
        }
        let shared = MemoryLayout<Context>.size
        let channel =
            MemoryLayout<ChannelState>.stride + MemoryLayout<ChannelPresence>.stride
        let set = MemoryLayout<RecentSet>.stride + RecentSet.heapBytes
        return ContextHealth(
            frames: frames, readings: readings, channels: channelCount,
            describedChannels: described, sets: sets.count, setsInUse: setsInUse,
            sharedBytes: shared, bytesPerChannel: channel, bytesPerSet: set,
            totalBytes: shared + channels.count * channel + sets.count * set)
    }
}

extension RecentSet {
    /// A number, its slot and its correction for each entry; the links lie in the set itself.
    static var heapBytes: Int {
        capacity * (MemoryLayout<Int64>.size + MemoryLayout<Int32>.size + MemoryLayout<UInt8>.size)
    }
}
