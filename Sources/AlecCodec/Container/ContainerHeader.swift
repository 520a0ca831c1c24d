// SPDX-License-Identifier: Apache-2.0

/// What the times of a source counted, so that they can be printed as they were written. The times
/// in frames are always nanoseconds.
public enum SourceTimeUnit: UInt8, CaseIterable, Sendable {
    case nanoseconds = 0
    case microseconds = 1
    case milliseconds = 2
    case seconds = 3
}

/// How an `.alec` file begins.
///
///     | 89 41 4C 45 43 0A | version | time unit | preload | check |
///       6                   1         1           4         4
public struct ContainerHeader: Equatable, Sendable {
    /// Bytes of a header.
    public static let byteCount = 16
    /// The only version so far.
    static let version: UInt8 = 1
    /// No text begins like this, and a copy that changed line ends shows.
    static let mark: InlineArray<6, UInt8> = [0x89, 0x41, 0x4C, 0x45, 0x43, 0x0A]

    /// What the source declared, for printing only.
    public var timeUnit: SourceTimeUnit

    /// The header of a file whose source counted `timeUnit`.
    public init(timeUnit: SourceTimeUnit) { self.timeUnit = timeUnit }

    /// Writes the header behind `bytes`.
    public func append(to bytes: inout [UInt8]) {
        let start = bytes.count
        for i in Self.mark.indices { bytes.append(Self.mark[i]) }
        bytes.append(Self.version)
        bytes.append(timeUnit.rawValue)
        ByteWriter.append(0, count: 4, to: &bytes)
        var checksum = Checksum()
        checksum.add(bytes.span, start..<bytes.count)
        ByteWriter.append(UInt64(checksum.value), count: 4, to: &bytes)
    }

    /// Reads the first bytes of `bytes`. Offsets in errors are those in `bytes`.
    public init(_ bytes: Span<UInt8>) throws(DecodeError) {
        for i in Self.mark.indices {
            guard i < bytes.count else { throw .truncated(at: bytes.count) }
            guard bytes[i] == Self.mark[i] else { throw .malformed(.fileMark, at: i) }
        }
        var cursor = ByteCursor(at: Self.mark.count, end: bytes.count)
        let version = try cursor.byte(bytes)
        guard version == Self.version else {
            throw .unsupported(.fileVersion(version), at: Self.mark.count)
        }
        let unitAt = cursor.at
        let unit = try cursor.byte(bytes)
        let preload = try cursor.integer(bytes, count: 4)
        let checkAt = cursor.at
        let check = UInt32(try cursor.integer(bytes, count: 4))
        var checksum = Checksum()
        checksum.add(bytes, 0..<checkAt)
        guard check == checksum.value else { throw .badCheck(at: checkAt) }
        guard let timeUnit = SourceTimeUnit(rawValue: unit) else {
            throw .unsupported(.timeUnit(unit), at: unitAt)
        }
        guard preload == 0 else { throw .unsupported(.preload, at: unitAt + 1) }
        self.timeUnit = timeUnit
    }
}
