// SPDX-License-Identifier: Apache-2.0

/// Why something that came was not taken.
package enum FrameRefusal: String, CaseIterable, Sendable {
    /// A topic that is none of ours, or too long.
    case topic
    /// More nodes than a receiver knows.
    case nodes
    /// Larger than any frame.
    case oversized
    case truncated
    /// Made by a later version.
    case unsupported
    /// Damaged, or a frame of another stream.
    case badCheck = "bad_check"
    /// Behind a valid check, not written by any encoder.
    case malformed
    /// More channels than its table has, or more readings than are taken.
    case limit
    /// The key frame names another node than the topic does.
    case foreignNode = "foreign_node"
    case wrongLane = "wrong_lane"
    /// Another table than the one that has its id already.
    case tableConflict = "table_conflict"
    /// The key frame names no channel table.
    case noTable = "no_table"
    /// Too many groups wait for their table.
    case waiting
    /// A message that cannot be read.
    case message
    /// The journal takes nothing more.
    case journal
    /// A sink takes nothing more.
    case sink
}

/// What became of everything that came.
package struct ReceiverCounts: Equatable, Sendable {
    /// Messages of every kind.
    package var messages = 0
    /// Frames that are in the journal.
    package var frames = 0
    /// Readings that were decoded from them.
    package var readings = 0
    /// Of them, readings that came as backfill.
    package var historyReadings = 0
    /// Frames that had come before.
    package var duplicates = 0
    /// Frames that waited for those before them.
    package var held = 0
    /// Streams that were forgotten because their node has more than are remembered: their frames
    /// would be taken again.
    package var forgottenStreams = 0
    package var tables = 0
    /// Contexts that were built again from the journal.
    package var rebuilt = 0
    /// Requests to send a group again, or everything, or a table.
    package var requests = 0
    package var checkpoints = 0
    private var refusals = [Int](repeating: 0, count: FrameRefusal.allCases.count)

    package init() {}

    package subscript(reason: FrameRefusal) -> Int {
        FrameRefusal.allCases.firstIndex(of: reason).map { refusals[$0] } ?? 0
    }

    /// Everything that was refused.
    package var refused: Int { refusals.reduce(0, +) }

    mutating func refuse(_ reason: FrameRefusal) {
        if let i = FrameRefusal.allCases.firstIndex(of: reason) { refusals[i] += 1 }
    }

    /// The counts as fields of a log line; reasons only where there are any.
    package var fields: String {
        var text = "messages=\(messages) frames=\(frames) readings=\(readings) "
        text += "history=\(historyReadings) duplicates=\(duplicates) held=\(held) "
        text += "tables=\(tables) rebuilt=\(rebuilt) requests=\(requests) "
        text += "forgotten=\(forgottenStreams) refused=\(refused)"
        for (i, reason) in FrameRefusal.allCases.enumerated() where refusals[i] > 0 {
            text += " refused.\(reason.rawValue)=\(refusals[i])"
        }
        return text
    }
}
