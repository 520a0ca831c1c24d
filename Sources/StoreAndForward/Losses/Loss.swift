// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
package import GatewayCore

/// Groups of one stream and lane that left the spool for one reason.
package struct Loss: Equatable, Sendable {
    /// The first of them.
    package var first: GroupIdentity
    /// The number of the last.
    package var last: UInt32
    /// How many of the numbers from the first to the last were lost.
    package var groups: UInt32
    /// Why.
    package var reason: LossReason
    /// Lost readings of P1 to P5.
    package var priorities = InlineArray<5, UInt64>(repeating: 0)
    /// The earliest time of a reading among them.
    package var firstTime: Int64
    /// The latest.
    package var lastTime: Int64
    /// The topic levels of the node they came from.
    package var prefix: [UInt8]

    /// All lost readings.
    package var readings: Int {
        var sum: UInt64 = 0
        for i in priorities.indices { sum &+= priorities[i] }
        return Int(clamping: sum)
    }

    package static func == (a: Loss, b: Loss) -> Bool {
        for i in a.priorities.indices where a.priorities[i] != b.priorities[i] { return false }
        return a.first == b.first && a.last == b.last && a.groups == b.groups
            && a.reason == b.reason && a.firstTime == b.firstTime && a.lastTime == b.lastTime
            && a.prefix == b.prefix
    }
}

extension Loss {
    /// One group, as its record says.
    init(_ header: RecordHeader, _ reason: LossReason) {
        first = header.frame.group
        last = header.frame.group.group
        groups = 1
        self.reason = reason
        for i in header.priorities.indices { priorities[i] = UInt64(header.priorities[i]) }
        firstTime = header.firstTime
        lastTime = header.lastTime
        prefix = header.prefix
    }

    /// Whether both are of one stream, lane, node and reason.
    func isAlike(_ other: Loss) -> Bool {
        first.stream == other.first.stream && first.lane == other.first.lane
            && reason == other.reason && prefix == other.prefix
    }

    /// Takes `other` in, which is alike.
    mutating func merge(_ other: Loss) {
        first.group = min(first.group, other.first.group)
        last = max(last, other.last)
        groups &+= other.groups
        for i in priorities.indices { priorities[i] &+= other.priorities[i] }
        firstTime = min(firstTime, other.firstTime)
        lastTime = max(lastTime, other.lastTime)
    }
}
