// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

extension Spool where Storage: ~Copyable {
    /// Reads all segments, from the newest to the oldest: SpoolFormat.md, "Opening".
    mutating func recover() throws(SpoolError) {
        let stored = try storage.list()
        /// The newest segment that acknowledges a group.
        var holders: [GroupIdentity: UInt32] = [:]
        var newest: (header: SegmentHeader.Finding, index: SegmentIndex)?
        for file in stored.reversed() {
            guard let found = try recover(file, &holders) else { continue }
            if file == stored.last { newest = found }
        }
        segments.reverse()
        recovery.segments = segments.count
        recovery.pendingFrames = pending.frames
        recovery.pendingReadings = pending.readings
        recovery.pendingPriorities = pending.priorities.indices.map { pending.priorities[$0] }
        recovery.pendingGroups = segments.reduce(0) { $0 + $1.pendingGroups }

        for loss in foundLosses.reversed() { ledger.add(loss) }
        foundLosses = []
        nextNumber = UInt64(stored.last?.number ?? 0) + 1
        if let newest, let file = stored.last { goOn(in: file, newest.header, newest.index) }
        for i in segments.indices where segments[i].number != current { segments[i].settle() }
        recoveredPlace = endPlace
        if segments.isEmpty {
            // What is not there needs no waiting for.
            placeOnDisk = endPlace
        } else {
            // A life that was killed may not have forced the names of its files to the disk.
            directoryChanges = 1
        }
    }

    /// One segment; nil if it cannot be read.
    private mutating func recover(
        _ file: StoredSegment, _ holders: inout [GroupIdentity: UInt32]
    ) throws(SpoolError) -> (header: SegmentHeader.Finding, index: SegmentIndex)? {
        let bytes: [UInt8]
        do throws(SpoolError) {
            if let (digest, began) = try digest(of: file) {
                recover(file, digest, &holders)
                segments[segments.count - 1].began = began
                // Sealed: nothing more goes there.
                return (.damaged, SegmentIndex())
            }
            bytes = try wholeSegment(file.number, byteCount: file.byteCount)
        } catch {
            recovery.unreadableSegments += 1
            var summary = SegmentSummary(number: file.number, byteCount: 0)
            summary.isUnreadable = true
            segments.append(summary)
            return nil
        }
        var (summary, index, scan) = Self.scan(bytes.span, number: file.number)
        if case .version(let version) = scan.header {
            throw .unsupportedVersion(version, segment: file.number)
        }
        recovery.records += summary.records
        recovery.badRecords += scan.badRecords
        recovery.badBytes += scan.badBytes
        recovery.tornBytes += file.byteCount - scan.validEnd
        if scan.header == .valid { summary.began = SegmentHeader.began(bytes.span) }
        summary.badRecords = scan.badRecords
        summary.badBytes = scan.badBytes
        summary.holeBytes = scan.holeBytes
        let digest = SegmentDigest(index, scan)
        settle(&summary, digest, &holders)
        findLosses(bytes.span, digest, &summary)
        segments.append(summary)
        return (scan.header, index)
    }

    /// One segment by its index record, which is on the disk behind all that it speaks of.
    private mutating func recover(
        _ file: StoredSegment, _ digest: SegmentDigest, _ holders: inout [GroupIdentity: UInt32]
    ) {
        var summary = SegmentSummary(number: file.number, byteCount: file.byteCount)
        summary.add(digest)
        // An index is written behind what is on the disk.
        summary.syncedBytes = file.byteCount
        recovery.records += summary.records
        recovery.badRecords += digest.badRecords
        recovery.badBytes += digest.badBytes
        settle(&summary, digest, &holders)
        if !isLedgerKnown || !digest.lossOffsets.isEmpty {
            findLosses(in: file, digest, &summary)
        }
        segments.append(summary)
    }

    /// Which of its groups are pending: all that no newer record says otherwise of.
    private mutating func settle(
        _ summary: inout SegmentSummary, _ digest: SegmentDigest,
        _ holders: inout [GroupIdentity: UInt32]
    ) {
        for group in digest.retired where holders[group] == nil {
            holders[group] = summary.number
        }
        for (ordinal, group) in digest.groups.enumerated() {
            guard let holder = holders[group.identity] else {
                summary.pending += group.amount
                summary.wait(group.amount)
                continue
            }
            summary.acknowledge(ordinal)
            if let i = segments.firstIndex(where: { $0.number == holder }) {
                segments[i].noteAcknowledging(summary.number)
            }
        }
        pending += summary.pending
    }

