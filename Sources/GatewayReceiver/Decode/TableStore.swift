// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import HostSystem

/// The channel tables of all nodes, one file each: `<check of the prefix>-<table id>.table`.
struct TableStore {
    /// The most tables of a node; the one that was used longest ago goes.
    static let nodeLimit = 256
    /// Tables that are kept in memory, of all nodes.
    private static let memoryLimit = 256
    /// No table frame is larger.
    private static let byteLimit = DecoderLimits.frameBytes

    private struct Entry {
        var name: String
        var table: ChannelTable
    }

    private let folder: any StateFiles
    /// The one that was used last comes last.
    private var recent: [Entry] = []
    /// File names, oldest first.
    private var files: [String]
    /// Tables that were removed because their node had too many.
    private(set) var removed = 0

    init(_ folder: any StateFiles) throws(SystemError) {
        self.folder = folder
        files = try folder.names().filter { $0.hasSuffix(".table") }
    }

    /// The table `id` of the node with `prefix`; nil where it has not come.
    mutating func find(_ id: UInt32, prefix: String) -> ChannelTable? {
        let name = Self.name(id, prefix)
        if let place = recent.lastIndex(where: { $0.name == name }) {
            if place < recent.count - 1 { recent.append(recent.remove(at: place)) }
            return recent[recent.count - 1].table
        }
        guard files.contains(name), let table = read(name), table.id == id else { return nil }
        remember(name, table)
        return table
    }

    /// Keeps the table of a table frame.
    mutating func keep(_ frame: [UInt8], _ table: ChannelTable, prefix: String) throws(SystemError)
    {
        let name = Self.name(table.id, prefix)
        // First, so that a full disk holds up nothing that waits for the table.
        remember(name, table)
        if !files.contains(name) {
            try folder.replace(name, with: frame.span)
            files.append(name)
            try thin(String(name.prefix(9)))
        }
    }

    private func read(_ name: String) -> ChannelTable? {
        // A file that cannot be read is a table that has not come: it is asked for again.
        guard
            let bytes = try? folder.content(name, limit: Self.byteLimit),
            let frame = try? ChannelTableFrame(bytes.span)
        else { return nil }
        return frame.table
    }

    private mutating func remember(_ name: String, _ table: ChannelTable) {
        recent.removeAll { $0.name == name }
        if recent.count >= Self.memoryLimit { recent.removeFirst() }
        recent.append(Entry(name: name, table: table))
    }

    private mutating func thin(_ node: String) throws(SystemError) {
        let own = files.filter { $0.hasPrefix(node) }
        guard own.count > Self.nodeLimit, let oldest = own.first else { return }
        files.removeAll { $0 == oldest }
        recent.removeAll { $0.name == oldest }
        removed += 1
        try folder.remove(oldest)
    }

    private static func name(_ id: UInt32, _ prefix: String) -> String {
        var check = Checksum()
        let bytes = Array(prefix.utf8)
        check.add(bytes.span, 0..<bytes.count)
        return hex(check.value) + "-" + hex(id) + ".table"
    }

    private static func hex(_ number: UInt32) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }
}
