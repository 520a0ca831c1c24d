// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
package import GatewayCore

extension Spool where Storage: ~Copyable {
    /// The table that key frames of its stream need from now on; it is written before the next.
    package mutating func setTable(_ header: RecordHeader, _ bytes: [UInt8]) {
        precondition(header.kind == .table, "a table record has the kind of one")
        table = (header, bytes)
    }

    /// Appends a frame, or a table, in one write; its place.
    ///
    /// After an error nothing of it is in the spool. A frame that is no key frame must belong to a
    /// group that is open; a group that was acknowledged gets no more frames. At a bound, what
    /// matters less goes, then what is older, if the settings allow it; with `canWait` for P1 only.
    package mutating func append(
        _ header: RecordHeader, _ bytes: Span<UInt8>, isKey: Bool, canWait: Bool = false
    ) throws(SpoolError) -> UInt64 {
        precondition(
            header.kind == .frame || header.kind == .table, "the spool writes the others itself")
        try checkSize(header.prefix.count, bytes.count)
        if header.kind == .frame {
            let amount = PendingAmount(
                RecordFields(header, isKey: isKey, bodyCount: bytes.count))
            try makeBytesFree(for: amount.bytes, amount.urgency, canWait: canWait)
            if isKey { openGroups.closePredecessor(of: header.frame.group) }
        }
        makeRoom(for: bytes.count)
        if header.kind == .frame { try admit(header.frame.group, isKey: isKey) }
        let place = try write(header, bytes, isKey: isKey)
        if header.kind == .frame {
            openGroups.note(header.frame.group, in: Place.segment(of: place))
        }
        return place
    }

    /// No more frames come for `group`.
    package mutating func closeGroup(_ group: GroupIdentity) { openGroups.close(group) }

    /// Whether no more frames come for `group`.
    package func isClosed(_ group: GroupIdentity) -> Bool {
        openGroups.segment(of: group) == nil
    }

    private func checkSize(_ prefixCount: Int, _ bodyCount: Int) throws(SpoolError) {
        if prefixCount > RecordFormat.prefixLimit { throw .tooLarge(byteCount: prefixCount) }
        if bodyCount > RecordFormat.bodyLimit { throw .tooLarge(byteCount: bodyCount) }
    }

    /// Ends the segment being written, where it has its size and no group would be cut, or where
    /// it could not be read any more.
    mutating func makeRoom(for bodyCount: Int) {
        guard let number = current, let last = segments.last else { return }
        let most = 2 * (RecordFormat.headLimit + RecordFormat.checkCount) + bodyCount
        let withTable = most + (table?.bytes.count ?? 0)
        if last.byteCount + withTable > SegmentHeader.segmentLimit {
            seal()
        } else if last.byteCount >= settings.segmentBytes {
            if settings.crossesSegments || !openGroups.isAny(in: number) { seal() }
        }
    }

    /// The next append begins a segment; groups that may not go on there are ended.
    mutating func seal() {
        guard let number = current else { return }
        current = nil
        if !settings.crossesSegments { openGroups.closeAll(in: number) }
        segments[segments.count - 1].settle()
    }

    private func admit(_ group: GroupIdentity, isKey: Bool) throws(SpoolError) {
        if isKey || settings.crossesSegments { return }
        guard let segment = openGroups.segment(of: group), segment == current else {
            throw .groupSealed
        }
    }

    /// One record of any kind. History makes room where the disk has none.
    mutating func write(
        _ header: RecordHeader, _ body: Span<UInt8>, isKey: Bool
    ) throws(SpoolError) -> UInt64 {
        do throws(SpoolError) {
            return try writeOnce(header, body, isKey: isKey)
        } catch {
            guard error == .noSpace, removeHistory(beyond: 0, mayCopy: false) > 0 else {
                throw error
            }
        }
        return try writeOnce(header, body, isKey: isKey)
    }

