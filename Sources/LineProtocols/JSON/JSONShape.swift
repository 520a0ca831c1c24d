// SPDX-License-Identifier: Apache-2.0

/// The keys of the last good line, in their order.
///
/// A device writes the same keys in the same order line after line. While a line agrees with the
/// one before it, a key is one comparison: what it means, that it does not occur twice and which
/// sensor it is are known already. The first key that differs ends this for the line, and the
/// reader goes the long way.
struct JSONShape: Sendable {
    private struct Key {
        var role: JSONMember.Role
        /// The sensor that the key names, -1 until that was asked for.
        var sensor: Int
        /// Where the key and its closing quote are in `text`.
        var start: Int
        var end: Int
        /// The key with its quote as one word, and the bits of it that count; no bits if the
        /// two are longer than a word.
        var word: UInt64
        var mask: UInt64
    }

    private var keys: [Key] = []
    private var text: [UInt8] = []
    /// Where the roles are among the members.
    private(set) var roles = JSONRoles()

    /// How many keys there are.
    var count: Int { keys.count }

    /// What key `position` means.
    @inline(__always)
    func role(at position: Int) -> JSONMember.Role { keys[position].role }

    /// The sensor that key `position` names, nil if nobody said yet.
    @inline(__always)
    func sensor(at position: Int) -> Int? {
        let sensor = keys[position].sensor
        return sensor < 0 ? nil : sensor
    }

    /// Remembers the sensor that key `position` names.
    mutating func setSensor(_ sensor: Int, at position: Int) {
        keys[position].sensor = sensor
    }

    /// If key `position` stands at `i`, in its quotes, the byte behind it.
    @inline(__always)
    func match(_ position: Int, _ line: Span<UInt8>, _ i: Int, _ end: Int) -> Int? {
        guard position < keys.count, i < end, line[i] == ASCII.quote else { return nil }
        let key = keys[position]
        let start = i &+ 1
        let next = start &+ key.end &- key.start
        if key.mask != 0, start &+ 8 <= end {
            return line.word(at: start) & key.mask == key.word ? next : nil
        }
        guard next <= end else { return nil }
        for k in key.start..<key.end where text[k] != line[start &+ k &- key.start] { return nil }
        return next
    }

    /// Forgets the keys.
    mutating func removeAll() {
        keys.removeAll(keepingCapacity: true)
        text.removeAll(keepingCapacity: true)
    }

    /// Adds the next key, `start..<end` of the line, which has no escapes.
    mutating func append(
        _ role: JSONMember.Role,
        _ line: Span<UInt8>,
        _ start: Int,
        _ end: Int
    ) {
        let textStart = text.count
        var word: UInt64 = 0
        // The closing quote too: it tells a key from a longer one.
        for i in start...end {
            text.append(line[i])
            if i - start < 8 { word |= UInt64(line[i]) << UInt64(8 * (i - start)) }
        }
        let length = end + 1 - start
        let mask = length > 8 ? 0 : UInt64.max >> UInt64(64 - 8 * length)
        keys.append(
            Key(
                role: role, sensor: -1, start: textStart, end: text.count, word: word, mask: mask))
    }

    /// Ends what `append` began.
    mutating func finish(roles: JSONRoles) {
        self.roles = roles
    }
}