    /// Takes up what a segment says of losses, from its last record to its first, up to the newest
    /// ledger, which holds all before it.
    private mutating func findLosses(
        _ bytes: Span<UInt8>, _ digest: SegmentDigest, _ summary: inout SegmentSummary
    ) {
        for offset in digest.lossOffsets.reversed() {
            let place = Place.make(summary.number, Int(offset))
            guard case .valid(let fields) = RecordFormat.read(bytes, at: Int(offset), place: place)
            else { continue }
            noteFound(fields, bytes.extracting(Int(offset)..<Int(offset) + fields.byteCount), place)
            summary.noteLedger()
        }
    }

    private mutating func findLosses(
        in file: StoredSegment, _ digest: SegmentDigest, _ summary: inout SegmentSummary
    ) {
        for offset in digest.lossOffsets.reversed() {
            summary.noteLedger()
            if isLedgerKnown { return }
            let place = Place.make(file.number, Int(offset))
            let limit = min(file.byteCount - Int(offset), Self.lossLimit)
            do throws(SpoolError) {
                try storage.read(file.number, at: Int(offset), count: limit, into: &scratch)
            } catch {
                recovery.unreadableLosses += 1
                continue
            }
            let bytes = scratch
            guard case .valid(let fields) = RecordFormat.read(bytes.span, at: 0, place: place)
            else { continue }
            noteFound(fields, bytes.span.extracting(0..<fields.byteCount), place)
        }
    }

    /// No record of losses is longer: 4 ledger limits of the longest entries.
    private static var lossLimit: Int { 128 << 10 }

    private mutating func noteFound(
        _ fields: RecordFields, _ record: Span<UInt8>, _ place: UInt64
    ) {
        if isLedgerKnown { return }
        let body = fields.bodyAt..<record.count - RecordFormat.checkCount
        if fields.kind == .ledger {
            isLedgerKnown = true
            ledgerPlace = place
            let older = LossLedger(record.extracting(body))
            foundLosses += older.losses.reversed()
        } else if body.count == 1, let reason = LossReason(rawValue: record[body.lowerBound]) {
            let prefix = RecordFormat.prefixAt..<RecordFormat.prefixAt + fields.prefixCount
            let header = fields.header(prefix: prefix.map { record[$0] })
            foundLosses.append(Loss(header, reason))
            if foundLosses.count > Self.foundLimit { compactFound() }
        }
    }

    /// More are merged while they are read, so that memory does not grow with what was lost.
    private static var foundLimit: Int { 4096 }

    private mutating func compactFound() {
        var merged = LossLedger()
        for loss in foundLosses.reversed() { merged.add(loss) }
        foundLosses = merged.losses.reversed()
    }

    /// Cuts the torn tail of the newest segment off, and writes on behind it if that is possible.
    private mutating func goOn(
        in file: StoredSegment, _ header: SegmentHeader.Finding, _ index: SegmentIndex
    ) {
        guard let last = segments.last else { return }
        if last.byteCount < file.byteCount {
            do throws(SpoolError) {
                try storage.truncate(file.number, to: last.byteCount)
            } catch {
                // It stays as it is, and the next append begins a segment.
                return
            }
        }
        guard header == .valid, last.byteCount < settings.segmentBytes else { return }
        current = file.number
        cache.insert(index, of: file.number, pinned: current)
    }

    /// What a segment's bytes hold; nothing of it is acknowledged yet.
    static func scan(
        _ bytes: Span<UInt8>, number: UInt32
    ) -> (summary: SegmentSummary, index: SegmentIndex, scan: SegmentScan) {
        var summary = SegmentSummary(number: number, byteCount: 0)
        var index = SegmentIndex()
        var scan = SegmentScan(bytes, number: number)
        while let (fields, offset) = scan.next(bytes) {
            let groups = index.groups.count
            index.add(fields, at: offset)
            summary.add(fields, isNewGroup: index.groups.count > groups)
        }
        summary.byteCount = scan.validEnd
        return (summary, index, scan)
    }

    mutating func wholeSegment(
        _ number: UInt32, byteCount: Int
    ) throws(SpoolError) -> [UInt8] {
        var bytes: [UInt8] = []
        let count = min(byteCount, SegmentHeader.segmentLimit)
        try storage.read(number, at: 0, count: count, into: &bytes)
        return bytes
    }
}
