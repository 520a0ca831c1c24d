// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// What the sinks hold for certain, and what came up to there: all that a receiver needs besides
/// its journal to go on after a kill as if nothing had happened.
///
/// All frames of the journal below `place` are wholly in the file sinks, but for those of the
/// groups that wait for their table; none at or behind it is, once the files are cut to their
/// offsets.
struct Checkpoint: Equatable {
    struct Sink: Equatable {
        var format: String
        var offset: Int
        var path: String
    }

    struct Node: Equatable {
        var prefix: String
        var streams: [SequenceTracker.StreamMemory] = []
        var waiting: [WaitingGroup] = []
    }

    /// Where the journal goes on for the file sinks.
    var place: UInt64 = 0
    /// Where it goes on for what is published; not behind `place`.
    var topicPlace: UInt64 = 0
    var sinks: [Sink] = []
    var nodes: [Node] = []
    /// While a file is read: whose facts follow.
    var laneOfLine: Lane?
}

/// A group whose channel table has not come: its frames are in the journal and nowhere else.
struct WaitingGroup: Equatable {
    var group: GroupIdentity
    var table: UInt32
    /// The first of its frames that is in no sink.
    var place: UInt64
}

/// Why a checkpoint cannot be used. To go on without it could write readings twice.
package enum CheckpointError: Error, Equatable, Sendable {
    /// Written by a later version.
    case unsupportedVersion
    /// Line `line` makes no sense, or the check at the end does not hold.
    case damaged(line: Int)
}
