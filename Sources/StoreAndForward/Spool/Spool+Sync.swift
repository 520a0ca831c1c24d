// SPDX-License-Identifier: Apache-2.0

extension Spool where Storage: ~Copyable {
    /// What is not on the disk yet; nil if that is nothing, or if nobody asked for durability.
    package mutating func beginSync() -> SyncTicket? {
        guard settings.isDurable else { return nil }
        let place = writeAgain()
        let files = segments.filter { $0.syncedBytes < $0.byteCount && !$0.needsRewriting }
            .map { (number: $0.number, byteCount: $0.byteCount) }
        let isDirectoryDirty = syncedDirectoryChanges < directoryChanges
        if files.isEmpty && !isDirectoryDirty {
            // Recovered segments may be empty; then nothing has to be waited for.
            placeOnDisk = max(placeOnDisk, place)
            return nil
        }
        return SyncTicket(
            place: place, files: files, directoryChange: directoryChanges,
            barrier: storage.barrier(files.map(\.number), directory: isDirectoryDirty))
    }

    /// The ticket ran without an error.
    package mutating func endSync(_ ticket: SyncTicket) {
        for file in ticket.files {
            guard let position = position(of: file.number) else { continue }
            counters.bytesSynced += max(0, file.byteCount - segments[position].syncedBytes)
            segments[position].syncedBytes = max(segments[position].syncedBytes, file.byteCount)
        }
        syncedDirectoryChanges = max(syncedDirectoryChanges, ticket.directoryChange)
        removals.removeAll { $0.change <= syncedDirectoryChanges }
        placeOnDisk = max(placeOnDisk, ticket.place)
        counters.syncs += 1
        writeIndexes()
    }

    /// The ticket's `run` threw: what it named is written again before the next ticket.
    package mutating func failSync(_ ticket: SyncTicket) {
        counters.syncFailures += 1
        for file in ticket.files {
            guard let position = position(of: file.number) else { continue }
            segments[position].needsRewriting = true
            if file.number == current {
                counters.sealedByErrors += 1
                seal()
            }
        }
    }

    /// Gives the kernel the bytes again whose sync failed, as it takes their pages for clean; up to
    /// which place a sync can succeed.
    private mutating func writeAgain() -> UInt64 {
        for position in segments.indices where segments[position].needsRewriting {
            let summary = segments[position]
            do throws(SpoolError) {
                try storage.read(
                    summary.number, at: summary.syncedBytes,
                    count: summary.byteCount - summary.syncedBytes, into: &scratch)
                let bytes = scratch
                try storage.write(bytes.span, to: summary.number, at: summary.syncedBytes)
                segments[position].needsRewriting = false
            } catch {
                counters.writeErrors += 1
                return Place.make(summary.number, summary.syncedBytes)
            }
        }
        return endPlace
    }
}
