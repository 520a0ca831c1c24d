// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
package import GatewayCore

extension Spool where Storage: ~Copyable {
    /// The first frame or table at `place` or behind it.
    ///
    /// Without history: only frames of groups that are not acknowledged, and tables that such a
    /// group of their segment uses. Complexity: a step for each record passed over; a segment is
    /// read as a whole when a cursor enters it, and passed over unread if nothing in it is wanted.
    package mutating func next(
        from place: UInt64, includingHistory: Bool
    ) throws(SpoolError) -> SpoolItem? {
        let start = Place.segment(of: place)
        var position = position(from: start)
        while position < segments.count {
            let summary = segments[position]
            let isWanted =
                includingHistory
                ? summary.groups > 0 || summary.hasTables : summary.pendingGroups > 0
            if isWanted, !summary.isUnreadable, let index = try indexOrPassOver(position) {
                let offset = summary.number == start ? Place.offset(of: place) : 0
                for i in index.firstEntry(from: offset)..<index.entries.count {
                    guard let isHistory = isHistory(i, index, segments[position]) else { continue }
                    if isHistory && !includingHistory { continue }
                    do throws(SpoolError) {
                        return try item(index.entries[i], in: summary.number, isHistory)
                    } catch {
                        try passOver(position, after: error)
                        break
                    }
                }
            }
            position += 1
        }
        return nil
    }

    /// The index of a segment; nil if the disk does not give an old one back, which is passed over
    /// from now on, so that what lies behind it is sent. The next start tries it again.
    private mutating func indexOrPassOver(
        _ position: Int
    ) throws(SpoolError) -> SegmentIndex? {
        do throws(SpoolError) {
            return try index(at: position)
        } catch {
            try passOver(position, after: error)
            return nil
        }
    }

    /// So often a segment is asked for before it is passed over.
    private static var readAttempts: Int { 3 }

    /// Throws `error` on, until the segment has failed so often that it is passed over.
    private mutating func passOver(
        _ position: Int, after error: SpoolError
    ) throws(SpoolError) {
        guard case .storage(let code) = error, segments[position].number != current else {
            throw error
        }
        segments[position].readFailures += 1
        // ENOENT: unlinked by the agent, while this process only looks.
        let isGone = code == 2
        guard isGone || segments[position].readFailures >= Self.readAttempts else { throw error }
        counters.unreadableSegments += 1
        pending -= segments[position].pending
        lost.add(segments[position].pending.readings, lane: .data, .damaged)
        segments[position].passOver()
    }

    /// Replaces `bytes` by the frame or table of `item`.
    package mutating func read(
        _ item: SpoolItem, into bytes: inout [UInt8]
    ) throws(SpoolError) {
        let number = Place.segment(of: item.place)
        guard position(of: number) != nil else { throw .removed(item.place) }
        let fields = RecordFields(item.header, isKey: item.isKey, bodyCount: item.byteCount)
        try storage.read(
            number, at: Place.offset(of: item.place), count: fields.byteCount, into: &bytes)
        guard case .valid(let found) = RecordFormat.read(bytes.span, at: 0, place: item.place),
            found.byteCount == fields.byteCount, found.frame == fields.frame
        else { throw .damaged(at: item.place) }
        bytes.removeLast(RecordFormat.checkCount)
        bytes.removeFirst(fields.bodyAt)
    }

    /// From the first frame of `group` to behind its last; nil if nothing of it is there.
    ///
    /// Frames of other groups may lie between.
    package mutating func find(_ group: GroupIdentity) throws(SpoolError) -> Range<UInt64>? {
        let parts = try locate(group)
        guard let first = parts.first, let last = parts.last else { return nil }
        return Place.make(first.number, first.group.first)..<Place.make(last.number, last.group.end)
    }

    /// How many frames of `group` are there; nil for none.
    package mutating func frameCount(of group: GroupIdentity) throws(SpoolError) -> Int? {
        let parts = try locate(group)
        return parts.isEmpty ? nil : parts.reduce(0) { $0 + $1.group.amount.frames }
    }

    /// The newest table with this id.
    package mutating func findTable(id: UInt32) throws(SpoolError) -> SpoolItem? {
        for position in segments.indices.reversed()
        where segments[position].mayHold(table: id) && !segments[position].isUnreadable {
            let index = try index(at: position)
            let found = index.entries.lastIndex { $0.kind == .table && $0.subject == id }
            if let found, let isHistory = isHistory(found, index, segments[position]) {
                return try item(index.entries[found], in: segments[position].number, isHistory)
            }
        }
        return nil
    }

