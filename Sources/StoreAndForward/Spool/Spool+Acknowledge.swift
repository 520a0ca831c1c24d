// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
package import GatewayCore

extension Spool where Storage: ~Copyable {
    /// Makes `group` history; how many readings are no longer pending for that. 0 if it was
    /// history already, nil if it is not there.
    ///
    /// After an error it is pending as before.
    package mutating func acknowledge(_ group: GroupIdentity) throws(SpoolError) -> Int? {
        let parts = try locate(group)
        if parts.isEmpty { return nil }
        let waiting = parts.filter { part in
            position(of: part.number).map { !segments[$0].isAcknowledged(part.ordinal) } ?? false
        }
        if waiting.isEmpty { return 0 }
        makeRoom(for: 0)
        try writeAcknowledgement(of: group)
        return retire(waiting, of: parts).readings
    }

    /// The record just written says that the group of `parts`, of which `waiting` were pending, is
    /// not needed; how much that was.
    mutating func retire(_ waiting: [Part], of parts: [Part]) -> PendingAmount {
        var sum = PendingAmount()
        for part in waiting {
            // The write may have unlinked segments, but none with what was pending.
            guard let position = position(of: part.number) else { continue }
            segments[position].acknowledge(part.ordinal)
            segments[position].stopWaiting(part.group.amount)
            segments[position].pending -= part.group.amount
            segments[position].retiredBelow = endPlace
            pending -= part.group.amount
            sum += part.group.amount
            if part.number != current { segments[position].settle() }
        }
        for part in parts where position(of: part.number) != nil {
            segments[segments.count - 1].noteAcknowledging(part.number)
        }
        return sum
    }

    /// Unlinks history beyond its bound: whole segments, oldest first.
    ///
    /// What must be on the disk before waits for the next sync; so call it now and then.
    package mutating func trim() throws(SpoolError) {
        _ = removeHistory(beyond: settings.historyBytes, mayCopy: true)
        makeHoles(beyond: settings.historyBytes)
        writeIndexes()
        if let error = trimError {
            trimError = nil
            throw error
        }
    }

    /// How many segments went. Without `mayCopy` nothing is written for it.
    mutating func removeHistory(beyond bound: Int, mayCopy: Bool) -> Int {
        var removed = 0
        /// Counts down also for what goes only after the next sync.
        var excess = historyBytes - bound
        do throws(SpoolError) {
            for number in segments.dropLast().map(\.number) {
                guard let position = position(of: number) else { continue }
                let summary = segments[position]
                if summary.isUnreadable || summary.pendingGroups > 0 { continue }
                if summary.groups > 0 && excess <= 0 { continue }
                let isFree = try isFree(position, isOverBound: excess > 0, mayCopy: mayCopy)
                excess -= summary.byteCount
                guard isFree else { continue }
                if summary.badRecords > 0 {
                    try storage.setAside(number)
                } else {
                    try storage.remove(number)
                }
                directoryChanges += 1
                counters.removedSegments += 1
                removals.append((number, directoryChanges))
                segments.remove(at: position)
                cache.remove(number)
                removed += 1
            }
        } catch {
            trimError = error
        }
        return removed
    }

    /// Whether nothing needs the segment's acknowledgements: SpoolFormat.md, "Acknowledgements".
    private mutating func isFree(
        _ position: Int, isOverBound: Bool, mayCopy: Bool
    ) throws(SpoolError) -> Bool {
        let summary = segments[position]
        if settings.isDurable {
            // What was found at opening may itself be lost in a power cut until the first sync.
            if syncedPlace < max(recoveredPlace, summary.copiedBelow) { return false }
            let named = summary.acknowledges
            if removals.contains(where: { named.contains($0.number) }) { return false }
        }
        if isLedgerNeeded(of: summary) {
            guard mayCopy else { return false }
            try writeLedger()
            guard let again = self.position(of: summary.number) else { return false }
            segments[again].copiedBelow = endPlace
            if settings.isDurable { return false }
        }
        if !summary.acknowledges.contains(where: { self.position(of: $0) != nil }) { return true }
        guard isOverBound && mayCopy else { return false }
        try copyAcknowledgements(of: summary)
        guard let again = self.position(of: summary.number) else { return false }
        segments[again].forgetAcknowledging()
        segments[again].copiedBelow = endPlace
        return !settings.isDurable
    }

    /// Whether losses that nobody was told yet, or that some were, would be forgotten with it.
    private func isLedgerNeeded(of summary: SegmentSummary) -> Bool {
        guard summary.hasLedger else { return false }
        let newest = Place.segment(of: ledgerPlace)
        if newest > summary.number { return false }
        let isOlder = segments.contains { $0.hasLedger && $0.number < summary.number }
        return !ledger.losses.isEmpty || newest == summary.number && isOlder
    }

    /// Appends again what a segment says of groups in others that are there.
    private mutating func copyAcknowledgements(of summary: SegmentSummary) throws(SpoolError) {
        guard let position = position(of: summary.number) else { return }
        for group in try index(at: position).acknowledged {
            let parts = try locate(group).filter { $0.number != summary.number }
            if parts.isEmpty { continue }
            makeRoom(for: 0)
            try writeAcknowledgement(of: group)
            for part in parts { segments[segments.count - 1].noteAcknowledging(part.number) }
        }
    }

    private mutating func writeAcknowledgement(of group: GroupIdentity) throws(SpoolError) {
        let header = RecordHeader(
            kind: .acknowledgement, frame: FrameIdentity(group: group, index: 0))
        let nothing: [UInt8] = []
        _ = try write(header, nothing.span, isKey: false)
    }
}
