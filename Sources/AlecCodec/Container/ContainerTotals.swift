// SPDX-License-Identifier: Apache-2.0

/// What a part of a file holds. The end mark says it, so that missing frames show.
///
///     | 00 | frames | readings | check |
///       1    1...9    1...9      4
public struct ContainerTotals: Equatable, Sendable {
    /// The most bytes of an end mark.
    static let byteLimit = 23

    /// Tables included.
    public var frames: UInt64
    /// Those of all frames.
    public var readings: UInt64

    /// A part with `frames` frames and `readings` readings.
    public init(frames: UInt64 = 0, readings: UInt64 = 0) {
        self.frames = frames
        self.readings = readings
    }

    /// Writes the end mark behind `bytes`.
    public func append(to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(0)
        ByteWriter.appendVarint(frames, to: &bytes)
        ByteWriter.appendVarint(readings, to: &bytes)
        var checksum = Checksum()
        checksum.add(bytes.span, start..<bytes.count)
        ByteWriter.append(UInt64(checksum.value), count: 4, to: &bytes)
    }

    /// Reads an end mark; `cursor` stands at its zero, and behind it afterwards.
    init(_ bytes: Span<UInt8>, _ cursor: inout ByteCursor) throws(DecodeError) {
        let start = cursor.at
        guard try cursor.byte(bytes) == 0 else { throw .malformed(.recordLength, at: start) }
        frames = try cursor.varint(bytes, limit: UInt64(Int64.max))
        readings = try cursor.varint(bytes, limit: UInt64(Int64.max))
        var checksum = Checksum()
        checksum.add(bytes, start..<cursor.at)
        let checkAt = cursor.at
        guard UInt32(try cursor.integer(bytes, count: 4)) == checksum.value else {
            throw .badCheck(at: checkAt)
        }
    }
}
