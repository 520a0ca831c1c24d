// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// A record as bytes: SpoolFormat.md, "Record".
enum RecordFormat {
    /// Where reading finds its way again behind damage.
    static let mark: UInt64 = 0x1A52_4CC5
    static let prefixAt = 65
    static let checkCount = 4
    /// A record without prefix and body.
    static let minimumCount = prefixAt + 2 * checkCount
    /// The longest prefix and the longest head.
    static let prefixLimit = 255
    static let headLimit = prefixAt + prefixLimit + checkCount
    /// The largest frame or table.
    static let bodyLimit = 4 << 20

    /// What stands at an offset.
    enum Finding {
        /// Both checks hold.
        case valid(RecordFields)
        /// Only the head's check holds.
        case damagedBody(RecordFields)
        case nothing
    }

    /// Appends the record whose place will be `place`.
    static func append(
        _ header: RecordHeader, _ body: Span<UInt8>, isKey: Bool, place: UInt64,
        to bytes: inout [UInt8]
    ) {
        var check = appendHead(
            header, bodyCount: body.count, isKey: isKey, place: place, to: &bytes)
        check.add(bytes.span, bytes.count - checkCount..<bytes.count)
        for i in body.indices { bytes.append(body[i]) }
        check.add(body, 0..<body.count)
        LittleEndian.append(UInt64(check.value), count: checkCount, to: &bytes)
    }

    /// The head of a record alone, whose body stays what it is.
    static func head(of header: RecordHeader, bodyCount: Int, place: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        _ = appendHead(header, bodyCount: bodyCount, isKey: false, place: place, to: &bytes)
        return bytes
    }

    private static func appendHead(
        _ header: RecordHeader, bodyCount: Int, isKey: Bool, place: UInt64,
        to bytes: inout [UInt8]
    ) -> Checksum {
        let fields = RecordFields(header, isKey: isKey, bodyCount: bodyCount)
        let start = bytes.count
        LittleEndian.append(mark, count: 4, to: &bytes)
        LittleEndian.append(UInt64(fields.byteCount), count: 4, to: &bytes)
        bytes.append(header.kind.rawValue)
        bytes.append(isKey ? 1 : 0)
        bytes.append(header.frame.group.lane.rawValue)
        bytes.append(UInt8(header.prefix.count))
        LittleEndian.append(header.frame.group.stream.rawValue, count: 5, to: &bytes)
        LittleEndian.append(UInt64(header.frame.group.group), count: 4, to: &bytes)
        LittleEndian.append(UInt64(header.frame.index), count: 4, to: &bytes)
        LittleEndian.append(UInt64(header.readings), count: 4, to: &bytes)
        for i in header.priorities.indices {
            LittleEndian.append(UInt64(header.priorities[i]), count: 4, to: &bytes)
        }
        LittleEndian.append(UInt64(bitPattern: header.firstTime), count: 8, to: &bytes)
        LittleEndian.append(UInt64(bitPattern: header.lastTime), count: 8, to: &bytes)
        bytes += header.prefix
        var check = seeded(with: place)
        check.add(bytes.span, start..<bytes.count)
        LittleEndian.append(UInt64(check.value), count: checkCount, to: &bytes)
        return check
    }

    /// The head at `offset`, if it is whole and its check holds, and the check up to its end.
    static func head(
        _ bytes: Span<UInt8>, at offset: Int, place: UInt64
    ) -> (fields: RecordFields, check: Checksum)? {
        guard let fields = RecordFields(bytes, at: offset) else { return nil }
        let checkAt = offset + fields.bodyAt - checkCount
        var check = seeded(with: place)
        check.add(bytes, offset..<checkAt)
        guard LittleEndian.read(bytes, at: checkAt, count: checkCount) == check.value else {
            return nil
        }
        check.add(bytes, checkAt..<checkAt + checkCount)
        return (fields, check)
    }

    /// The record at `offset` of `bytes`, which may end before it does.
    static func read(_ bytes: Span<UInt8>, at offset: Int, place: UInt64) -> Finding {
        guard let (fields, headCheck) = head(bytes, at: offset, place: place) else {
            return .nothing
        }
        var check = headCheck
        guard bytes.count - offset >= fields.byteCount else { return .damagedBody(fields) }
        let end = offset + fields.byteCount - checkCount
        check.add(bytes, offset + fields.bodyAt..<end)
        guard LittleEndian.read(bytes, at: end, count: checkCount) == check.value else {
            return .damagedBody(fields)
        }
        return .valid(fields)
    }

    /// Every check begins with the place: a record that stands elsewhere is none.
    private static func seeded(with place: UInt64) -> Checksum {
        var check = Checksum()
        for i in 0..<8 { check.add(UInt8(truncatingIfNeeded: place >> UInt64(8 * i))) }
        return check
    }
}
