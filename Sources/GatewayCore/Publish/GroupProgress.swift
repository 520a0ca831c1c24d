// SPDX-License-Identifier: Apache-2.0

/// How far a group has come that was begun and is not acknowledged.
///
/// Frames of a group are handed out strictly in order; `nextIndex` is the rule. What is confirmed
/// is a run from the first frame on, and a few frames above it.
struct GroupProgress: Sendable {
    /// The broker may confirm so many frames beyond the first that it has not; no more are sent.
    static let span: UInt32 = 64

    let group: GroupIdentity
    /// Where its first frame lies.
    let firstPlace: UInt64
    /// Where the last frame lies that was handed out.
    var lastPlace: UInt64
    /// The index that may be handed out next.
    var nextIndex: UInt32
    /// What was handed out before has a lower index, on whatever connection.
    var sentBelow: UInt32
    /// Frames under way on this connection.
    var flights = 0

    /// The broker has all frames below.
    private(set) var publishedBelow: UInt32
    /// Bit i: the broker also has frame `publishedBelow` + 1 + i.
    private var publishedAbove: UInt64 = 0
    /// Each receiver that counts has all frames below; empty if only the broker counts.
    private(set) var receivedBelow: [UInt32]
    /// A frame of it is not in the spool any more. No receiver can have all of it, so that the
    /// broker's word must do.
    private(set) var isBroken: Bool

    /// On which connection it was found out whether it is live there.
    var judgedOn: UInt64 = 0
    /// It was not closed when that connection began.
    var isLive = false

    /// Refused: nothing is sent before then.
    var heldUntil: MonotonicInstant?
    /// The next refusal holds it for so long.
    var holdDelay = Self.shortestHold
    /// When its last frame is sent once more for want of an acknowledgement.
    var remindAt = MonotonicInstant.distantFuture
    /// How long after that it is sent again.
    var remindDelay = Self.shortestReminder
    /// The spool could not note that it was acknowledged: not tried before then.
    var settleAt: MonotonicInstant?

    static let shortestHold = Duration.seconds(5)
    static let longestHold = Duration.seconds(300)
    static let shortestReminder = Duration.seconds(10)
    static let longestReminder = Duration.seconds(300)

    /// Nothing sent; `first` is its first frame that is there.
    init(group: GroupIdentity, first index: UInt32, at place: UInt64, receivers: Int) {
        self.group = group
        firstPlace = place
        lastPlace = place
        nextIndex = index
        sentBelow = index
        publishedBelow = index
        isBroken = index > 0
        receivedBelow = Array(repeating: 0, count: receivers)
    }

    /// Whether all that was handed out is where it must be.
    var isConfirmed: Bool {
        guard flights == 0, nextIndex > 0, nextIndex == sentBelow else { return false }
        guard !isBroken, let received = receivedBelow.min() else {
            return publishedBelow >= nextIndex
        }
        return received >= nextIndex
    }

    /// The broker has frame `index`.
    mutating func confirm(_ index: UInt32) {
        guard index >= publishedBelow, index < sentBelow else { return }
        let offset = index - publishedBelow
        if offset == 0 {
            publishedBelow += 1
            while publishedAbove & 1 == 1 {
                publishedBelow += 1
                publishedAbove >>= 1
            }
            publishedAbove >>= 1
            nextIndex = max(nextIndex, publishedBelow)
            holdDelay = Self.shortestHold
        } else if offset <= 64 {
            publishedAbove |= 1 << UInt64(offset - 1)
        }
    }

    /// The frames from `nextIndex` to before `index` are not in the spool any more. Only when all
    /// before them is confirmed, so that they can be too.
    mutating func passOver(to index: UInt32) {
        precondition(publishedBelow == nextIndex && index > nextIndex, "a hole in what is sent")
        isBroken = true
        nextIndex = index
        sentBelow = max(sentBelow, index)
        publishedBelow = index
        publishedAbove = 0
    }

    /// Frame `index` was to be sent and is damaged.
    mutating func giveUp(_ index: UInt32) {
        isBroken = true
        confirm(index)
    }

    /// A receiver has all frames below `index`; false if that is no news.
    mutating func noteReceived(below index: UInt32, by receiver: Int) -> Bool {
        let below = min(index, sentBelow)
        guard below > receivedBelow[receiver] else { return false }
        receivedBelow[receiver] = below
        // What a receiver has, the broker had.
        while publishedBelow < below { confirm(publishedBelow) }
        return true
    }

    /// What is under way will not be heard of: begins again behind what is confirmed.
    mutating func rewind() {
        flights = 0
        nextIndex = min(nextIndex, publishedBelow)
        publishedAbove = 0
        judgedOn = 0
        isLive = false
    }

    /// The broker refused a frame: the whole group waits, as what follows builds on it.
    mutating func hold(at now: MonotonicInstant) {
        heldUntil = now + holdDelay
        holdDelay = min(holdDelay * 2, Self.longestHold)
        nextIndex = min(nextIndex, publishedBelow)
    }
}
