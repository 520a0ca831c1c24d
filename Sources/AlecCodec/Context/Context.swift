// SPDX-License-Identifier: Apache-2.0

/// What encoder and decoder of a stream both know. Every frame moves it, in the same way on both
/// sides, bit for bit; a key frame starts it anew.
///
/// The rest of the codec lives in extensions of this type and in the states it holds: nothing
/// that both sides must agree on lies elsewhere.
public struct Context: ~Copyable {
    /// The largest number of channels that a group can have.
    public static let channelLimit = 4096

    var shared = SharedModel()
    /// By channel, as far as the group has channels.
    var presence: [ChannelPresence] = []
    /// By channel; what a channel has not yet shown in this group is left from another.
    var channels: [ChannelState] = []
    /// Sets of recent values, given to channels when they first want one.
    var sets: [RecentSet] = []
    /// The first time of the last list that was not shared.
    var lastListStart: Int64?
    /// Check and digest of the last frame: what the next one continues.
    var link = FrameLink.none

    /// Channels of the current group.
    public private(set) var channelCount = 0
    /// Frames since the key frame, it included.
    public internal(set) var frames = 0
    /// Readings since the key frame, its own included.
    public internal(set) var readings = 0

    init() {
        // Spans of `sets` are taken before there is one. Arrays without room share one storage,
        // which on 32-bit processors is aligned to four bytes: its span traps.
        sets.reserveCapacity(1)
    }

    /// A key frame begins a group of `count` channels; that number was coded with the estimates
    /// that this group starts with, so they are reset before.
    mutating func beginGroup(channels count: Int) {
        setChannelCount(count)
        for i in presence.indices { presence[i] = ChannelPresence() }
        lastListStart = nil
        link = .none
        frames = 0
        readings = 0
    }

    private mutating func setChannelCount(_ count: Int) {
        channelCount = count
        if presence.count > count { presence.removeLast(presence.count - count) }
        while presence.count < count { presence.append(ChannelPresence()) }
        while channels.count < count { channels.append(ChannelState()) }
    }

    /// A channel took new parameters.
    mutating func resetValues(of channel: Int) {
        channels[channel].resetValues()
        guard channels[channel].setIsOn else { return }
        if channels[channel].setIndex < 0 {
            channels[channel].setIndex = sets.count
            sets.append(RecentSet())
        }
        sets[channels[channel].setIndex].reset()
    }
}

/// What ties a frame to the one before it.
struct FrameLink: Equatable {
    /// The check of the frame before.
    var check: UInt32
    /// The digest of what it decoded to.
    var digest: UInt32

    /// Before a key frame there is nothing.
    static var none: FrameLink { FrameLink(check: 0, digest: 0) }
}
