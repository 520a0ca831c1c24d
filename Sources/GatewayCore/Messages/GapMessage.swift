// SPDX-License-Identifier: Apache-2.0

package import AlecCodec
internal import LineProtocols

/// `gap`: groups that are missing, or that were.
///
///     {"sid":"k3f9abcd","lane":"data","groups":[12,13],"readings":null,"from":1790000000123,
///      "to":1790000060123,"p":3,"reason":"gone","by":"cellar","state":"open"}
package struct GapMessage: Equatable, Sendable {
    /// Why they are missing.
    package enum Reason: String, CaseIterable, Sendable {
        /// Asked for, and nothing came so far.
        case missing
        /// The node no longer has them.
        case gone
        /// They came, and could not be decoded.
        case damaged
        /// The node gave them up for want of room.
        case evicted
    }

    /// The life of the encoder.
    package var stream: StreamID
    /// Its lane.
    package var lane: Lane
    /// The first group that is missing, wholly or in part, and the last.
    package var groups: ClosedRange<UInt32>
    /// Readings in them, where that is known.
    package var readings: UInt64?
    /// The last time known before them.
    package var from: WallTime?
    /// The first time known behind them.
    package var to: WallTime?
    /// The usual priority of the lane.
    package var priority: Priority
    /// Why.
    package var reason: Reason
    /// Who says so.
    package var by: String
    /// False once the groups are there after all.
    package var isOpen: Bool

    /// Groups of a lane that `by` misses.
    package init(
        stream: StreamID, lane: Lane, groups: ClosedRange<UInt32>, reason: Reason, by: String,
        isOpen: Bool = true
    ) {
        self.stream = stream
        self.lane = lane
        self.groups = groups
        self.priority = StreamHead(id: stream, lane: lane).basePriority
        self.reason = reason
        self.by = by
        self.isOpen = isOpen
    }

    /// Reads a payload, or says what is wrong with it.
    package init(_ payload: Span<UInt8>) throws(MessageError) {
        let object = try Message.read(payload)
        guard let pair = object[.groups]?.elements, pair.count == 2,
            let first = pair[0].integer.flatMap(UInt32.init(exactly:)),
            let last = pair[1].integer.flatMap(UInt32.init(exactly:)), first <= last
        else { throw .badField(.groups) }
        guard let reason = object[.reason]?.text.flatMap(Reason.init(rawValue:)) else {
            throw .badField(.reason)
        }
        guard let priority = Priority(rawValue: try object.integer(.priority)) else {
            throw .badField(.priority)
        }
        self.init(
            stream: try object.stream(), lane: try object.lane(), groups: first...last,
            reason: reason, by: try object.identifier(.by))
        self.priority = priority
        if object[.readings] != nil { readings = try object.integer(.readings) }
        from = try object.time(.from)
        to = try object.time(.to)
        switch object[.state]?.text {
        case "open": isOpen = true
        case "closed": isOpen = false
        default: throw .badField(.state)
        }
    }

    /// The JSON text.
    package var payload: [UInt8] {
        var writer = MessageWriter()
        writer.append(.stream, stream.string)
        writer.append(.lane, lane.text)
        writer.append(.groups, [groups.lowerBound, groups.upperBound])
        if let readings {
            writer.append(.readings, readings)
        } else {
            writer.appendNull(.readings)
        }
        if let from { writer.append(.from, from.milliseconds) }
        if let to { writer.append(.to, to.milliseconds) }
        writer.append(.priority, priority.rawValue)
        writer.append(.reason, reason.rawValue)
        writer.append(.by, by)
        writer.append(.state, isOpen ? "open" : "closed")
        return writer.finish()
    }
}
