// SPDX-License-Identifier: Apache-2.0

/// A channel table as it travels: a frame that stands outside all groups and moves no context.
///
///     | 0xC1 | 0x01 | stream id | node | content | check |
///       1      1      5           4      ...       4
public struct ChannelTableFrame: Equatable, Sendable {
    private static let type: UInt8 = 0xC1
    /// The kind of extended frame that holds a channel table.
    private static let kind: UInt8 = 1
    private static let headBytes = 11
    private static let checkBytes = 4

    /// The stream whose key frames name the table.
    public var stream: StreamID
    /// The check of the node's name; 0 where there is no node.
    public var nodeHash: UInt32
    /// What it brings.
    public var table: ChannelTable

    /// The frame that brings `table` for frames of `stream`.
    public init(stream: StreamID, nodeHash: UInt32 = 0, table: ChannelTable) {
        self.stream = stream
        self.nodeHash = nodeHash
        self.table = table
    }

    /// Whether the bytes begin as frames do that stand outside the groups: tables, and kinds that
    /// a later version may add. `FrameDecoder` takes all others.
    public static func isExtended(_ frame: Span<UInt8>) -> Bool {
        frame.count > 0 && frame[0] >= 0xC0
    }

    /// Writes the frame behind `bytes`.
    public func append(to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(Self.type)
        bytes.append(Self.kind)
        ByteWriter.append(stream.rawValue, count: StreamID.byteCount, to: &bytes)
        ByteWriter.append(UInt64(nodeHash), count: 4, to: &bytes)
        ChannelTable.append(table.entries, to: &bytes)
        var checksum = Checksum()
        checksum.add(bytes.span, start..<bytes.count)
        ByteWriter.append(UInt64(checksum.value), count: Self.checkBytes, to: &bytes)
    }

    /// Reads a frame with a table of at most `limits.channels` entries.
    public init(
        _ frame: Span<UInt8>, limits: DecoderLimits = DecoderLimits()
    ) throws(DecodeError) {
        let contentEnd = try Self.checked(frame)
        var cursor = ByteCursor(at: 2, end: contentEnd)
        stream = StreamID(random: try cursor.integer(frame, count: StreamID.byteCount))
        nodeHash = UInt32(try cursor.integer(frame, count: 4))
        table = try ChannelTable.read(frame, &cursor, limit: limits.channels)
    }

    /// Looks at everything but the content; where that ends.
    static func checked(_ frame: Span<UInt8>) throws(DecodeError) -> Int {
        guard frame.count > 0 else { throw .truncated(at: 0) }
        guard frame[0] == type else { throw .unsupported(.extendedFrame(frame[0]), at: 0) }
        guard frame.count > 1 else { throw .truncated(at: 1) }
        guard frame[1] == kind else { throw .unsupported(.extendedFrame(frame[1]), at: 1) }
        guard frame.count <= DecoderLimits.frameBytes else {
            throw .limit(.frameBytes(frame.count), at: 0)
        }
        let contentEnd = frame.count - checkBytes
        guard contentEnd >= headBytes else { throw .truncated(at: frame.count) }
        var checksum = Checksum()
        checksum.add(frame, 0..<contentEnd)
        var cursor = ByteCursor(at: contentEnd, end: frame.count)
        let check = UInt32(try cursor.integer(frame, count: checkBytes))
        guard check == checksum.value else { throw .badCheck(at: contentEnd) }
        return contentEnd
    }
}
