// SPDX-License-Identifier: Apache-2.0

/// A frame that stands outside all groups: a channel table, or of a kind that a later version
/// added. Whatever the kind, its last four bytes are the check of all before them, so that what is
/// passed over as unknown is not what was damaged.
///
///     | 0b11...... | kind | content | check |
///       1            1      ...       4
public struct ExtendedFrame: Equatable, Sendable {
    /// Type and kind of a channel table.
    static let tableType: UInt8 = 0xC1
    static let tableKind: UInt8 = 1
    static let checkBytes = 4

    /// The first byte, 0xC0 or above.
    public let type: UInt8
    /// The second byte: what the content is.
    public let kind: UInt8
    /// Where the content ends, and the check begins.
    let contentEnd: Int

    /// Whether the bytes begin as such frames do. `FrameDecoder` takes all others.
    public static func begins(_ frame: Span<UInt8>) -> Bool {
        frame.count > 0 && frame[0] >= 0xC0
    }

    /// Whether `ChannelTableFrame` takes it.
    public var isTable: Bool { type == Self.tableType && kind == Self.tableKind }

    /// Looks at the type, the size and the check of a frame that begins like one.
    public init(_ frame: Span<UInt8>) throws(DecodeError) {
        guard frame.count >= 2 + Self.checkBytes else { throw .truncated(at: frame.count) }
        guard frame.count <= DecoderLimits.frameBytes else {
            throw .limit(.frameBytes(frame.count), at: 0)
        }
        type = frame[0]
        kind = frame[1]
        contentEnd = frame.count - Self.checkBytes
        var cursor = ByteCursor(at: contentEnd, end: frame.count)
        let check = UInt32(try cursor.integer(frame, count: Self.checkBytes))
        guard check == Checksum.value(of: frame.extracting(0..<contentEnd)) else {
            throw .badCheck(at: contentEnd)
        }
    }

    /// What a reader says that does not know the kind.
    var unsupported: DecodeError {
        type == Self.tableType
            ? .unsupported(.extendedFrame(kind), at: 1) : .unsupported(.extendedFrame(type), at: 0)
    }
}
