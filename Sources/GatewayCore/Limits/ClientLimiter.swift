// SPDX-License-Identifier: Apache-2.0

/// So many requests of each client within a window that slides, and nothing for a while from one
/// that asks for more.
///
/// Two counts per client stand for the window: that of the running span and that of the one before,
/// of which the share counts that still lies within the window. A plain count per span would let
/// twice as many through around its border.
package struct ClientLimiter<Client: Hashable & Sendable>: Sendable {
    /// Whether a request is served.
    package enum Answer: Equatable, Sendable {
        case allow
        /// Not before then.
        case refuse(until: MonotonicInstant)
    }

    private struct Entry: Sendable {
        var client: Client
        var span: Int64
        var count = 0
        var countBefore = 0
        var blockedUntil: MonotonicInstant?
        var seenAt: MonotonicInstant
    }

    /// Requests of a client within the window.
    package let limit: Int
    /// How long the window is.
    package let window: Duration
    /// How long a client that asked for more is refused; zero: only until the window has room.
    package let blockTime: Duration
    /// Clients known at a time. Whoever comes when all of them are blocked is refused.
    package let clientLimit: Int
    /// Requests refused.
    package private(set) var refusals: UInt64 = 0
    /// How often a client was blocked.
    package private(set) var blocks: UInt64 = 0
    /// Clients that were forgotten, or not taken note of, for want of room.
    package private(set) var overflows: UInt64 = 0
    private var entries: [Entry] = []

    /// `limit` requests per client in each `window`.
    package init(
        limit: Int, window: Duration, blockTime: Duration = .zero, clientLimit: Int = 64
    ) {
        precondition(
            limit > 0 && window > .zero && clientLimit > 0, "a limit that lets nothing through")
        self.limit = limit
        self.window = window
        self.blockTime = blockTime
        self.clientLimit = clientLimit
    }

    /// Clients that are known.
    package var clientCount: Int { entries.count }

    /// A request of `client`.
    package mutating func ask(_ client: Client, at now: MonotonicInstant) -> Answer {
        let span = spanNumber(now)
        guard let i = index(of: client, span, at: now) else {
            refusals += 1
            return .refuse(until: now + max(blockTime, window))
        }
        entries[i].seenAt = now
        if let until = entries[i].blockedUntil {
            guard now >= until else {
                refusals += 1
                return .refuse(until: until)
            }
            entries[i].blockedUntil = nil
        }
        turn(i, to: span)
        if isWithinLimit(entries[i], now) {
            entries[i].count += 1
            return .allow
        }
        refusals += 1
        guard blockTime > .zero else { return .refuse(until: roomAt(entries[i], now)) }
        blocks += 1
        entries[i].blockedUntil = now + blockTime
        return .refuse(until: now + blockTime)
    }

    private func spanNumber(_ now: MonotonicInstant) -> Int64 {
        max(0, now.nanoseconds) / window.nanoseconds
    }

    private func elapsed(_ now: MonotonicInstant) -> Int64 {
        max(0, now.nanoseconds) % window.nanoseconds
    }

    /// Moves the counts of an entry on to the running span.
    private mutating func turn(_ i: Int, to span: Int64) {
        guard span > entries[i].span else { return }
        entries[i].countBefore = span == entries[i].span + 1 ? entries[i].count : 0
        entries[i].count = 0
        entries[i].span = span
    }

    /// Whether one more fits.
    private func isWithinLimit(_ entry: Entry, _ now: MonotonicInstant) -> Bool {
        let share = Double(window.nanoseconds - elapsed(now)) / Double(window.nanoseconds)
        return Double(entry.countBefore) * share + Double(entry.count) + 1 <= Double(limit)
    }

    /// When one more fits at the earliest.
    private func roomAt(_ entry: Entry, _ now: MonotonicInstant) -> MonotonicInstant {
        let start = MonotonicInstant(nanoseconds: entry.span * window.nanoseconds)
        // Within the running span the old count fades; after it the running one is the old one.
        let fading = entry.count < limit ? entry.countBefore : entry.count
        let fixed = entry.count < limit ? entry.count : 0
        let from = entry.count < limit ? start : start + window
        guard fading > 0 else { return max(now, from) }
        let share = max(0, 1 - Double(limit - 1 - fixed) / Double(fading))
        return max(
            now, from + .nanoseconds(Int64((share * Double(window.nanoseconds)).rounded(.up))))
    }

    /// The entry of a client, a new one if need be. A client that is blocked is never forgotten, as
    /// whoever invents names would free itself by that.
    private mutating func index(
        of client: Client, _ span: Int64, at now: MonotonicInstant
    ) -> Int? {
        if let i = entries.firstIndex(where: { $0.client == client }) { return i }
        let entry = Entry(client: client, span: span, seenAt: now)
        if entries.count < clientLimit {
            entries.append(entry)
            return entries.count - 1
        }
        overflows += 1
        var victim: Int?
        for i in entries.indices {
            if let until = entries[i].blockedUntil, now < until { continue }
            if let other = victim, entries[other].seenAt <= entries[i].seenAt { continue }
            victim = i
        }
        guard let victim else { return nil }
        entries[victim] = entry
        return victim
    }
}
