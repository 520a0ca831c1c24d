// SPDX-License-Identifier: Apache-2.0

/// How much waits for an acknowledgement.
struct PendingAmount {
    var frames = 0
    var readings = 0
    var bytes = 0
    var priorities = InlineArray<5, Int>(repeating: 0)

    init() {}

    /// One frame.
    init(_ fields: RecordFields) {
        frames = 1
        readings = Int(fields.readings)
        bytes = fields.byteCount
        for i in fields.priorities.indices { priorities[i] = Int(fields.priorities[i]) }
    }

    static func += (sum: inout PendingAmount, more: PendingAmount) {
        sum.frames += more.frames
        sum.readings += more.readings
        sum.bytes += more.bytes
        for i in sum.priorities.indices { sum.priorities[i] += more.priorities[i] }
    }

    static func -= (sum: inout PendingAmount, less: PendingAmount) {
        sum.frames -= less.frames
        sum.readings -= less.readings
        sum.bytes -= less.bytes
        for i in sum.priorities.indices { sum.priorities[i] -= less.priorities[i] }
    }
}
