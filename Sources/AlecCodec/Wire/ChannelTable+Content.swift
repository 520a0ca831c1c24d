// SPDX-License-Identifier: Apache-2.0

extension ChannelTable {
    /// The bits of an entry's first byte.
    private enum Flags {
        static let unit: UInt8 = 0x01
        static let aggregate: UInt8 = 0x02
        static let period: UInt8 = 0x04
        static let maximumError: UInt8 = 0x08
        static let reserved: UInt8 = 0xC0
    }

    private static let longestPeriod = UInt64(Int64.max)

    /// Writes the number of entries, and the entries.
    static func append(_ entries: [Channel], to bytes: inout [UInt8]) {
        ByteWriter.appendVarint(UInt64(entries.count), to: &bytes)
        for entry in entries { append(entry, to: &bytes) }
    }

    private static func append(_ entry: Channel, to bytes: inout [UInt8]) {
        var flags = entry.kind.rawValue << 4
        if !entry.unit.isEmpty { flags |= Flags.unit }
        if entry.aggregate != nil { flags |= Flags.aggregate }
        if entry.expectedPeriod != nil { flags |= Flags.period }
        if entry.maximumError != nil { flags |= Flags.maximumError }
        bytes.append(flags)
        bytes.append(UInt8(truncatingIfNeeded: entry.name.count))
        bytes.append(contentsOf: entry.name)
        if !entry.unit.isEmpty {
            bytes.append(UInt8(truncatingIfNeeded: entry.unit.count))
            bytes.append(contentsOf: entry.unit)
        }
        if let aggregate = entry.aggregate {
            ByteWriter.appendVarint(UInt64(aggregate.sensor), to: &bytes)
            bytes.append(aggregate.function.rawValue)
        }
        if let period = entry.expectedPeriod {
            ByteWriter.appendVarint(UInt64(period), to: &bytes)
        }
        if let error = entry.maximumError {
            ByteWriter.append(error.bitPattern, count: 8, to: &bytes)
        }
    }

    /// Reads all that `cursor` reaches; at most `limit` entries.
    static func read(
        _ bytes: Span<UInt8>, _ cursor: inout ByteCursor, limit: Int
    ) throws(DecodeError) -> ChannelTable {
        let start = cursor.at
        var entries: [Channel] = []
        var places: [Int] = []
        do throws(DecodeError) {
            let count = try cursor.varint(bytes, limit: UInt64(UInt32.max))
            guard count >= 1, count <= UInt64(entryLimit) else {
                throw .malformed(.tableEntry, at: start)
            }
            guard count <= UInt64(limit) else { throw .limit(.channels(Int(count)), at: start) }
            for _ in 0..<count {
                places.append(cursor.at)
                entries.append(try entry(bytes, &cursor))
            }
        } catch {
            // The check held, so nothing was cut off on the way: it was written like this.
            if case .truncated(let at) = error { throw .malformed(.tableEntry, at: at) }
            throw error
        }
        guard cursor.isAtEnd else { throw .malformed(.trailingBytes, at: cursor.at) }
        do throws(ChannelTableError) {
            return try ChannelTable(entries)
        } catch {
            throw error.decodeError(places: places, start: start)
        }
    }

    private static func entry(
        _ bytes: Span<UInt8>, _ cursor: inout ByteCursor
    ) throws(DecodeError) -> Channel {
        let flagsAt = cursor.at
        let flags = try cursor.byte(bytes)
        if flags & Flags.reserved != 0 { throw .unsupported(.reservedBits, at: flagsAt) }
        guard let kind = Channel.Kind(rawValue: flags >> 4) else {
            throw .malformed(.tableEntry, at: flagsAt)
        }
        var entry = Channel(name: try text(bytes, &cursor, limit: Channel.nameLimit, .tableName))
        entry.kind = kind
        if flags & Flags.unit != 0 {
            entry.unit = try text(bytes, &cursor, limit: Channel.unitLimit, .tableText)
        }
        if flags & Flags.aggregate != 0 {
            let sensor = try cursor.varint(bytes, limit: UInt64(UInt32.max))
            let at = cursor.at
            guard let function = Channel.Function(rawValue: try cursor.byte(bytes)) else {
                throw .malformed(.tableEntry, at: at)
            }
            // What no table has stays so, and fits into an `Int` of 32 bits.
            entry.aggregate = Channel.Aggregate(
                of: Int(min(sensor, UInt64(entryLimit))), function: function)
        }
        if flags & Flags.period != 0 {
            entry.expectedPeriod = Int64(
                bitPattern: try cursor.varint(bytes, limit: longestPeriod))
        }
        if flags & Flags.maximumError != 0 {
            entry.maximumError = Double(bitPattern: try cursor.integer(bytes, count: 8))
        }
        return entry
    }

    private static func text(
        _ bytes: Span<UInt8>, _ cursor: inout ByteCursor, limit: Int, _ fault: Malformation
    ) throws(DecodeError) -> [UInt8] {
        let at = cursor.at
        let count = Int(try cursor.byte(bytes))
        guard count >= 1, count <= limit else { throw .malformed(fault, at: at) }
        let start = cursor.at
        try cursor.skip(count)
        var text: [UInt8] = []
        text.reserveCapacity(count)
        for i in start..<cursor.at { text.append(bytes[i]) }
        return text
    }
}

extension ChannelTableError {
    /// The same fault in a table that came as bytes, whose entries begin at `places`.
    fileprivate func decodeError(places: [Int], start: Int) -> DecodeError {
        switch self {
        case .count: .malformed(.tableEntry, at: start)
        case .name(let entry), .duplicateName(let entry): .malformed(.tableName, at: places[entry])
        case .unit(let entry): .malformed(.tableText, at: places[entry])
        case .aggregate(let entry), .period(let entry), .maximumError(let entry):
            .malformed(.tableEntry, at: places[entry])
        }
    }
}
