// SPDX-License-Identifier: Apache-2.0

package import GatewayCore

extension Spool where Storage: ~Copyable {
    /// Moves `group`, which must be closed, to `other`, a spool for what brokers refuse; how many
    /// readings that were. 0 if it is not pending.
    ///
    /// It is on the disk there before it goes here, so a kill between the two leaves it in both.
    /// `other` evicts its oldest; from there groups are read and appended like any.
    package mutating func quarantine<Other: SpoolStorage & ~Copyable>(
        _ group: GroupIdentity, into other: inout Spool<Other>
    ) throws(SpoolError) -> Int {
        let isPending = try locate(group).contains { part in
            position(of: part.number).map { !segments[$0].isAcknowledged(part.ordinal) } ?? false
        }
        guard isPending, let range = try find(group) else { return 0 }
        var place = range.lowerBound
        var bytes: [UInt8] = []
        try copyTable(of: group, before: place, into: &other)
        while place < range.upperBound, let item = try next(from: place, includingHistory: true) {
            place = item.place + 1
            guard item.place < range.upperBound, item.header.kind == .frame,
                item.header.frame.group == group
            else { continue }
            try read(item, into: &bytes)
            _ = try other.append(item.header, bytes.span, isKey: item.isKey)
        }
        other.closeGroup(group)
        if let ticket = other.beginSync() {
            do throws(SpoolError) {
                try ticket.run()
            } catch {
                other.failSync(ticket)
                throw error
            }
            other.endSync(ticket)
        }
        return try lose(group, .quarantined)
    }

    /// The last table of the group's stream before its first frame in its segment goes along.
    private mutating func copyTable<Other: SpoolStorage & ~Copyable>(
        of group: GroupIdentity, before place: UInt64, into other: inout Spool<Other>
    ) throws(SpoolError) {
        guard let position = position(of: Place.segment(of: place)) else { return }
        let index = try index(at: position)
        let table = index.ordinal(of: group).flatMap { index.groups[$0].table }
        guard let table else { return }
        let at = Place.make(segments[position].number, Int(index.entries[table].offset))
        guard let item = try next(from: at, includingHistory: true), item.place == at else {
            return
        }
        var bytes: [UInt8] = []
        try read(item, into: &bytes)
        other.setTable(item.header, bytes)
    }
}