    /// Part of a group: all of it, unless groups may cross segments.
    struct Part {
        var number: UInt32
        var ordinal: Int
        var group: SegmentIndex.Group
    }

    /// The parts of `group` in the order of their places.
    mutating func locate(_ group: GroupIdentity) throws(SpoolError) -> [Part] {
        var parts: [Part] = []
        for position in segments.indices.reversed()
        where segments[position].mayHold(group) && !segments[position].isUnreadable {
            let index = try index(at: position)
            guard let ordinal = index.ordinal(of: group) else { continue }
            parts.append(
                Part(
                    number: segments[position].number, ordinal: ordinal,
                    group: index.groups[ordinal]))
            if !settings.crossesSegments { break }
        }
        parts.reverse()
        return parts
    }

    /// The index of the segment at `position`, read if it is not in memory.
    mutating func index(at position: Int) throws(SpoolError) -> SegmentIndex {
        let number = segments[position].number
        if cache.use(number), let index = cache[number] { return index }
        counters.loads += 1
        let bytes = try wholeSegment(number, byteCount: segments[position].byteCount)
        let (found, index, scan) = Self.scan(bytes.span, number: number)
        if found.records != segments[position].records
            || found.groups != segments[position].groups
        {
            var summary = found
            summary.badRecords = scan.badRecords
            summary.badBytes = scan.badBytes
            summary.holeBytes = scan.holeBytes
            replace(position, with: summary, index)
        }
        cache.insert(index, of: number, pinned: current)
        return index
    }

    /// The file has changed under us. Which of its groups were acknowledged is not known any more,
    /// so they are all pending again: sent twice is better than lost.
    private mutating func replace(
        _ position: Int, with found: SegmentSummary, _ index: SegmentIndex
    ) {
        counters.changedSegments += 1
        var summary = found
        summary.byteCount = segments[position].byteCount
        summary.syncedBytes = segments[position].syncedBytes
        summary.began = segments[position].began
        summary.copiedBelow = segments[position].copiedBelow
        summary.retiredBelow = segments[position].retiredBelow
        summary.isIndexed = segments[position].isIndexed
        if segments[position].hasLedger { summary.noteLedger() }
        for number in segments[position].acknowledges { summary.noteAcknowledging(number) }
        for group in index.groups {
            summary.pending += group.amount
            summary.wait(group.amount)
        }
        let gone = segments[position].pending.readings - summary.pending.readings
        if gone > 0 { lost.add(gone, lane: .data, .damaged) }
        pending -= segments[position].pending
        pending += summary.pending
        segments[position] = summary
    }

    /// Whether entry `i` is history; nil for what is neither frame nor table.
    private func isHistory(_ i: Int, _ index: SegmentIndex, _ summary: SegmentSummary) -> Bool? {
        switch index.entries[i].kind {
        case .frame: summary.isAcknowledged(Int(index.entries[i].subject))
        case .table:
            !index.groups.indices.contains {
                index.groups[$0].table == i && !summary.isAcknowledged($0)
            }
        case .acknowledgement, .loss, .hole, .index, .ledger: nil
        }
    }

    private mutating func item(
        _ entry: SegmentIndex.Entry, in number: UInt32, _ isHistory: Bool
    ) throws(SpoolError) -> SpoolItem {
        let place = Place.make(number, Int(entry.offset))
        let header = try recordHeader(entry, at: place)
        return SpoolItem(
            place: place, header: header.header, byteCount: header.fields.bodyCount,
            isKey: header.fields.isKey, isAcknowledged: isHistory)
    }

    /// What the head of a record says, from the disk.
    mutating func recordHeader(
        _ entry: SegmentIndex.Entry, at place: UInt64
    ) throws(SpoolError) -> (header: RecordHeader, fields: RecordFields) {
        try storage.read(
            Place.segment(of: place), at: Place.offset(of: place),
            count: min(Int(entry.byteCount), RecordFormat.headLimit + RecordFormat.checkCount),
            into: &scratch)
        guard let (fields, _) = RecordFormat.head(scratch.span, at: 0, place: place),
            fields.byteCount == Int(entry.byteCount)
        else { throw .damaged(at: place) }
        let prefix = scratch[RecordFormat.prefixAt..<RecordFormat.prefixAt + fields.prefixCount]
        return (fields.header(prefix: Array(prefix)), fields)
    }
}
