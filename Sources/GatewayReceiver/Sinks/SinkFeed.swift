// SPDX-License-Identifier: Apache-2.0

internal import GatewayCore

/// How far one sink is in the journal, and what it left out on the way.
///
///     journal   ────────────┬──────────────┬─────▶
///                         place           end
///     given, but for groups │ comes later  │ current: given as it comes
///     that wait for a table │              │
struct SinkFeed: Equatable {
    /// A group that waits for its channel table.
    struct Waiting: Equatable {
        var table: UInt32
        /// The first of its frames that the sink does not have.
        var from: UInt64
    }

    /// A group whose table came late: its frames between `from` and the sink's place are owed.
    struct Debt: Equatable {
        var group: NodeGroup
        var from: UInt64
    }

    /// All frames below were given, but for those of groups that wait or are owed.
    var place: UInt64 = 0
    var waiting: [NodeGroup: Waiting] = [:]
    /// In the order in which they are given out, before anything at `place`.
    var owed: [Debt] = []
    /// Nothing in the journal lies behind `place`.
    var isCurrent = false

    /// What comes next may be given at once.
    var isLive: Bool { isCurrent && owed.isEmpty }

    /// The table came: what waited for it is owed.
    mutating func release(_ table: UInt32, node: Int) {
        guard !waiting.isEmpty else { return }
        let ready = waiting.filter { $0.key.node == node && $0.value.table == table }
            .sorted { $0.value.from < $1.value.from }
        for (group, entry) in ready {
            waiting[group] = nil
            owed.append(Debt(group: group, from: entry.from))
        }
    }

    /// The sink goes on at `place`, without what was before and it did not get.
    mutating func skip(to place: UInt64) {
        if self.place < place {
            self.place = place
            isCurrent = false
        }
        waiting = waiting.filter { $0.value.from >= place }
        owed.removeAll { $0.from < place }
    }

    /// Whether the journal must keep the group for this sink.
    func needs(_ group: GroupIdentity) -> Bool {
        guard !waiting.isEmpty || !owed.isEmpty else { return false }
        return waiting.keys.contains { $0.group == group }
            || owed.contains { $0.group.group == group }
    }
}
