// SPDX-License-Identifier: Apache-2.0

/// What both ends know about one channel, apart from what every frame's layout needs
/// (`ChannelPresence`). Written when the channel first appears in a group.
struct ChannelState {
    /// What "the last escape" means before there was one.
    static let firstEscape: UInt64 = 0x7FF8_0000_0000_0000
    /// The rate of repeats, in 1/65536, from which it is worth asking for one.
    static let sameRateThreshold: Int32 = 16_384

    var model = ChannelModel()
    var parameters = ValueParameters()
    var predictor = Predictor()
    var spread = Spread()
    var times = TimeState()
    /// The 64 bits that were last sent as they are.
    var lastEscape = ChannelState.firstEscape
    /// How often the last number came again, in 1/65536, and the last eight answers to that.
    var sameRate: Int32 = 0
    var sameHistory: UInt8 = 0
    /// Whether the last number had a correction.
    var hadCorrection = false
    /// Sign and exponent of the last noisy double.
    var noisySign = false
    var noisyExponent: Int32 = 0
    /// The place of this channel's set in the context; -1 while it never had one.
    var setIndex = -1
    /// The set is in use: wanted by the parameters and not given up since.
    var setIsOn = false

    /// The channel appears in its group.
    mutating func begin() {
        model.reset()
        times = TimeState()
        lastEscape = Self.firstEscape
    }

    /// New parameters: what was learnt about numbers no longer holds. Estimates stay.
    mutating func resetValues() {
        predictor = Predictor()
        spread = Spread()
        sameRate = 0
        sameHistory = 0
        hadCorrection = false
        noisySign = false
        noisyExponent = 0
        setIsOn = parameters.usesSet
    }

    @inline(__always)
    mutating func learnSame(_ isSame: Bool) {
        sameHistory = sameHistory &<< 1 | (isSame ? 1 : 0)
        sameRate = sameRate &+ (((isSame ? 65_536 : 0) &- sameRate) &>> 4)
    }
}

/// What a frame's layout needs to know of every channel of the group, present or not.
struct ChannelPresence {
    /// Whether the channel was in the last frames, newest in bit 0.
    var history: UInt8 = 0
    /// Its parameters are known in this group.
    var isDescribed = false
    /// Its samples in the last frame that had it.
    var sampleCount: Int32 = 0
}
