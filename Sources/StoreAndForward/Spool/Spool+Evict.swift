// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

extension Spool where Storage: ~Copyable {
    /// Makes sure that a record of `size` bytes keeps the bounds, by what the settings allow.
    mutating func makeBytesFree(
        for size: Int, _ urgency: Int, canWait: Bool
    ) throws(SpoolError) {
        let isCritical = urgency == 0
        while true {
            let isOver = pending.bytes + size > settings.maximumBytes
            let isShort = !isOver && isBelowFloor(size)
            guard isOver || isShort else { return }
            if isShort, removeHistory(beyond: 0, mayCopy: false) > 0 { continue }
            if settings.evicts, isCritical || !canWait, try evict(for: urgency) { continue }
            // The reserve is what P1 may use up; the disk says when it is empty.
            if isShort && isCritical { return }
            counters.refusedFull += 1
            throw isOver ? .full : .noSpace
        }
    }

    /// Whether the file system would have less free than it must; what is already given up but not
    /// yet given back counts as free.
    private mutating func isBelowFloor(_ size: Int) -> Bool {
        guard settings.minimumFreeBytes > 0 || settings.minimumFreePercent > 0 else { return false }
        guard let space = (try? storage.space()) ?? nil else { return false }
        let floor = max(
            settings.minimumFreeBytes, space.byteCount / 100 * settings.minimumFreePercent)
        return space.freeBytes - size < floor && space.freeBytes + deadBytes - size < floor
    }

    /// What `trim` can give back, as soon as the losses are on the disk.
    private var deadBytes: Int {
        segments.dropLast().reduce(0) { sum, segment in
            let dead = segment.byteCount - segment.holeBytes - segment.pending.bytes
            if segment.isUnreadable { return sum }
            if segment.pendingGroups == 0 { return sum + dead }
            return dead - segment.deadBytes >= Self.holeLimit ? sum + dead : sum
        }
    }

    /// Gives up a little more than is needed, so that losses stand together and what they speak of
    /// leaves long stretches; whether anything went.
    private mutating func evict(for urgency: Int) throws(SpoolError) -> Bool {
        let target = pending.bytes - settings.maximumBytes / 64
        var isAny = false
        while try evictOne(for: urgency) {
            isAny = true
            if pending.bytes <= target { break }
        }
        return isAny
    }

    /// Gives up the oldest group of those that matter least, none that matters more than
    /// `urgency`; whether there was one.
    private mutating func evictOne(for urgency: Int) throws(SpoolError) -> Bool {
        for least in stride(from: 4, through: urgency, by: -1) {
            for number in segments.map(\.number) {
                guard let position = position(of: number), segments[position].waiting[least] > 0
                else { continue }
                let oldest = try waitingGroups(in: position, least).first {
                    isClosed($0.identity)
                }
                guard let oldest else { continue }
                _ = try lose(oldest.identity, .evicted)
                counters.evictions += 1
                return true
            }
        }
        return false
    }

    /// Gives the room of groups that nobody needs back to the file system, in segments that hold
    /// pending groups too, oldest first, while more than `bound` bytes are not pending.
    mutating func makeHoles(beyond bound: Int) {
        guard !settings.crossesSegments else { return }
        var excess = historyBytes - bound
        for number in segments.dropLast().map(\.number) {
            guard excess > 0 else { return }
            guard let position = position(of: number), mayHaveHoles(segments[position]) else {
                continue
            }
            let before = segments[position].holeBytes
            do throws(SpoolError) {
                try makeHoles(in: position)
            } catch {
                counters.writeErrors += 1
                segments[position].deadBytes = segments[position].byteCount
                continue
            }
            excess -= segments[position].holeBytes - before
        }
    }

