// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// What is said with each reading of a frame.
struct DecodedFrame {
    var frame: FrameIdentity
    /// Of readings without a remark of their own.
    var basePriority: Priority
    var table: ChannelTable
    /// The names of its site and node, not escaped.
    var site: [UInt8]
    var node: [UInt8]
    /// The node's topics begin with this.
    var prefix: String
    /// It came as backfill.
    var isHistory: Bool
    /// Where it lies in the journal.
    var place: UInt64
    /// Which link brought it; the first one after a restart.
    var link: Int
}
