// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// What the sinks hold for certain, and what came up to there: all that a receiver needs besides
/// its journal to go on after a kill as if nothing had happened.
///
/// All frames of the journal below a sink's place are wholly in it, but for those of the groups
/// that wait for their table or are owed; none at or behind it is, once the file is cut to its
/// offset.
struct Checkpoint: Equatable {
    struct Sink: Equatable {
        var format: String
        var offset: Int
        var path: String
        /// Where the journal goes on for it.
        var place: UInt64
        /// Nodes are numbered as in the list.
        var waiting: [NodeGroup: SinkFeed.Waiting] = [:]
        var owed: [SinkFeed.Debt] = []
    }

    struct Node: Equatable {
        var prefix: String
        /// The broker that it was heard on last, in the order of the settings.
        var link = 0
        var streams: [SequenceTracker.StreamMemory] = []
    }

    /// Where the journal ended; what nodes sent up to there is known to `nodes`.
    var place: UInt64 = 0
    var sinks: [Sink] = []
    var nodes: [Node] = []
    /// While a file is read: whose facts follow.
    var laneOfLine: Lane?
}

/// Why a checkpoint cannot be used. To go on without it could write readings twice.
package enum CheckpointError: Error, Equatable, Sendable {
    /// Written by a later version.
    case unsupportedVersion
    /// Line `line` makes no sense, or the check at the end does not hold.
    case damaged(line: Int)
}