    private func mayHaveHoles(_ summary: SegmentSummary) -> Bool {
        let dead = summary.byteCount - summary.holeBytes - summary.pending.bytes
        guard !summary.isUnreadable, summary.pendingGroups > 0, !summary.needsRewriting,
            summary.number != current, dead - summary.deadBytes >= Self.holeLimit
        else { return false }
        // What says that they are not needed must be on the disk before they go.
        return !settings.isDurable
            || syncedPlace >= max(recoveredPlace, summary.retiredBelow)
                && summary.syncedBytes == summary.byteCount
    }

    /// Smaller holes are not worth a write.
    private static var holeLimit: Int { 16 << 10 }
    private static var blockSize: Int { 4096 }

    private mutating func makeHoles(in position: Int) throws(SpoolError) {
        let number = segments[position].number
        for run in try deadRuns(in: position).reversed() {
            let first = run.lowerBound + RecordFormat.minimumCount
            let start = (first + Self.blockSize - 1) / Self.blockSize * Self.blockSize
            let end = run.upperBound / Self.blockSize * Self.blockSize
            // An index is covered first and always, as it would speak of what is gone.
            let isIndex = run.upperBound == segments[position].byteCount
            guard start < end || isIndex else { continue }
            let header = RecordHeader(
                kind: .hole,
                frame: FrameIdentity(
                    group: GroupIdentity(stream: StreamID(random: 0), lane: .data, group: 0),
                    index: 0))
            let head = RecordFormat.head(
                of: header, bodyCount: run.count - RecordFormat.minimumCount,
                place: Place.make(number, run.lowerBound))
            try storage.write(head.span, to: number, at: run.lowerBound)
            if start < end { try storage.punch(number, start..<end) }
            counters.bytesWritten += head.count
        }
        try readAgain(position)
    }

    /// Stretches of records that nobody needs, each at most as long as a record may be.
    private mutating func deadRuns(in position: Int) throws(SpoolError) -> [Range<Int>] {
        let index = try index(at: position)
        let summary = segments[position]
        var runs: [Range<Int>] = []
        for (i, entry) in index.entries.enumerated() {
            let isDead =
                switch entry.kind {
                case .frame: summary.isAcknowledged(Int(entry.subject))
                case .index: true
                case .table, .acknowledgement, .loss, .hole, .ledger: false
                }
            guard isDead else { continue }
            let range = Int(entry.offset)..<Int(entry.offset) + Int(entry.byteCount)
            if let last = runs.last, last.upperBound == range.lowerBound, i > 0,
                range.upperBound - last.lowerBound < RecordFormat.bodyLimit
            {
                runs[runs.count - 1] = last.lowerBound..<range.upperBound
            } else {
                runs.append(range)
            }
        }
        return runs
    }

    /// The segment has fewer groups now; those that are there are as they were.
    private mutating func readAgain(_ position: Int) throws(SpoolError) {
        let old = segments[position]
        let waiting = try index(at: position).groups.enumerated()
            .filter { !old.isAcknowledged($0.offset) }.map(\.element.identity)
        cache.remove(old.number)
        let bytes = try wholeSegment(old.number, byteCount: old.byteCount)
        var (summary, index, scan) = Self.scan(bytes.span, number: old.number)
        summary.byteCount = max(old.byteCount, scan.validEnd)
        // The holes are to be forced to the disk like anything that was written.
        summary.syncedBytes = 0
        summary.holeBytes = scan.holeBytes
        summary.badRecords = scan.badRecords
        summary.badBytes = scan.badBytes
        summary.began = old.began
        summary.copiedBelow = old.copiedBelow
        summary.retiredBelow = old.retiredBelow
        for number in old.acknowledges { summary.noteAcknowledging(number) }
        let wanted = Set(waiting)
        for (ordinal, group) in index.groups.enumerated() {
            if wanted.contains(group.identity) {
                summary.pending += group.amount
                summary.wait(group.amount)
            } else {
                summary.acknowledge(ordinal)
            }
        }
        summary.deadBytes = summary.byteCount - summary.holeBytes - summary.pending.bytes
        pending -= old.pending
        pending += summary.pending
        segments[position] = summary
        cache.insert(index, of: old.number, pinned: current)
    }
}
