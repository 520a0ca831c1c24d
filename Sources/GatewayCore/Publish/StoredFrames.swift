// SPDX-License-Identifier: Apache-2.0

/// A frame or a channel table as the spool knows it, without its bytes.
package struct StoredFrame: Equatable, Sendable {
    /// What it is.
    package enum Content: Equatable, Sendable {
        case frame(FrameIdentity)
        case table(id: UInt32)
    }

    /// Where it is; rises over the life of a spool.
    package var place: UInt64
    /// What it is.
    package var content: Content
    /// Readings in it.
    package var readings: Int
    /// Its group is history.
    package var isAcknowledged: Bool
    /// From its earliest reading to its latest; nil where nobody knows.
    package var times: ClosedRange<Int64>?

    /// What lies at `place`.
    package init(place: UInt64, content: Content, readings: Int, isAcknowledged: Bool = false) {
        self.place = place
        self.content = content
        self.readings = readings
        self.isAcknowledged = isAcknowledged
    }

    /// Whether a reading may lie between the bounds, which belong to the span.
    func isWithin(_ from: WallTime?, _ to: WallTime?) -> Bool {
        guard let times else { return true }
        if let from, times.upperBound < from.nanoseconds { return false }
        if let to, times.lowerBound > to.nanoseconds { return false }
        return true
    }
}

/// What `PublishMachine` may ask of the spool. An answer holds until the spool is changed.
package protocol StoredFrames: ~Copyable {
    /// Why the spool cannot answer.
    associatedtype Failure: Error

    /// All frames below have been forced to the disk.
    var syncedPlace: UInt64 { get }
    /// The place of what will be appended next, or a lower one that nothing has.
    var endPlace: UInt64 { get }

    /// The first frame of the oldest group that more frames may come for; the end without one.
    mutating func openPlace() throws(Failure) -> UInt64
    /// The first frame or table at `place` or behind it; without history only what belongs to
    /// groups that are not acknowledged.
    mutating func stored(
        from place: UInt64, includingHistory: Bool
    ) throws(Failure) -> StoredFrame?
    /// From the first frame of `group` to behind its last; frames of others may lie between.
    mutating func places(of group: GroupIdentity) throws(Failure) -> Range<UInt64>?
    /// The newest table with this id.
    mutating func storedTable(id: UInt32) throws(Failure) -> StoredFrame?
    /// Whether no more frames come for `group`.
    func isClosed(_ group: GroupIdentity) -> Bool
}
