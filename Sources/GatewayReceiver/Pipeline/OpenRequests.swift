// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// What nodes were asked and have not answered, and what they will be asked.
struct OpenRequests {
    /// The most questions whose answers are waited for.
    private static let limit = 1024

    struct Want {
        var node: Int
        /// nil: everything that the node has.
        var table: UInt32?
        var askAt: MonotonicInstant
        var tries = 0
        /// Until the next question.
        var pause: Duration { .seconds(min(10 << Int64(min(tries, 5)), 300)) }
    }

    private var resends: [(id: String, group: NodeGroup)] = []
    private var histories: [(id: String, node: Int)] = []
    private var tables: [(id: String, want: Want)] = []
    private(set) var wants: [Want] = []
    private var number: UInt64
    private var random: UInt64
    private let receiver: String
    /// When to look for holes again.
    var auditAt = MonotonicInstant.distantFuture

    /// `seed` tells the questions of this life from those of another.
    init(receiver: String, seed: UInt64) {
        self.receiver = receiver
        number = seed & 0xFFFF_FFFF
        random = seed | 1
    }

    /// Up to a second, so that receivers do not all ask at once.
    mutating func jitter() -> Duration {
        // xorshift: nothing depends on how good this is.
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return .milliseconds(Int64(random % 1000))
    }

    mutating func nextID(for group: NodeGroup) -> String {
        if resends.count == Self.limit { resends.removeFirst() }
        let id = makeID()
        resends.append((id, group))
        return id
    }

    mutating func nextHistoryID(node: Int) -> String {
        if histories.count == Self.limit { histories.removeFirst() }
        let id = makeID()
        histories.append((id, node))
        return id
    }

    mutating func nextTableID(for want: Want) -> String {
        if tables.count == Self.limit { tables.removeFirst() }
        let id = makeID()
        tables.append((id, want))
        return id
    }

    private mutating func makeID() -> String {
        number += 1
        return receiver + "-" + String(number, radix: 36)
    }

    /// What the question `id` was about; it is answered with that.
    mutating func takeGroup(_ id: String) -> NodeGroup? {
        guard let place = resends.firstIndex(where: { $0.id == id }) else { return nil }
        return resends.remove(at: place).group
    }

    mutating func takeHistory(_ id: String) -> Int? {
        guard let place = histories.firstIndex(where: { $0.id == id }) else { return nil }
        return histories.remove(at: place).node
    }

    /// Which node was asked for which table.
    mutating func takeTable(_ id: String) -> (node: Int, table: UInt32)? {
        guard let place = tables.firstIndex(where: { $0.id == id }) else { return nil }
        let want = tables.remove(at: place).want
        return want.table.map { (want.node, $0) }
    }

    /// The node has too much to do: it gets twice the time.
    mutating func busy(node: Int, table: UInt32?, at now: MonotonicInstant) {
        for i in wants.indices where wants[i].node == node && wants[i].table == table {
            wants[i].tries += 1
            wants[i].askAt = max(wants[i].askAt, now + wants[i].pause)
        }
    }

    mutating func wantTable(_ table: UInt32, node: Int) {
        guard !wants.contains(where: { $0.node == node && $0.table == table }),
            wants.count < Self.limit
        else { return }
        // At once: it may have been sent before this receiver listened.
        wants.append(Want(node: node, table: table, askAt: MonotonicInstant(nanoseconds: .min)))
    }

    mutating func haveTable(_ table: UInt32, node: Int) {
        wants.removeAll { $0.node == node && $0.table == table }
    }

    mutating func wantHistory(node: Int, at instant: MonotonicInstant) {
        guard !wants.contains(where: { $0.node == node && $0.table == nil }),
            wants.count < Self.limit
        else { return }
        wants.append(Want(node: node, table: nil, askAt: instant))
    }

    mutating func haveHistory(node: Int) {
        wants.removeAll { $0.node == node && $0.table == nil }
    }

    /// A link is there again: what was asked in vain is asked soon.
    mutating func hurry(node: Int, at instant: MonotonicInstant) {
        for i in wants.indices where wants[i].node == node {
            wants[i].askAt = min(wants[i].askAt, instant)
        }
    }

    /// The next question that is due. A table is asked for until it comes; history a few times.
    mutating func next(at now: MonotonicInstant) -> Want? {
        guard let place = wants.firstIndex(where: { now >= $0.askAt }) else { return nil }
        wants[place].tries += 1
        wants[place].askAt = now + wants[place].pause
        let want = wants[place]
        if want.table == nil, want.tries >= 5 { wants.remove(at: place) }
        return want
    }

    var deadline: MonotonicInstant { wants.reduce(auditAt) { min($0, $1.askAt) } }
}
