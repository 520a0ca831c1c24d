// SPDX-License-Identifier: Apache-2.0

/// What stands before the payload of a frame.
///
///     chained   type | group | index | check | payload
///               1      1...5   1...2   4
///
///     key       type | group | 0 | stream id | lane | node | table | predecessor | check | payload
///               1      1...5   1   5           1      4      4       1...7         4
public struct FrameHead: Equatable, Sendable {
    /// The most frames of one group: an index takes at most two bytes.
    public static let groupLimit: UInt32 = 16_384
    /// No head is longer.
    public static let byteLimit = 32
    /// The payload arithmetic described by the format page.
    static let profile: UInt8 = 1

    /// The number of the frame's group.
    public var group: UInt32
    /// The frame's place in its group; 0 for the key frame.
    public var index: UInt32
    /// Only in key frames.
    public var key: KeyHead?
    /// Remarks follow the values.
    public var isAnnotated: Bool
    /// The check as it was sent.
    public var check: UInt32 = 0
    /// Bytes of the whole head.
    public internal(set) var byteCount = 0

    /// Whether the frame needs no other before it.
    public var isKey: Bool { key != nil }
}

/// The part of a head that only key frames have.
public struct KeyHead: Equatable, Sendable {
    /// Which stream the frame belongs to.
    public var stream: StreamHead
    /// nil for the first group of a lane.
    public var predecessor: Predecessor?
}

extension FrameHead {
    /// The bits of the first byte.
    enum TypeByte {
        static let key: UInt8 = 0x40
        static let anchored: UInt8 = 0x80
        static let extended: UInt8 = 0xC0
        static let compact: UInt8 = 0x20
        static let anchorMark: UInt8 = 0x10
        static let annotated: UInt8 = 0x08
        static let profileMask: UInt8 = 0x07
    }

    /// Reads the head of a chained or key frame; others are looked at by `FrameOutline`.
    public init(_ frame: Span<UInt8>) throws(DecodeError) {
        var cursor = ByteCursor(end: frame.count)
        let first = try cursor.byte(frame)
        let isKey = try Self.checkType(first)
        isAnnotated = first & TypeByte.annotated != 0
        group = UInt32(try cursor.varint(frame, limit: UInt64(UInt32.max)))
        let indexAt = cursor.at
        index = UInt32(try cursor.varint(frame, limit: UInt64(UInt32.max)))
        guard isKey ? index == 0 : index >= 1 && index < Self.groupLimit else {
            throw .malformed(.index, at: indexAt)
        }
        key = isKey ? try KeyHead(frame, &cursor, group: group) : nil
        check = UInt32(try cursor.integer(frame, count: 4))
        byteCount = cursor.at
    }

    /// Whether a first byte announces a key frame; chained if not.
    private static func checkType(_ first: UInt8) throws(DecodeError) -> Bool {
        let type = first & TypeByte.extended
        if type == TypeByte.extended { throw .unsupported(.extendedFrame(first), at: 0) }
        let profile = first & TypeByte.profileMask
        if profile != Self.profile { throw .unsupported(.profile(profile), at: 0) }
        if type == TypeByte.anchored { throw .unsupported(.anchoredFrame, at: 0) }
        if first & TypeByte.compact != 0 { throw .unsupported(.compactIntegrity, at: 0) }
        if first & TypeByte.anchorMark != 0 { throw .unsupported(.anchorMark, at: 0) }
        return type == TypeByte.key
    }

    /// Writes everything up to the check.
    func append(to bytes: inout [UInt8]) {
        var first = Self.profile
        if isKey { first |= TypeByte.key }
        if isAnnotated { first |= TypeByte.annotated }
        bytes.append(first)
        ByteWriter.appendVarint(UInt64(group), to: &bytes)
        ByteWriter.appendVarint(UInt64(index), to: &bytes)
        key?.append(to: &bytes)
    }
}

extension KeyHead {
    private enum LaneByte {
        static let lane: UInt8 = 0x03
        static let preload: UInt8 = 0x20
        static let reserved: UInt8 = 0xC0
    }

    init(_ frame: Span<UInt8>, _ cursor: inout ByteCursor, group: UInt32) throws(DecodeError) {
        let id = StreamID(random: try cursor.integer(frame, count: StreamID.byteCount))
        let laneAt = cursor.at
        let byte = try cursor.byte(frame)
        if byte & LaneByte.reserved != 0 { throw .unsupported(.reservedBits, at: laneAt) }
        if byte & LaneByte.preload != 0 { throw .unsupported(.preload, at: laneAt) }
        guard let lane = Lane(rawValue: byte & LaneByte.lane) else {
            throw .malformed(.lane, at: laneAt)
        }
        guard let priority = Priority(rawValue: byte >> 2 & 7) else {
            throw .malformed(.basePriority, at: laneAt)
        }
        let node = UInt32(try cursor.integer(frame, count: 4))
        let table = UInt32(try cursor.integer(frame, count: 4))
        stream = StreamHead(
            id: id, lane: lane, basePriority: priority, nodeHash: node, tableID: table)
        let distance = UInt32(try cursor.varint(frame, limit: UInt64(UInt32.max)))
        guard distance > 0 else {
            predecessor = nil
            return
        }
        let last = try cursor.varint(frame, limit: UInt64(FrameHead.groupLimit - 1))
        predecessor = Predecessor(distance: distance, lastIndex: UInt32(last))
    }

    func append(to bytes: inout [UInt8]) {
        ByteWriter.append(stream.id.rawValue, count: StreamID.byteCount, to: &bytes)
        bytes.append(stream.lane.rawValue | stream.basePriority.rawValue << 2)
        ByteWriter.append(UInt64(stream.nodeHash), count: 4, to: &bytes)
        ByteWriter.append(UInt64(stream.tableID), count: 4, to: &bytes)
        ByteWriter.appendVarint(UInt64(predecessor?.distance ?? 0), to: &bytes)
        if let predecessor {
            ByteWriter.appendVarint(UInt64(predecessor.lastIndex), to: &bytes)
        }
    }
}

extension FrameLink {
    /// The check of a frame whose head (up to its check) and payload are these parts of `frame`.
    func check(_ frame: Span<UInt8>, head: Range<Int>, payload: Range<Int>) -> UInt32 {
        var checksum = Checksum()
        checksum.add(check)
        checksum.add(digest)
        checksum.add(frame, head)
        checksum.add(frame, payload)
        return checksum.value
    }
}
