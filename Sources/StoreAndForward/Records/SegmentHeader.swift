// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

/// The first bytes of a segment.
enum SegmentHeader {
    static let byteCount = 24
    static let version: UInt16 = 1
    /// No segment grows beyond, so that one fits into memory when it is read.
    static let segmentLimit = 64 << 20

    private static let name: [UInt8] = [0x41, 0x4C, 0x45, 0x43, 0x53, 0x45, 0x47, 0x0A]
    private static let beganAt = 16
    private static let checkAt = 20

    /// What the first bytes of a file say.
    enum Finding: Equatable {
        case valid
        case damaged
        case version(UInt16)
    }

    static func append(number: UInt32, began: UInt32, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes += name
        LittleEndian.append(UInt64(version), count: 2, to: &bytes)
        LittleEndian.append(UInt64(byteCount), count: 2, to: &bytes)
        LittleEndian.append(UInt64(number), count: 4, to: &bytes)
        LittleEndian.append(UInt64(began), count: 4, to: &bytes)
        var check = Checksum()
        check.add(bytes.span, start..<start + checkAt)
        LittleEndian.append(UInt64(check.value), count: 4, to: &bytes)
    }

    /// When the segment began, in seconds since 1970, by a valid header; 0 if nobody knew.
    static func began(_ bytes: Span<UInt8>) -> UInt32 {
        guard bytes.count >= byteCount else { return 0 }
        return UInt32(truncatingIfNeeded: LittleEndian.read(bytes, at: beganAt, count: 4))
    }

    static func read(_ bytes: Span<UInt8>, number: UInt32) -> Finding {
        guard bytes.count >= byteCount else { return .damaged }
        for i in name.indices where bytes[i] != name[i] { return .damaged }
        var check = Checksum()
        check.add(bytes, 0..<checkAt)
        guard LittleEndian.read(bytes, at: checkAt, count: 4) == check.value,
            LittleEndian.read(bytes, at: 12, count: 4) == number
        else { return .damaged }
        let found = UInt16(truncatingIfNeeded: LittleEndian.read(bytes, at: 8, count: 2))
        guard found == version else { return .version(found) }
        return LittleEndian.read(bytes, at: 10, count: 2) == byteCount ? .valid : .damaged
    }
}
