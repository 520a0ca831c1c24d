// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// What an index record says of its segment, so that opening need not read all of it:
/// SpoolFormat.md, "Index".
struct SegmentDigest {
    struct Group {
        var identity: GroupIdentity
        var amount = PendingAmount()
    }

    /// Valid records, the index not among them.
    var records = 0
    var badRecords = 0
    var badBytes = 0
    var holeBytes = 0
    var groups: [Group] = []
    /// Groups that acknowledgements and losses in this segment name.
    var retired: [GroupIdentity] = []
    var tables: [UInt32] = []
    /// Offsets of the records of losses and ledgers.
    var lossOffsets: [UInt32] = []

    private static let headCount = 32
    private static let groupCount = 58
    private static let nameCount = 10
    /// Bytes at the end of the body that say how long the record is.
    static let tailCount = 4

    init() {}

    init(_ index: SegmentIndex, _ scan: SegmentScan) {
        records = index.entries.count
        badRecords = scan.badRecords
        badBytes = scan.badBytes
        holeBytes = scan.holeBytes
        groups = index.groups.map { Group(identity: $0.identity, amount: $0.amount) }
        retired = index.acknowledged
        tables = index.entries.filter { $0.kind == .table }.map(\.subject)
        lossOffsets = index.entries.filter { $0.kind == .loss || $0.kind == .ledger }
            .map(\.offset)
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for number in [
            records, badRecords, badBytes, holeBytes, groups.count, retired.count, tables.count,
            lossOffsets.count,
        ] { LittleEndian.append(UInt64(number), count: 4, to: &bytes) }
        for group in groups {
            Self.append(group.identity, to: &bytes)
            let amount = group.amount
            for number in [amount.frames, amount.bytes] {
                LittleEndian.append(UInt64(number), count: 4, to: &bytes)
            }
            for i in amount.priorities.indices {
                LittleEndian.append(UInt64(amount.priorities[i]), count: 4, to: &bytes)
            }
            LittleEndian.append(UInt64(amount.readings), count: 4, to: &bytes)
            LittleEndian.append(UInt64(bitPattern: amount.firstTime), count: 8, to: &bytes)
            LittleEndian.append(UInt64(bitPattern: amount.lastTime), count: 8, to: &bytes)
        }
        for name in retired { Self.append(name, to: &bytes) }
        for word in tables + lossOffsets {
            LittleEndian.append(UInt64(word), count: 4, to: &bytes)
        }
        let byteCount = RecordFormat.minimumCount + bytes.count + Self.tailCount
        LittleEndian.append(UInt64(byteCount), count: Self.tailCount, to: &bytes)
        return bytes
    }

    /// Reads a body whose check holds; nil if its parts do not fill it.
    init?(_ bytes: Span<UInt8>) {
        guard bytes.count >= Self.headCount + Self.tailCount else { return nil }
        var at = 0
        func next(_ count: Int) -> UInt64 {
            defer { at += count }
            return LittleEndian.read(bytes, at: at, count: count)
        }
        func number() -> Int { Int(next(4)) }
        records = number()
        badRecords = number()
        badBytes = number()
        holeBytes = number()
        let counts = (groups: number(), retired: number(), tables: number(), losses: number())
        let expected =
            Self.headCount + counts.groups * Self.groupCount + counts.retired * Self.nameCount
            + 4 * (counts.tables + counts.losses) + Self.tailCount
        guard expected == bytes.count else { return nil }
        func identity() -> GroupIdentity? {
            let stream = StreamID(random: next(5))
            let lane = Lane(rawValue: UInt8(next(1)))
            let group = UInt32(next(4))
            return lane.map { GroupIdentity(stream: stream, lane: $0, group: group) }
        }
        for _ in 0..<counts.groups {
            guard let identity = identity() else { return nil }
            var group = Group(identity: identity)
            group.amount.frames = number()
            group.amount.bytes = number()
            for i in group.amount.priorities.indices { group.amount.priorities[i] = number() }
            group.amount.readings = number()
            group.amount.firstTime = Int64(bitPattern: next(8))
            group.amount.lastTime = Int64(bitPattern: next(8))
            groups.append(group)
        }
        for _ in 0..<counts.retired {
            guard let identity = identity() else { return nil }
            retired.append(identity)
        }
        for _ in 0..<counts.tables { tables.append(UInt32(next(4))) }
        for _ in 0..<counts.losses { lossOffsets.append(UInt32(next(4))) }
    }

    private static func append(_ group: GroupIdentity, to bytes: inout [UInt8]) {
        LittleEndian.append(group.stream.rawValue, count: 5, to: &bytes)
        bytes.append(group.lane.rawValue)
        LittleEndian.append(UInt64(group.group), count: 4, to: &bytes)
    }
}
