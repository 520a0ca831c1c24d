// SPDX-License-Identifier: Apache-2.0

/// The keys of one line, to find those that occur twice in one object, in a time that grows
/// only with their number.
struct JSONKeySet: Sendable {
    private struct Entry {
        var hash: UInt64
        var key: JSONText
        var object: Int
    }

    private var entries: [Entry] = []
    /// Generation << 32 | index + 1 of an entry. A slot of an earlier line counts as free, so a
    /// new line need not clear the table.
    private var slots = [UInt64](repeating: 0, count: 64)
    private var generation: UInt64 = 1

    /// Forgets all keys.
    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        generation += 1
        if generation > UInt64(UInt32.max) {
            generation = 1
            for i in slots.indices { slots[i] = 0 }
        }
    }

    /// Whether the key was not there yet. `line` and `unescaped` are where keys lie.
    @inline(__always)
    mutating func insert(
        _ key: JSONText,
        of object: Int,
        line: Span<UInt8>,
        unescaped: [UInt8]
    ) -> Bool {
        let unescaped = unescaped.span
        let bytes = key.isUnescaped ? unescaped : line
        let hash =
            SensorNames.hash(bytes, key.start, key.end)
            &+ UInt64(truncatingIfNeeded: object) &* 0x9E37_79B9_7F4A_7C15
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] >> 32 == generation {
            let other = entries[Int(truncatingIfNeeded: slots[slot] & 0xFFFF_FFFF) &- 1]
            if other.hash == hash, other.object == object,
                Self.areEqual(key, bytes, other.key, other.key.isUnescaped ? unescaped : line)
            {
                return false
            }
            slot = (slot &+ 1) & mask
        }
        entries.append(Entry(hash: hash, key: key, object: object))
        slots[slot] = generation << 32 | UInt64(entries.count)
        if entries.count &* 2 > slots.count { grow() }
        return true
    }

    private static func areEqual(
        _ a: JSONText,
        _ aBytes: Span<UInt8>,
        _ b: JSONText,
        _ bBytes: Span<UInt8>
    ) -> Bool {
        guard a.end - a.start == b.end - b.start else { return false }
        for i in 0..<(a.end - a.start) where aBytes[a.start + i] != bBytes[b.start + i] {
            return false
        }
        return true
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        slots = [UInt64](repeating: 0, count: mask + 1)
        for (i, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = generation << 32 | UInt64(i + 1)
        }
    }
}
