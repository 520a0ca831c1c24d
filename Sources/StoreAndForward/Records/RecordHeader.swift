// SPDX-License-Identifier: Apache-2.0

package import GatewayCore

/// What a record of the spool is.
package enum RecordKind: UInt8, Sendable {
    /// A frame of readings.
    case frame = 1
    /// The channel table that later key frames of its segment name.
    case table = 2
    /// That a group was acknowledged.
    case acknowledgement = 3
    /// That a group left the spool without being acknowledged.
    case loss = 4
    /// Room where records stood that nobody needs.
    case hole = 5
    /// What stands before it in its segment.
    case index = 6
    /// All losses that nobody was told yet.
    case ledger = 7
}

/// What the spool says of a record without a look into the frame, so that an eviction can say what
/// was lost.
package struct RecordHeader: Equatable, Sendable {
    /// What the record is.
    package var kind: RecordKind
    /// Which frame; of a table, its id stands for the group.
    package var frame: FrameIdentity
    /// Readings in the frame.
    package var readings: UInt32 = 0
    /// Of them, how many of P1 to P5.
    package var priorities = InlineArray<5, UInt32>(repeating: 0)
    /// The earliest time of its readings, in nanoseconds since 1970.
    package var firstTime: Int64 = 0
    /// The latest.
    package var lastTime: Int64 = 0
    /// The topic levels of the node, as `alec/v1/site/node/`, at most 255 bytes of UTF-8.
    package var prefix: [UInt8] = []

    /// A record of `kind` for `frame`.
    package init(kind: RecordKind, frame: FrameIdentity) {
        self.kind = kind
        self.frame = frame
    }

    package static func == (a: RecordHeader, b: RecordHeader) -> Bool {
        for i in a.priorities.indices where a.priorities[i] != b.priorities[i] { return false }
        return a.kind == b.kind && a.frame == b.frame && a.readings == b.readings
            && a.firstTime == b.firstTime && a.lastTime == b.lastTime && a.prefix == b.prefix
    }
}
