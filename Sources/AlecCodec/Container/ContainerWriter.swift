// SPDX-License-Identifier: Apache-2.0

/// Writes an `.alec` file piece by piece, behind the bytes that the caller has.
///
/// A table comes before the first key frame that names it; a frame's readings are those of its
/// `FrameSummary`, none for a table.
public struct ContainerWriter: Sendable {
    /// What was written so far.
    public private(set) var totals = ContainerTotals()
    /// Bytes of header, lengths and end mark so far: all but the frames.
    public private(set) var framingBytes = 0

    /// A file of which nothing is written.
    public init() {}

    /// Writes the header; once, before all else.
    public mutating func begin(_ header: ContainerHeader, into bytes: inout [UInt8]) {
        let start = bytes.count
        header.append(to: &bytes)
        framingBytes += bytes.count - start
    }

    /// Writes a frame, or a table frame, of 1 byte to 1 MiB.
    public mutating func append(
        _ frame: Span<UInt8>, readings: Int, into bytes: inout [UInt8]
    ) {
        precondition(
            frame.count >= 1 && frame.count <= DecoderLimits.frameBytes,
            "a frame has 1 byte to 1 MiB")
        let start = bytes.count
        ByteWriter.appendVarint(UInt64(frame.count), to: &bytes)
        framingBytes += bytes.count - start
        bytes.append(addingCapacity: frame.count) { (output: inout OutputSpan<UInt8>) in
            for i in frame.indices { output.append(frame[i]) }
        }
        totals.frames += 1
        totals.readings += UInt64(readings)
    }

    /// Writes the end mark; nothing follows but another file.
    public mutating func end(into bytes: inout [UInt8]) {
        let start = bytes.count
        totals.append(to: &bytes)
        framingBytes += bytes.count - start
    }
}
