// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore
internal import StoreAndForward

/// What holds for all frames of a node at a time.
struct FrameSetting {
    var stream: StreamID
    var prefix: [UInt8]
    var table: ChannelTable?
    /// How soon a frame without alerts must be on the disk; nil for whenever.
    var dataSync: Duration?
}

/// The open window of one lane and what makes frames of it.
struct LaneEncoder: ~Copyable {
    let lane: Lane
    var encoder: FrameEncoder
    var window = ReadingWindow()
    var policy: WindowPolicy
    /// Readings at which the window closes for its size.
    private(set) var readingLimit: Int
    /// The place in the input before the line of the window's first reading that has one; nil
    /// where none has.
    var mark: InputMark?
    /// A reading of P1 is in the window.
    private(set) var isUrgent = false
    /// More readings are never in the window, whatever their frame would be.
    private let readingCap: Int
    /// Restores the frames again where readings are published one by one.
    var rehearsal: FrameDecoder?

    init(
        _ stream: StreamHead, _ limits: WindowPolicy.Limits, readingCap: Int = .max,
        rehearses: Bool
    ) {
        lane = stream.lane
        self.readingCap = min(readingCap, ReadingWindow.readingLimit / 2)
        encoder = FrameEncoder(stream: stream, channels: 1)
        policy = WindowPolicy(limits)
        readingLimit = min(policy.readingLimit(isKey: true), self.readingCap)
        rehearsal = rehearses ? FrameDecoder() : nil
    }

    var isFull: Bool { window.count >= readingLimit }

    /// Adds a reading of a line that begins at `mark`.
    @inline(__always)
    mutating func add(
        _ reading: Reading, _ annotation: Annotation = .none, before mark: InputMark?,
        at now: MonotonicInstant
    ) {
        // Not only of the first: a serial port may have opened the window.
        if self.mark == nil { self.mark = mark }
        // Nor for the age: an older window may have become a frame while this one was open.
        policy.open(at: now)
        // Cannot fail: names have an index of a table, and the limit is far below the window's.
        _ = window.append(reading, annotation: annotation)
    }

    /// The reading that came last is P1: the window waits for no others.
    mutating func hurry() { isUrgent = true }

    /// Hands the window out, to be encoded. It comes back with `emptied`.
    mutating func takeWindow() -> ReadingWindow {
        var taken = ReadingWindow()
        swap(&taken, &window)
        return taken
    }

    /// All that was in the window is in frames, or given up. The window keeps its storage.
    mutating func emptied(_ taken: consuming ReadingWindow) {
        window = taken
        window.removeAll()
        policy.close(readings: 0, bytes: 0, isKey: true)
        mark = nil
        isUrgent = false
    }

    /// The window becomes a frame, with all that the spool wants to know of it. Without an error
    /// the window is empty then.
    mutating func frame(
        _ window: inout ReadingWindow, as role: FrameRole, _ setting: FrameSetting,
        mark: InputMark
    ) throws(EncodeError) -> FreshFrame {
        let copy = window
        var bytes: [UInt8] = []
        let summary = try encoder.encode(&window, as: role, into: &bytes)
        let isKey = role != .chained
        policy.close(readings: copy.count, bytes: bytes.count, isKey: isKey)
        let group = GroupIdentity(stream: setting.stream, lane: lane, group: summary.group)
        let frame = FrameIdentity(group: group, index: summary.index)
        var header = RecordHeader(kind: .frame, frame: frame)
        header.readings = UInt32(summary.readings)
        header.priorities = InlineArray { i in
            Priority(rawValue: UInt8(i + 1)).map { summary.priorities[$0] } ?? 0
        }
        header.firstTime = summary.firstTime
        header.lastTime = summary.lastTime
        header.prefix = setting.prefix
        return FreshFrame(
            header: header, window: copy, bytes: bytes, isKey: isKey, mark: mark,
            syncWithin: syncWithin(summary, setting),
            batch: rehearse(bytes, frame, setting.table))
    }

    /// A P1 is on the disk before it is published, a P2 with whatever else is due soon.
    private func syncWithin(_ summary: FrameSummary, _ setting: FrameSetting) -> Duration? {
        switch lane {
        case .data, .deferred: setting.dataSync
        case .alert: summary.priorities[.critical] > 0 ? .zero : Self.importantSync
        }
    }

    private mutating func rehearse(
        _ bytes: [UInt8], _ frame: FrameIdentity, _ table: ChannelTable?
    ) -> PublishedBatch? {
        guard rehearsal != nil, lane != .deferred, let table else { return nil }
        var batch = ReadingBatch()
        // Cannot fail: it was encoded a moment ago, after the frame before it.
        guard case .decoded? = try? rehearsal?.decode(bytes.span, into: &batch) else {
            return nil
        }
        return PublishedBatch(frame: frame, batch: batch, table: table)
    }

    /// The next frame is of this kind, so the window may have so many readings.
    mutating func expect(isKey: Bool) {
        readingLimit = min(policy.readingLimit(isKey: isKey), readingCap)
    }

    /// Alerts without a P1 may wait so long for their sync.
    private static let importantSync = Duration.milliseconds(250)

    /// Any reading fits into a frame of so many bytes. Where a broker takes fewer, frames wait in
    /// the spool for another one, and no reading is given up.
    private static let leastFrameLimit = 256

    /// The broker takes frames of so many bytes.
    mutating func setFrameLimit(_ bytes: Int?) {
        let bytes = bytes.map { max($0, Self.leastFrameLimit) }
        policy.setFrameLimit(bytes)
        encoder.frameLimit = bytes ?? DecoderLimits.frameBytes
    }
}
