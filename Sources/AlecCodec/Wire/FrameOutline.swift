// SPDX-License-Identifier: Apache-2.0

/// What a frame says of itself before its body is decoded: enough to store, route and order it.
///
/// Nothing proves it. Only a decoder that has the frame before can look at the check of a chained
/// frame, so that the heads of key and chained frames may be damaged here.
public enum FrameOutline: Equatable, Sendable {
    /// Begins a group; the head's `key` says of which stream.
    case key(FrameHead)
    /// Continues the group that the head names.
    case chained(FrameHead)
    /// A channel table, whole, for key frames of `stream`.
    case table(stream: StreamID, nodeHash: UInt32)
    /// A whole frame of a kind that a later version added; it may be passed over.
    case unknown(ExtendedFrame)

    /// Reads the head of a frame. The frame may end behind its head, unless it is an extended one.
    public init(_ frame: Span<UInt8>) throws(DecodeError) {
        if ExtendedFrame.begins(frame) {
            let extended = try ExtendedFrame(frame)
            guard extended.isTable else {
                self = .unknown(extended)
                return
            }
            var cursor = ByteCursor(at: 2, end: extended.contentEnd)
            let (stream, nodeHash) = try ChannelTableFrame.readOwner(frame, &cursor)
            self = .table(stream: stream, nodeHash: nodeHash)
        } else {
            let head = try FrameHead(frame)
            self = head.isKey ? .key(head) : .chained(head)
        }
    }
}
