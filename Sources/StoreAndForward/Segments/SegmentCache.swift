// SPDX-License-Identifier: Apache-2.0

internal import GatewayCore

/// The indexes of the segments that are being used: where the cursors are, and the newest.
struct SegmentCache {
    /// As many as there are cursors: live, backfill, a resend, and acknowledgements behind them.
    static let limit = 4

    private struct Slot {
        var number: UInt32
        var index: SegmentIndex
        var lastUse: Int
    }

    private var slots: [Slot] = []
    private var uses = 0

    /// The index of segment `number`, if it is here.
    subscript(number: UInt32) -> SegmentIndex? {
        slots.first { $0.number == number }?.index
    }

    /// Whether it is here; if so it stays longer than the others.
    mutating func use(_ number: UInt32) -> Bool {
        guard let i = slots.firstIndex(where: { $0.number == number }) else { return false }
        uses += 1
        slots[i].lastUse = uses
        return true
    }

    /// Takes `index` in; the one that was used longest ago goes, but never `pinned`.
    mutating func insert(_ index: SegmentIndex, of number: UInt32, pinned: UInt32?) {
        remove(number)
        while slots.count >= Self.limit,
            let oldest = slots.indices.filter({ slots[$0].number != pinned })
                .min(by: { slots[$0].lastUse < slots[$1].lastUse })
        {
            slots.remove(at: oldest)
        }
        uses += 1
        slots.append(Slot(number: number, index: index, lastUse: uses))
    }

    /// What is known of `group` in segment `number`.
    func amount(of group: GroupIdentity, in number: UInt32) -> PendingAmount? {
        guard let i = slots.firstIndex(where: { $0.number == number }),
            let ordinal = slots[i].index.ordinal(of: group)
        else { return nil }
        return slots[i].index.groups[ordinal].amount
    }

    mutating func remove(_ number: UInt32) { slots.removeAll { $0.number == number } }

    /// Adds a record to the index of segment `number`; whether it began a group there.
    mutating func add(_ fields: RecordFields, at offset: Int, to number: UInt32) -> Bool {
        guard let i = slots.firstIndex(where: { $0.number == number }) else { return false }
        let groups = slots[i].index.groups.count
        slots[i].index.add(fields, at: offset)
        return slots[i].index.groups.count > groups
    }
}
