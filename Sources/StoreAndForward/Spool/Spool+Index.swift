// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

extension Spool where Storage: ~Copyable {
    /// So many segments get their index at once.
    private static var indexesAtOnce: Int { 4 }
    /// The index of most segments lies in so many bytes at their end.
    private static var tailGuess: Int { 4096 }

    /// Appends an index to segments that are complete and on the disk.
    ///
    /// An index says that all before it is there; so it must not come to the disk first.
    mutating func writeIndexes() {
        var count = 0
        for position in segments.indices {
            let summary = segments[position]
            guard !summary.isIndexed, summary.number != current, !summary.isUnreadable,
                !summary.needsRewriting, summary.byteCount >= settings.indexedBytes,
                !settings.isDurable || summary.syncedBytes == summary.byteCount
            else { continue }
            // Whatever happens it is not tried again and again.
            segments[position].isIndexed = true
            do throws(SpoolError) {
                try writeIndex(position)
            } catch {
                counters.writeErrors += 1
            }
            count += 1
            if count >= Self.indexesAtOnce { return }
        }
    }

    private mutating func writeIndex(_ position: Int) throws(SpoolError) {
        let (number, end) = (segments[position].number, segments[position].byteCount)
        let bytes = try wholeSegment(number, byteCount: end)
        let (_, index, scan) = Self.scan(bytes.span, number: number)
        // Something is not as it was: whoever reads it next will see.
        guard index.groups.count == segments[position].groups, scan.validEnd == end else { return }
        let body = SegmentDigest(index, scan).bytes
        guard body.count <= RecordFormat.bodyLimit,
            end + RecordFormat.minimumCount + body.count <= SegmentHeader.segmentLimit
        else { return }
        let nobody = GroupIdentity(stream: StreamID(random: 0), lane: .data, group: 0)
        let header = RecordHeader(kind: .index, frame: FrameIdentity(group: nobody, index: 0))
        scratch.removeAll(keepingCapacity: true)
        RecordFormat.append(
            header, body.span, isKey: false, place: Place.make(number, end), to: &scratch)
        let record = scratch
        do throws(SpoolError) {
            try storage.write(record.span, to: number, at: end)
        } catch {
            // What it left is a torn tail.
            try storage.truncate(number, to: end)
            throw error
        }
        counters.bytesWritten += record.count
        segments[position].byteCount = end + record.count
        let fields = RecordFields(header, isKey: false, bodyCount: body.count)
        _ = cache.add(fields, at: end, to: number)
        segments[position].add(fields, isNewGroup: false)
    }

    /// The index at the end of a file, if a valid one is there.
    mutating func digest(
        of file: StoredSegment
    ) throws(SpoolError) -> (digest: SegmentDigest, began: UInt32)? {
        guard file.byteCount >= settings.indexedBytes,
            file.byteCount <= SegmentHeader.segmentLimit
        else { return nil }
        try storage.read(file.number, at: 0, count: SegmentHeader.byteCount, into: &scratch)
        guard SegmentHeader.read(scratch.span, number: file.number) == .valid else { return nil }
        let began = SegmentHeader.began(scratch.span)
        let guess = min(Self.tailGuess, file.byteCount)
        try storage.read(
            file.number, at: file.byteCount - guess, count: guess, into: &scratch)
        let sizeAt = guess - RecordFormat.checkCount - SegmentDigest.tailCount
        guard scratch.count == guess, sizeAt >= 0 else { return nil }
        let size = Int(LittleEndian.read(scratch.span, at: sizeAt, count: SegmentDigest.tailCount))
        let at = file.byteCount - size
        guard at >= SegmentHeader.byteCount, size >= RecordFormat.minimumCount else { return nil }
        if size > guess {
            try storage.read(file.number, at: at, count: size, into: &scratch)
        } else {
            scratch.removeFirst(guess - size)
        }
        let place = Place.make(file.number, at)
        guard case .valid(let fields) = RecordFormat.read(scratch.span, at: 0, place: place),
            fields.kind == .index, fields.byteCount == size
        else { return nil }
        let body = scratch[fields.bodyAt..<size - RecordFormat.checkCount]
        return SegmentDigest(Array(body).span).map { ($0, began) }
    }
}
