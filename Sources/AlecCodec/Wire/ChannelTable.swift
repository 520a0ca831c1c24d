// SPDX-License-Identifier: Apache-2.0

/// Why channels are no table. `entry` is the sensor index.
public enum ChannelTableError: Error, Equatable, Sendable {
    /// None, or more than `ChannelTable.entryLimit`.
    case count(Int)
    /// Empty, too long, not UTF-8, or with control characters.
    case name(entry: Int)
    /// Another entry has the same name.
    case duplicateName(entry: Int)
    case unit(entry: Int)
    /// Sums up itself or no entry.
    case aggregate(entry: Int)
    case period(entry: Int)
    case maximumError(entry: Int)
}

/// Names, units and kinds behind the sensor indexes of a stream.
///
/// Travels as a frame of its own; key frames name it by its id, a check of its content.
public struct ChannelTable: Equatable, Sendable {
    /// The most entries of a table.
    public static let entryLimit = Context.channelLimit

    /// The sensor index is the place in this list.
    public let entries: [Channel]
    /// The check of the content; never 0, which stands for no table.
    public let id: UInt32

    /// A table of `entries`, if they can be one.
    public init(_ entries: [Channel]) throws(ChannelTableError) {
        guard !entries.isEmpty, entries.count <= Self.entryLimit else {
            throw .count(entries.count)
        }
        for (i, entry) in entries.enumerated() {
            if let fault = entry.fault(at: i, of: entries.count) { throw fault }
        }
        if let i = Self.duplicate(among: entries) { throw .duplicateName(entry: i) }
        self.entries = entries
        var content: [UInt8] = []
        Self.append(entries, to: &content)
        var checksum = Checksum()
        checksum.add(content.span, 0..<content.count)
        id = max(checksum.value, 1)
    }

    /// The later of two entries with the same name, if there are two.
    private static func duplicate(among entries: [Channel]) -> Int? {
        let order = entries.indices.sorted { a, b in
            let isLess = entries[a].name.lexicographicallyPrecedes(entries[b].name)
            return isLess || (a < b && entries[a].name == entries[b].name)
        }
        var found: Int?
        for k in 1..<max(order.count, 1)
        where entries[order[k]].name == entries[order[k - 1]].name {
            found = min(found ?? order[k], order[k])
        }
        return found
    }
}
