// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import StoreAndForward
import TestSupport

/// A state directory whose spool holds real frames of two lanes that lie between each other.
struct SpoolFixture {
    let folder: TemporaryFolder
    /// The lines of CSV that its readings are, in the order of the spool.
    private(set) var lines: [String] = []
    /// Where the records of frames begin.
    private(set) var places: [UInt64] = []

    static let data = GroupIdentity(stream: StreamID(random: 7), lane: .data, group: 1)
    static let alert = GroupIdentity(stream: StreamID(random: 7), lane: .alert, group: 9)
    private static let names = ["temp", "hum"]
    /// All kinds of bits, with their text.
    private static let values: [(Double, String)] = [
        (21.5, "21.5"), (.nan, "nan"), (-0.0, "-0.0"), (.infinity, "inf"),
        (Double(bitPattern: 0x7FF8_0000_0000_0001), "nan(0x7ff8000000000001)"),
        (Double(bitPattern: 0xFFF0_0000_0000_00AB), "nan(0xfff00000000000ab)"),
    ]

    /// Without its table, the names of the sensors are missing.
    init(hasTable: Bool = true) throws {
        folder = try TemporaryFolder()
        var spool = try Spool(PosixStorage(directory: folder.path(of: "spool")), SpoolSettings())
        var data = FrameEncoder(stream: StreamHead(id: Self.data.stream), channels: 2)
        var alert = FrameEncoder(
            stream: StreamHead(id: Self.data.stream, lane: .alert), channels: 2)
        let table = try ChannelTable(Self.names.map { Channel(name: Array($0.utf8)) })
        data.setTable(id: table.id, channels: 2)
        alert.setTable(id: table.id, channels: 2)
        if hasTable {
            var bytes: [UInt8] = []
            ChannelTableFrame(stream: Self.data.stream, table: table).append(to: &bytes)
            let group = GroupIdentity(stream: Self.data.stream, lane: .data, group: table.id)
            let header = RecordHeader(kind: .table, frame: FrameIdentity(group: group, index: 0))
            _ = try spool.append(header, bytes.span, isKey: false)
        }
        try append(&spool, &data, Self.data, 0, count: 6)
        try append(&spool, &alert, Self.alert, 0, count: 1)
        try append(&spool, &data, Self.data, 1, count: 5)
        try append(&spool, &data, Self.data, 2, count: 6)
    }

    private mutating func append(
        _ spool: inout Spool<PosixStorage>, _ encoder: inout FrameEncoder, _ group: GroupIdentity,
        _ index: UInt32, count: Int
    ) throws {
        var window = ReadingWindow()
        let start = 1_790_000_000_000_000_001 + Int64(places.count) * 1_000
        for i in 0..<count {
            let sensor = i % 2
            let (value, text) = Self.values[(i + Int(index)) % Self.values.count]
            _ = window.append(Reading(sensor: sensor, time: start + Int64(i), value: value))
            lines.append("\(start + Int64(i)),\(Self.names[sensor]),\(text)")
        }
        var bytes: [UInt8] = []
        let role = index == 0 ? FrameRole.key(group: group.group) : .chained
        _ = try encoder.encode(&window, as: role, into: &bytes)
        var header = RecordHeader(kind: .frame, frame: FrameIdentity(group: group, index: index))
        header.readings = UInt32(count)
        header.priorities[group.lane == .alert ? 0 : 2] = UInt32(count)
        header.firstTime = start
        header.lastTime = start + Int64(count) - 1
        places.append(try spool.append(header, bytes.span, isKey: index == 0))
    }

    /// The spool as it lies there, for one more look or change.
    func open() throws -> Spool<PosixStorage> {
        try Spool(PosixStorage(directory: folder.path(of: "spool")), SpoolSettings())
    }
}
