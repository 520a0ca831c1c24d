// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

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
    /// The earliest and latest time in the window.
    var firstTime = Int64.max
    var lastTime = Int64.min
    /// Restores the frames again where readings are published one by one.
    var rehearsal: FrameDecoder?

    init(_ stream: StreamHead, _ limits: WindowPolicy.Limits, rehearses: Bool) {
        lane = stream.lane
        encoder = FrameEncoder(stream: stream, channels: 1)
        policy = WindowPolicy(limits)
        readingLimit = policy.readingLimit(isKey: true)
        rehearsal = rehearses ? FrameDecoder() : nil
    }

    var isFull: Bool { window.count >= readingLimit }

    /// Adds a reading of a line that begins at `mark`.
    @inline(__always)
    mutating func add(_ reading: Reading, before mark: InputMark?, at now: MonotonicInstant) {
        // Not only of the first: a serial port may have opened the window.
        if self.mark == nil { self.mark = mark }
        // Nor for the age: an older window may have become a frame while this one was open.
        policy.open(at: now)
        // Cannot fail: names have an index of a table, and the limit is far below the window's.
        _ = window.append(reading)
        firstTime = min(firstTime, reading.time)
        lastTime = max(lastTime, reading.time)
    }

    /// The whole window is in frames, or given up.
    mutating func emptied() {
        policy.close(readings: 0, bytes: 0, isKey: true)
        mark = nil
        firstTime = .max
        lastTime = .min
    }

    /// The next frame is of this kind, so the window may have so many readings.
    mutating func expect(isKey: Bool) {
        readingLimit = min(policy.readingLimit(isKey: isKey), ReadingWindow.readingLimit / 2)
    }

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
