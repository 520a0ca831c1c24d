// SPDX-License-Identifier: Apache-2.0

/// Readings that wait for their frame, in any order. The storage is kept from frame to frame.
public struct ReadingWindow: Sendable {
    /// The most readings that a window, and so a frame, may hold.
    public static let readingLimit = FrameBody.readingLimit

    private(set) var readings: [Reading] = []
    /// Empty until a reading is annotated; then one entry a reading, 0 for no remark.
    private(set) var remarks: [UInt8] = []

    /// An empty window.
    public init() {}

    /// Readings in the window.
    public var count: Int { readings.count }
    /// Whether there is nothing to encode.
    public var isEmpty: Bool { readings.isEmpty }

    /// Adds a reading; false, and nothing is added, if the window is full or the sensor's index
    /// is not one that a channel table can have.
    public mutating func append(_ reading: Reading, annotation: Annotation = .none) -> Bool {
        guard readings.count < Self.readingLimit,
            reading.sensor >= 0, reading.sensor < Context.channelLimit
        else { return false }
        if !annotation.isNone || !remarks.isEmpty {
            while remarks.count < readings.count { remarks.append(0) }
            remarks.append(annotation.code)
        }
        readings.append(reading)
        return true
    }

    /// Empties the window and keeps its storage.
    public mutating func removeAll() {
        readings.removeAll(keepingCapacity: true)
        remarks.removeAll(keepingCapacity: true)
    }
}

extension Annotation {
    /// Both parts in one byte, 0 for no remark.
    var code: UInt8 { (priority?.rawValue ?? 0) << 4 | quality.rawValue }

    init(code: UInt8) {
        self.init(
            quality: Quality(rawValue: code & 15) ?? .good, priority: Priority(rawValue: code >> 4))
    }
}
