// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// A durable queue of frames: appended in order, read from any place on, removed by whole groups.
///
/// The bytes are described in SpoolFormat.md. One thread at a time uses it; only tickets run
/// elsewhere. In memory is a summary of each segment and the index of the few that are being read,
/// so it does not grow with what is stored beyond some hundred bytes per segment.
///
/// Every error leaves the spool usable.
package struct Spool<Storage: SpoolStorage & ~Copyable>: ~Copyable {
    /// What opening found.
    package internal(set) var recovery = SpoolRecovery()
    /// Everything below is on the disk; all of it, if nobody asked for durability.
    package var syncedPlace: UInt64 { settings.isDurable ? placeOnDisk : endPlace }

    /// Below this place everything is on the disk.
    var placeOnDisk: UInt64 = 0

    private(set) var settings: SpoolSettings
    var storage: Storage
    /// By number; the one being written is the last.
    var segments: [SegmentSummary] = []
    var cache = SegmentCache()
    /// The segment being written; nil when the next append begins one.
    var current: UInt32?
    /// 64 bits, as it may be one more than the last number there is.
    var nextNumber: UInt64 = 1
    var openGroups = OpenGroups()
    var table: (header: RecordHeader, bytes: [UInt8])?
    var pending = PendingAmount()
    /// What only counts up.
    var counters = SpoolStatistics()

    /// Where the spool ended when it was opened.
    var recoveredPlace: UInt64 = 0
    /// Changes of the directory so far, and how many of them are on the disk.
    var directoryChanges = 0
    var syncedDirectoryChanges = 0
    /// Unlinked segments whose unlinking is not on the disk, with the change that it was.
    var removals: [(number: UInt32, change: Int)] = []

    /// Why the last removal of history stopped.
    var trimError: SpoolError?

    /// What was lost and nobody was told yet, and where the newest record of all of it stands.
    var ledger = LossLedger()
    var ledgerPlace: UInt64 = 0
    /// While opening: losses from the newest to the oldest, up to the newest ledger.
    var foundLosses: [Loss] = []
    var isLedgerKnown = false
    /// What was lost since `takeLost()`.
    var lost = LostReadings()

    /// The time of day as it was last told, in seconds since 1970; 0 before.
    var wallSeconds: UInt32 = 0

    /// Bytes for one write, and of one head.
    var scratch: [UInt8] = []

    /// Opens what `storage` holds.
    ///
    /// Complexity: reads every segment without an index record, and the index of the others.
    package init(
        _ storage: consuming Storage, _ settings: SpoolSettings
    ) throws(SpoolError) {
        self.storage = storage
        self.settings = settings
        try recover()
    }

    /// The place behind the last record; the next has this one or a later one.
    package var endPlace: UInt64 {
        if let current, let last = segments.last { return Place.make(current, last.byteCount) }
        return nextNumber << 32
    }

    /// Other bounds hold from now on. Less room removes nothing that is pending; what is never
    /// forced to the disk, and how groups lie in segments, stays as it was at opening.
    package mutating func setBounds(_ bounds: SpoolSettings) {
        let (isDurable, crossesSegments) = (settings.isDurable, settings.crossesSegments)
        settings = bounds
        settings.isDurable = isDurable
        settings.crossesSegments = crossesSegments
    }

    /// How full it is, and what happened since it was opened.
    package var statistics: SpoolStatistics {
        var result = counters
        result.pendingBytes = pending.bytes
        result.pendingFrames = pending.frames
        result.pendingReadings = pending.readings
        result.pendingPriorities = pending.priorities.indices.map { pending.priorities[$0] }
        result.pendingGroups = segments.reduce(0) {
            $0 + ($1.isUnreadable ? 0 : $1.pendingGroups)
        }
        result.historyBytes = historyBytes
        result.segments = segments.count
        result.holeBytes = segments.reduce(0) { $0 + $1.holeBytes }
        result.untoldLosses = ledger.losses.count
        return result
    }

    var historyBytes: Int {
        segments.reduce(0) { $0 + ($1.isUnreadable ? 0 : $1.byteCount - $1.holeBytes) }
            - pending.bytes
    }

    /// The number of segment `number` in `segments`.
    func position(of number: UInt32) -> Int? {
        let position = position(from: number)
        return position < segments.count && segments[position].number == number ? position : nil
    }

    /// The first segment with `number` or a higher one.
    func position(from number: UInt32) -> Int {
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low + high) / 2
            if segments[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
