// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// A record's head without its prefix: what an index needs, without memory of its own.
struct RecordFields {
    var kind: RecordKind
    var isKey: Bool
    var frame: FrameIdentity
    var readings: UInt32
    var priorities: InlineArray<5, UInt32>
    var firstTime: Int64
    var lastTime: Int64
    var prefixCount: Int
    /// Bytes of the frame or the table.
    var bodyCount: Int

    /// Where the body begins in the record.
    var bodyAt: Int { RecordFormat.prefixAt + prefixCount + RecordFormat.checkCount }
    /// Bytes of the whole record.
    var byteCount: Int { bodyAt + bodyCount + RecordFormat.checkCount }

    init(_ header: RecordHeader, isKey: Bool, bodyCount: Int) {
        kind = header.kind
        self.isKey = isKey
        frame = header.frame
        readings = header.readings
        priorities = header.priorities
        firstTime = header.firstTime
        lastTime = header.lastTime
        prefixCount = header.prefix.count
        self.bodyCount = bodyCount
    }

    /// The head at `offset`, if its form is right and it is whole; the check is another matter.
    init?(_ bytes: Span<UInt8>, at offset: Int) {
        func word(_ at: Int, _ count: Int) -> UInt64 {
            LittleEndian.read(bytes, at: offset + at, count: count)
        }
        guard bytes.count - offset >= RecordFormat.minimumCount, word(0, 4) == RecordFormat.mark,
            let kind = RecordKind(rawValue: bytes[offset + 8]), bytes[offset + 9] <= 1,
            let lane = Lane(rawValue: bytes[offset + 10])
        else { return nil }
        self.kind = kind
        isKey = bytes[offset + 9] == 1
        prefixCount = Int(bytes[offset + 11])
        let group = GroupIdentity(
            stream: StreamID(random: word(12, 5)), lane: lane,
            group: UInt32(truncatingIfNeeded: word(17, 4)))
        frame = FrameIdentity(group: group, index: UInt32(truncatingIfNeeded: word(21, 4)))
        readings = UInt32(truncatingIfNeeded: word(25, 4))
        priorities = InlineArray { UInt32(truncatingIfNeeded: word(29 + 4 * $0, 4)) }
        firstTime = Int64(bitPattern: word(49, 8))
        lastTime = Int64(bitPattern: word(57, 8))
        bodyCount = 0
        // Below 2^32 + 4 MiB in any case, so nothing here overflows.
        bodyCount = Int(word(4, 4)) - byteCount
        guard 0...RecordFormat.bodyLimit ~= bodyCount,
            bytes.count - offset >= bodyAt
        else { return nil }
    }

    /// The public form; `prefix` stands in the bytes behind these fields.
    func header(prefix: [UInt8]) -> RecordHeader {
        var header = RecordHeader(kind: kind, frame: frame)
        header.readings = readings
        header.priorities = priorities
        header.firstTime = firstTime
        header.lastTime = lastTime
        header.prefix = prefix
        return header
    }
}
