// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// All records of one segment in memory; only of the few segments that are being used.
struct SegmentIndex {
    struct Entry {
        var offset: UInt32
        var byteCount: UInt32
        var kind: RecordKind
        /// The group of a frame: a number in `groups`. The id of a table.
        var subject: UInt32
    }

    struct Group {
        var identity: GroupIdentity
        var amount = PendingAmount()
        /// Offsets of its first frame and of what follows its last.
        var first: Int
        var end: Int
        /// The entry of the table that stood before it, if one did.
        var table: Int?
    }

    private(set) var entries: [Entry] = []
    private(set) var groups: [Group] = []
    /// Groups that acknowledgements in this segment name.
    private(set) var acknowledged: [GroupIdentity] = []
    private var ordinals: [GroupIdentity: Int] = [:]
    private var tables: [StreamID: Int] = [:]

    /// The number of `group` here.
    func ordinal(of group: GroupIdentity) -> Int? { ordinals[group] }

    /// The id of the last table of `stream` so far.
    func lastTable(of stream: StreamID) -> UInt32? { tables[stream].map { entries[$0].subject } }

    /// The first entry whose record begins at `offset` or behind; the number of entries if none.
    func firstEntry(from offset: Int) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if Int(entries[middle].offset) < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The entry whose record begins at `offset`.
    func firstEntry(at offset: Int) -> Entry? {
        let i = firstEntry(from: offset)
        return i < entries.count && Int(entries[i].offset) == offset ? entries[i] : nil
    }

    /// The record of `fields`, which stands behind all others.
    mutating func add(_ fields: RecordFields, at offset: Int) {
        var subject: UInt32 = 0
        switch fields.kind {
        case .frame: subject = UInt32(addFrame(fields, at: offset))
        case .table:
            subject = fields.frame.group.group
            tables[fields.frame.group.stream] = entries.count
        case .acknowledgement, .loss: acknowledged.append(fields.frame.group)
        case .hole, .index, .ledger: break
        }
        entries.append(
            Entry(
                offset: UInt32(offset), byteCount: UInt32(fields.byteCount), kind: fields.kind,
                subject: subject))
    }

    private mutating func addFrame(_ fields: RecordFields, at offset: Int) -> Int {
        let identity = fields.frame.group
        let ordinal: Int
        if let known = ordinals[identity] {
            ordinal = known
        } else {
            ordinal = groups.count
            ordinals[identity] = ordinal
            groups.append(
                Group(
                    identity: identity, first: offset, end: offset, table: tables[identity.stream]))
        }
        groups[ordinal].amount += PendingAmount(fields)
        groups[ordinal].end = offset + fields.byteCount
        return ordinal
    }
}
