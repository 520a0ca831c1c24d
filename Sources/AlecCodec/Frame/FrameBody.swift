// SPDX-License-Identifier: Apache-2.0

/// The samples of one frame in the order in which they are coded: channel by channel.
///
/// Working storage of an encoder or decoder; it grows to the largest frame and is reused.
struct FrameBody {
    /// The most readings that one frame may hold.
    static let readingLimit = 1 << 20
    /// The most samples of one channel.
    static let sampleLimit = 65_535

    /// By channel of the group.
    var slots: [FrameSlot] = []
    var times: [Int64] = []
    var values: [Double] = []
    /// How far values lay from their predictions; only where another channel asks.
    var innovations: [Int64] = []
    /// What the encoder made of the values.
    var integers = CodedIntegers()
    var annotations: [AnnotationRun] = []
    /// The encoder's remarks, one a reading, in frame order; only while it looks for runs.
    var codes: [UInt8] = []
    /// Readings of the frame.
    var total = 0

    /// Forgets the last frame and makes room for `count` channels.
    mutating func begin(channels count: Int) {
        if slots.count > count { slots.removeLast(slots.count - count) }
        for i in slots.indices { slots[i].clear() }
        while slots.count < count { slots.append(FrameSlot()) }
        annotations.removeAll(keepingCapacity: true)
        total = 0
    }

    /// Makes room for `count` readings.
    mutating func reserve(_ count: Int, isEncoder: Bool) {
        Self.grow(&times, to: count, with: 0)
        Self.grow(&values, to: count, with: 0)
        Self.grow(&innovations, to: count, with: 0)
        guard isEncoder else { return }
        Self.grow(&integers.numbers, to: count, with: 0)
        Self.grow(&integers.corrections, to: count, with: 0)
        Self.grow(&integers.isEscape, to: count, with: false)
    }

    static func grow<Element>(
        _ array: inout [Element], to count: Int, with blank: Element
    ) {
        guard array.count < count else { return }
        array.append(contentsOf: repeatElement(blank, count: count - array.count))
    }
}

/// Integers and corrections that stand for the values of a frame; empty in a decoder.
struct CodedIntegers {
    var numbers: [Int64] = []
    var corrections: [Int32] = []
    /// The value has no integer and is sent as its 64 bits.
    var isEscape: [Bool] = []

    init() {
        // A decoder has none, but takes their span; see `Context.init`.
        numbers.reserveCapacity(1)
    }
}

/// One channel's part in a frame.
struct FrameSlot {
    var isPresent = false
    /// The values take new parameters; the times start anew.
    var valueChange = false
    var timeChange = false
    /// All times equal those of the reference channel.
    var sharesTimes = false
    /// Another channel looks at this one's innovations.
    var isWatched = false
    /// The encoder's unit for a list of own times.
    var listUnit: UInt8 = 0
    var count = 0
    /// Where its readings begin in the frame.
    var start = 0
    /// The encoder's new parameters.
    var parameters = ValueParameters()

    mutating func clear() {
        isPresent = false
        valueChange = false
        timeChange = false
        sharesTimes = false
        isWatched = false
        listUnit = 0
        count = 0
    }
}

/// A run of neighbouring readings of a frame with the same annotation.
public struct AnnotationRun: Equatable, Sendable {
    /// The number of the first reading in the frame.
    public var start: Int
    /// How many readings carry it.
    public var count: Int
    /// What is remarked.
    public var annotation: Annotation

    /// `count` readings from `start` on.
    public init(start: Int, count: Int, annotation: Annotation) {
        self.start = start
        self.count = count
        self.annotation = annotation
    }
}
