// SPDX-License-Identifier: Apache-2.0

/// How much waits for an acknowledgement.
struct PendingAmount {
    var frames = 0
    var readings = 0
    var bytes = 0
    var priorities = InlineArray<5, Int>(repeating: 0)
    /// Of one group, the times of its readings; of a sum they say nothing.
    var firstTime = Int64.max
    var lastTime = Int64.min

    init() {}

    /// One frame.
    init(_ fields: RecordFields) {
        frames = 1
        readings = Int(fields.readings)
        bytes = fields.byteCount
        for i in fields.priorities.indices { priorities[i] = Int(fields.priorities[i]) }
        firstTime = fields.firstTime
        lastTime = fields.lastTime
    }

    static func += (sum: inout PendingAmount, more: PendingAmount) {
        sum.frames += more.frames
        sum.readings += more.readings
        sum.bytes += more.bytes
        for i in sum.priorities.indices { sum.priorities[i] += more.priorities[i] }
        sum.firstTime = min(sum.firstTime, more.firstTime)
        sum.lastTime = max(sum.lastTime, more.lastTime)
    }

    static func -= (sum: inout PendingAmount, less: PendingAmount) {
        sum.frames -= less.frames
        sum.readings -= less.readings
        sum.bytes -= less.bytes
        for i in sum.priorities.indices { sum.priorities[i] -= less.priorities[i] }
    }

    /// The place of its most urgent priority among P1 to P5; P3 where none is said.
    var urgency: Int {
        for i in priorities.indices where priorities[i] > 0 { return i }
        return 2
    }
}
