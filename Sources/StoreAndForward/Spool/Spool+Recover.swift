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

        for group in index.acknowledged where holders[group] == nil {
            holders[group] = file.number
        }
        for (ordinal, group) in index.groups.enumerated() {
            guard let holder = holders[group.identity] else {
                summary.pending += group.amount
                continue
            }
            summary.acknowledge(ordinal)
            if let i = segments.firstIndex(where: { $0.number == holder }) {
                segments[i].noteAcknowledging(file.number)
            }
        }
        pending += summary.pending
        segments.append(summary)
        return (scan.header, index)
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
