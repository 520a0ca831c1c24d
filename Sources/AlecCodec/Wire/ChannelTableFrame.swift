// SPDX-License-Identifier: Apache-2.0

/// A channel table as it travels: a frame that stands outside all groups and moves no context.
///
///     | 0xC1 | 0x01 | stream id | node | content | check |
///       1      1      5           4      ...       4
public struct ChannelTableFrame: Equatable, Sendable {
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

    /// Writes the frame behind `bytes`.
    public func append(to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(ExtendedFrame.tableType)
        bytes.append(ExtendedFrame.tableKind)
        ByteWriter.append(stream.rawValue, count: StreamID.byteCount, to: &bytes)
        ByteWriter.append(UInt64(nodeHash), count: 4, to: &bytes)
        ChannelTable.append(table.entries, to: &bytes)
        let check = Checksum.value(of: bytes.span.extracting(start..<bytes.count))
        ByteWriter.append(UInt64(check), count: ExtendedFrame.checkBytes, to: &bytes)
    }

    /// Reads a frame with a table of at most `limits.channels` entries.
    public init(
        _ frame: Span<UInt8>, limits: DecoderLimits = DecoderLimits()
    ) throws(DecodeError) {
        let extended = try Self.checked(frame)
        var cursor = ByteCursor(at: 2, end: extended.contentEnd)
        (stream, nodeHash) = try Self.readOwner(frame, &cursor)
        table = try ChannelTable.read(frame, &cursor, limit: limits.channels)
    }

    /// Looks at everything but the content.
    static func checked(_ frame: Span<UInt8>) throws(DecodeError) -> ExtendedFrame {
        guard frame.count > 0 else { throw .truncated(at: 0) }
        guard ExtendedFrame.begins(frame) else { throw .malformed(.tableEntry, at: 0) }
        let extended = try ExtendedFrame(frame)
        guard extended.isTable else { throw extended.unsupported }
        return extended
    }

    /// Reads for which stream and node the table is.
    static func readOwner(
        _ frame: Span<UInt8>, _ cursor: inout ByteCursor
    ) throws(DecodeError) -> (StreamID, nodeHash: UInt32) {
        do throws(DecodeError) {
            let stream = StreamID(random: try cursor.integer(frame, count: StreamID.byteCount))
            return (stream, UInt32(try cursor.integer(frame, count: 4)))
        } catch {
            // The check held, so nothing was cut off on the way: it was written like this.
            throw .malformed(.tableEntry, at: cursor.at)
        }
    }
}
