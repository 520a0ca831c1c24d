// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// What stays in memory of a segment that nobody reads: some hundred bytes, and a bit per group
/// while a part of its groups is acknowledged.
struct SegmentSummary {
    let number: UInt32
    /// Up to the end of the last valid record.
    var byteCount: Int
    /// Of these, what is known to be on the disk.
    var syncedBytes = 0
    /// Whether forcing them failed, so that they must be written again first.
    var needsRewriting = false
    /// Whether it could not be read at opening: left alone.
    var isUnreadable = false

    /// What of it is not acknowledged.
    var pending = PendingAmount()

    /// Pending groups by urgency, and the earliest end of one of them, as far as is known.
    private(set) var waiting = InlineArray<5, Int>(repeating: 0)
    var earliestEnd = InlineArray<5, Int64>(repeating: .max)
    /// Times that the disk did not give it back.
    var readFailures = 0
    /// When it began, in seconds since 1970; 0 if nobody knew.
    var began: UInt32 = 0
    /// Damage found in it.
    var badRecords = 0
    var badBytes = 0
    /// Bytes that were given back to the file system.
    var holeBytes = 0
    /// An index record stands at its end, or cannot be had.
    var isIndexed = false
    /// Below this place stands what says that groups in it are not needed.
    var retiredBelow: UInt64 = 0
    /// Bytes in it that are neither pending nor given back, when holes were last made.
    var deadBytes = 0

    private(set) var hasLedger = false
    private(set) var records = 0
    private(set) var groups = 0
    private(set) var acknowledgedGroups = 0
    private var acknowledgedBits: [UInt64] = []
    private var streams = StreamRanges()
    private var tables = TableIDs()

    /// Other segments whose groups acknowledgements in this one name.
    private(set) var acknowledges: [UInt32] = []
    /// Below this place stand the copies of the acknowledgements that were still needed.
    var copiedBelow: UInt64 = 0

    var pendingGroups: Int { groups - acknowledgedGroups }

    init(number: UInt32, byteCount: Int) {
        self.number = number
        self.byteCount = byteCount
    }

    /// Takes note of a record; `isNewGroup` where its group was not here before.
    mutating func add(_ fields: RecordFields, isNewGroup: Bool) {
        records += 1
        switch fields.kind {
        case .frame:
            if isNewGroup {
                groups += 1
                streams.add(fields.frame.group)
            }
        case .table: tables.add(fields.frame.group.group)
        case .acknowledgement, .loss, .hole, .index: break
        case .ledger: hasLedger = true
        }
    }

    /// A group of `amount` waits.
    mutating func wait(_ amount: PendingAmount) {
        waiting[amount.urgency] += 1
        earliestEnd[amount.urgency] = min(earliestEnd[amount.urgency], amount.lastTime)
    }

    /// It does not wait any more, or is not what it was.
    mutating func stopWaiting(_ amount: PendingAmount) { waiting[amount.urgency] -= 1 }

    /// Takes over what an index record says; nothing of it is acknowledged yet.
    mutating func add(_ digest: SegmentDigest) {
        records = digest.records + 1
        groups = digest.groups.count
        for group in digest.groups { streams.add(group.identity) }
        for table in digest.tables { tables.add(table) }
        badRecords = digest.badRecords
        badBytes = digest.badBytes
        holeBytes = digest.holeBytes
        isIndexed = true
    }

    mutating func noteLedger() { hasLedger = true }

    func mayHold(_ group: GroupIdentity) -> Bool { groups > 0 && streams.mayHold(group) }

    func mayHold(table id: UInt32) -> Bool { tables.mayHold(id) }

    var hasTables: Bool { !tables.isEmpty }

    func isAcknowledged(_ ordinal: Int) -> Bool {
        if acknowledgedGroups == groups { return true }
        let word = ordinal / 64
        return word < acknowledgedBits.count
            && acknowledgedBits[word] >> UInt64(ordinal % 64) & 1 == 1
    }

    /// The disk does not give it back: nothing of it is pending as far as anyone can say.
    mutating func passOver() {
        isUnreadable = true
        pending = PendingAmount()
        waiting = InlineArray(repeating: 0)
    }

    /// The group was pending until now.
    mutating func acknowledge(_ ordinal: Int) {
        let word = ordinal / 64
        while acknowledgedBits.count <= word { acknowledgedBits.append(0) }
        acknowledgedBits[word] |= 1 << UInt64(ordinal % 64)
        acknowledgedGroups += 1
    }

    /// Gives back what only a segment needs that grows or is partly acknowledged. Nothing may be
    /// added afterwards.
    mutating func settle() {
        if acknowledgedGroups == groups { acknowledgedBits = [] }
    }

    mutating func noteAcknowledging(_ segment: UInt32) {
        if segment != number, !acknowledges.contains(segment) { acknowledges.append(segment) }
    }

    mutating func forgetAcknowledging() { acknowledges = [] }
}

/// Which group numbers of which streams may be in a segment: never says no where it is yes.
struct StreamRanges {
    private struct Range {
        var stream: StreamID
        var lane: Lane
        var lowest: UInt32
        var highest: UInt32
    }

    /// Beyond, every group may be there.
    private static let limit = 32

    private var ranges: [Range] = []
    private var isOverfull = false

    mutating func add(_ group: GroupIdentity) {
        for i in ranges.indices
        where ranges[i].stream == group.stream && ranges[i].lane == group.lane {
            ranges[i].lowest = min(ranges[i].lowest, group.group)
            ranges[i].highest = max(ranges[i].highest, group.group)
            return
        }
        guard ranges.count < Self.limit else {
            isOverfull = true
            return
        }
        ranges.append(
            Range(
                stream: group.stream, lane: group.lane, lowest: group.group, highest: group.group))
    }

    func mayHold(_ group: GroupIdentity) -> Bool {
        isOverfull
            || ranges.contains {
                $0.stream == group.stream && $0.lane == group.lane
                    && $0.lowest <= group.group && group.group <= $0.highest
            }
    }
}

/// Which tables are in a segment: never says no where it is yes.
struct TableIDs {
    /// Beyond, every table may be there.
    private static let limit = 16

    private var ids: [UInt32] = []
    private var isOverfull = false

    var isEmpty: Bool { ids.isEmpty }

    mutating func add(_ id: UInt32) {
        if ids.contains(id) { return }
        guard ids.count < Self.limit else {
            isOverfull = true
            return
        }
        ids.append(id)
    }

    func mayHold(_ id: UInt32) -> Bool { isOverfull || ids.contains(id) }
}