    private mutating func writeOnce(
        _ header: RecordHeader, _ body: Span<UInt8>, isKey: Bool
    ) throws(SpoolError) -> UInt64 {
        guard let number = current ?? UInt32(exactly: nextNumber) else { throw .noSpace }
        let base = current == nil ? 0 : segments[segments.count - 1].byteCount
        scratch.removeAll(keepingCapacity: true)
        if current == nil { SegmentHeader.append(number: number, began: wallSeconds, to: &scratch) }
        let tableAt = base + scratch.count
        let table = neededTable(before: header, in: number)
        if let table {
            RecordFormat.append(
                table.header, table.bytes.span, isKey: false, place: Place.make(number, tableAt),
                to: &scratch)
        }
        let offset = base + scratch.count
        RecordFormat.append(
            header, body, isKey: isKey, place: Place.make(number, offset), to: &scratch)

        if current == nil { try begin(number) }
        try writeScratch(to: number, at: base)

        if let table {
            note(
                RecordFields(table.header, isKey: false, bodyCount: table.bytes.count), at: tableAt)
        }
        note(RecordFields(header, isKey: isKey, bodyCount: body.count), at: offset)
        return Place.make(number, offset)
    }

    /// The table, if the frame is the first of its group here and its stream's last table differs.
    private func neededTable(
        before header: RecordHeader, in number: UInt32
    ) -> (header: RecordHeader, bytes: [UInt8])? {
        let group = header.frame.group
        guard header.kind == .frame, let table, table.header.frame.group.stream == group.stream
        else { return nil }
        guard current != nil, let index = cache[number] else { return table }
        let isThere = index.lastTable(of: group.stream) == table.header.frame.group.group
        return isThere || index.ordinal(of: group) != nil ? nil : table
    }

    private mutating func begin(_ number: UInt32) throws(SpoolError) {
        do throws(SpoolError) {
            try storage.create(number)
        } catch {
            counters.writeErrors += 1
            throw error
        }
        nextNumber += 1
        directoryChanges += 1
        segments.append(SegmentSummary(number: number, byteCount: 0))
        segments[segments.count - 1].began = wallSeconds
        current = number
        cache.insert(SegmentIndex(), of: number, pinned: number)
    }

    private mutating func writeScratch(to number: UInt32, at base: Int) throws(SpoolError) {
        do throws(SpoolError) {
            // A span of a stored array would reach into the storage's exclusive access.
            let bytes = scratch
            try storage.write(bytes.span, to: number, at: base)
            counters.bytesWritten += scratch.count
            segments[segments.count - 1].byteCount = base + scratch.count
        } catch {
            counters.writeErrors += 1
            giveUp(number, at: base, after: error)
            throw error
        }
    }

    /// Takes back what a failed write may have left.
    private mutating func giveUp(_ number: UInt32, at base: Int, after error: SpoolError) {
        let isClean: Bool
        do throws(SpoolError) {
            if base == 0 {
                directoryChanges += 1
                try storage.remove(number)
            } else {
                try storage.truncate(number, to: base)
            }
            isClean = true
        } catch {
            isClean = false
        }
        if base == 0 {
            // Its number is not given again; if the file is still there, opening reads it.
            current = nil
            cache.remove(number)
            segments.removeLast()
        } else if error != .noSpace || !isClean {
            // Who knows what an error left in the file: nothing more goes there.
            counters.sealedByErrors += 1
            seal()
        }
    }

    /// Takes a record into index, summary and sums.
    private mutating func note(_ fields: RecordFields, at offset: Int) {
        let last = segments.count - 1
        let number = segments[last].number
        let before = cache.amount(of: fields.frame.group, in: number)
        let isNewGroup = cache.add(fields, at: offset, to: number)
        segments[last].add(fields, isNewGroup: isNewGroup)
        guard fields.kind == .frame,
            let ordinal = cache[number]?.ordinal(of: fields.frame.group),
            !segments[last].isAcknowledged(ordinal),
            let amount = cache.amount(of: fields.frame.group, in: number)
        else { return }
        if let before, !isNewGroup { segments[last].stopWaiting(before) }
        segments[last].wait(amount)
        segments[last].pending += PendingAmount(fields)
        pending += PendingAmount(fields)
    }
}
