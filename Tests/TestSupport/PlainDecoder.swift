// SPDX-License-Identifier: Apache-2.0

/// A second decoder, slow and obvious, written from the format page and nothing else.
///
/// It shares no line with the codec: where both agree on a frame, the page says what the codec
/// does. The comments name sections of the page.
public struct PlainDecoder {
    /// What became of a frame.
    public enum Answer: Equatable {
        case frame(PlainFrame)
        case duplicate
        case needsKey
        case refused(PlainFault)
    }

    private let sharedTable: [Int]
    private let channelTable: [Int]
    private let maxChannels: Int

    var shared: PlainShared
    var channels: [PlainChannel] = []
    var firstTime: Int64?
    var coder = PlainCoder([])
    private var group: UInt32 = 0
    private var index: UInt32 = 0
    private var sid: [UInt8] = []
    private var lane: UInt64 = 0
    private var isValid = false
    private var chain: UInt32 = 0
    private var digest: UInt32 = 0

    /// A decoder with the start values of `csv`.
    public init(startValues csv: String, maxChannels: Int = 4096) {
        var tables: [String: [Int]] = [:]
        for line in csv.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: ",")
            tables[String(fields[0]), default: []] += fields[3].split(separator: " ")
                .compactMap { Int($0) }
        }
        sharedTable = tables["shared"] ?? []
        channelTable = tables["channel"] ?? []
        self.maxChannels = maxChannels
        shared = PlainShared(sharedTable)
    }

    public mutating func decode(_ frame: [UInt8]) -> Answer {
        do {
            return try steps(frame)
        } catch {
            return .refused(error)
        }
    }

    /// Section 3.
    private mutating func steps(_ frame: [UInt8]) throws(PlainFault) -> Answer {
        if frame.isEmpty { throw .truncated }
        if frame.count > 1 << 20 { throw .limit }
        if frame[0] >> 6 == 3 { throw Self.extended(frame) }
        let head = try PlainHead(frame)
        if head.isKey {
            if isValid && head.sid == sid && head.group == group { return .duplicate }
        } else {
            if !isValid || lane != 0 || head.group != group { return .needsKey }
            if head.index <= index { return .duplicate }
            if head.index != index + 1 { return .needsKey }
        }
        let link =
            PlainArithmetic.littleEndian(head.isKey ? 0 : chain)
            + PlainArithmetic.littleEndian(head.isKey ? 0 : digest)
        let check = PlainArithmetic.check(
            link + frame[..<(head.end - 4)] + frame[head.end...])
        if check != head.check { throw .badCheck }

        isValid = false
        let result = try payload(Array(frame[head.end...]), head)
        (chain, digest) = (check, result.digest)
        (group, index) = (head.group, head.index)
        if head.isKey { (sid, lane) = (head.sid, head.lane) }
        isValid = true
        return .frame(result)
    }

    /// Section 13, up to where a table's content would be read.
    private static func extended(_ frame: [UInt8]) -> PlainFault {
        if frame.count < 6 { return .truncated }
        let end = frame.count - 4
        let check = PlainArithmetic.check(Array(frame[..<end]))
        return Array(frame[end...]) == PlainArithmetic.littleEndian(check)
            ? .unsupported : .badCheck
    }

    /// Section 6.
    private mutating func payload(
        _ payload: [UInt8], _ head: PlainHead
    ) throws(PlainFault) -> PlainFrame {
        coder = PlainCoder(payload)
        if head.isKey {
            shared = PlainShared(sharedTable)
            firstTime = nil
            let count = try coder.unsigned(&shared.tree[7])
            if count == 0 || count > 4096 { throw .malformed }
            if count > maxChannels { throw .limit }
            channels = Array(repeating: PlainChannel(channelTable), count: Int(count))
        }
        let counts = try layout(isKey: head.isKey)
        let total = counts.reduce(0) { $0 + ($1 ?? 0) }
        if total == 0 || total > 1 << 20 { throw .malformed }
        if total > 4096 * (8 * payload.count + 64) { throw .limit }
        try parameterBlocks(counts)
        var frame = PlainFrame()
        var body = PlainBody(counts: counts)
        for c in counts.indices where counts[c] != nil {
            try times(c, &body)
            try values(c, &body)
            frame.columns.append(
                PlainFrame.Column(sensor: c, times: body.times[c], values: body.values[c]))
        }
        if head.isAnnotated { try annotations(&frame, total) }
        return frame
    }

    /// Section 7: the number of samples of each channel, nil for those that are absent.
    private mutating func layout(isKey: Bool) throws(PlainFault) -> [Int?] {
        var counts = [Int?](repeating: nil, count: channels.count)
        if !isKey, try coder.bit(&shared.flag[0], limit: 60) {
            for c in channels.indices where channels[c].seen & 1 == 1 {
                counts[c] = channels[c].count
            }
        } else {
            for first in stride(from: 0, to: channels.count, by: 16) {
                try layout(first..<min(first + 16, channels.count), isKey, &counts)
            }
        }
        for c in channels.indices {
            channels[c].seen = (channels[c].seen << 1 | (counts[c] == nil ? 0 : 1)) & 255
            channels[c].count = counts[c] ?? channels[c].count
        }
        return counts
    }

    private mutating func layout(
        _ block: Range<Int>, _ isKey: Bool, _ counts: inout [Int?]
    ) throws(PlainFault) {
        if channels.count > 16 {
            let was = block.contains { channels[$0].seen & 1 == 1 }
            let i = isKey ? 2 : was ? 1 : 0
            guard try coder.bit(&shared.flag[15 + i], limit: 60) else { return }
        }
        for c in block {
            let p = c > 0 && counts[c - 1] != nil ? 1 : 0
            let i = isKey ? 8 + p : 2 * (channels[c].seen & 3) + p
            guard try coder.bit(&shared.flag[18 + i], limit: 60) else { continue }
            let before = counts[..<c].last { $0 != nil } ?? nil
            if let before, try coder.bit(&shared.flag[4], limit: 60) {
                counts[c] = before
            } else if channels[c].count > 0, try coder.bit(&shared.flag[5], limit: 60) {
                counts[c] = channels[c].count
            } else {
                let n = try coder.unsigned(&shared.tree[7])
                if n < 1 || n > 65_535 { throw .malformed }
                counts[c] = Int(n)
            }
        }
    }

    /// Section 12.
    private mutating func annotations(
        _ frame: inout PlainFrame, _ total: Int
    ) throws(PlainFault) {
        var pos = 0
        while pos < total {
            let gap = try coder.length(&shared.gap)
            if gap > total - pos { throw .malformed }
            pos += gap
            if pos == total { break }
            let quality = try coder.tree(&shared.quality, 3)
            let priority = try coder.tree(&shared.priority, 3)
            if quality > 4 || priority > 5 || quality == 0 && priority == 0 { throw .malformed }
            let count = try coder.length(&shared.run) + 1
            if count > total - pos { throw .malformed }
            frame.remarks.append(
                PlainFrame.Remark(start: pos, count: count, quality: quality, priority: priority))
            pos += count
        }
        if frame.remarks.isEmpty { throw .malformed }
    }
}

/// What a frame holds.
public struct PlainFrame: Equatable {
    public struct Column: Equatable {
        public var sensor: Int
        public var times: [Int64]
        /// The 64 bits of each.
        public var values: [UInt64]

        public init(sensor: Int, times: [Int64], values: [UInt64]) {
            (self.sensor, self.times, self.values) = (sensor, times, values)
        }
    }

    public struct Remark: Equatable {
        public var start: Int
        public var count: Int
        public var quality: Int
        public var priority: Int

        public init(start: Int, count: Int, quality: Int, priority: Int) {
            (self.start, self.count) = (start, count)
            (self.quality, self.priority) = (quality, priority)
        }
    }

    public var columns: [Column] = []
    public var remarks: [Remark] = []

    public init() {}

    /// Section 2.
    var digest: UInt32 {
        var a: UInt64 = 0
        for column in columns {
            PlainArithmetic.mix(&a, UInt64(bitPattern: column.times[column.times.count - 1]))
            for value in column.values { PlainArithmetic.mix(&a, value) }
        }
        for remark in remarks {
            PlainArithmetic.mix(&a, UInt64(remark.start))
            PlainArithmetic.mix(
                &a, UInt64(remark.count << 8 | remark.priority << 4 | remark.quality))
        }
        return UInt32(truncatingIfNeeded: a)
    }
}

/// Working storage for one frame, by channel.
struct PlainBody {
    var counts: [Int?]
    var times: [[Int64]]
    var values: [[UInt64]]
    var innovations: [[Int64]]
    var sharesTimes: [Bool]

    init(counts: [Int?]) {
        self.counts = counts
        times = Array(repeating: [], count: counts.count)
        values = Array(repeating: [], count: counts.count)
        innovations = Array(repeating: [], count: counts.count)
        sharesTimes = Array(repeating: false, count: counts.count)
    }
}

/// Section 2.
struct PlainHead {
    var isKey = false
    var isAnnotated = false
    var group: UInt32 = 0
    var index: UInt32 = 0
    var sid: [UInt8] = []
    var lane: UInt64 = 0
    var check: UInt32 = 0
    /// Where the payload begins.
    var end = 0

    init(_ frame: [UInt8]) throws(PlainFault) {
        let first = frame[0]
        guard first >> 6 < 2, first & 0x30 == 0, first & 7 == 1 else { throw .unsupported }
        isKey = first >> 6 == 1
        isAnnotated = first & 8 != 0
        end = 1
        group = try varint(frame)
        index = try varint(frame)
        if isKey ? index != 0 : index < 1 || index > 16_383 { throw .malformed }
        if isKey { try readKey(frame) }
        check = UInt32(try integer(frame, 4))
    }

    private mutating func readKey(_ frame: [UInt8]) throws(PlainFault) {
        for _ in 0..<5 { sid.append(UInt8(try integer(frame, 1))) }
        lane = try integer(frame, 1)
        if lane & 0xE0 != 0 { throw .unsupported }
        if lane & 3 == 3 || lane >> 2 < 1 || lane >> 2 > 5 { throw .malformed }
        lane &= 3
        // Node hash and table id.
        _ = try integer(frame, 8)
        if try varint(frame) > 0, try varint(frame) > 16_383 { throw .malformed }
    }

    private mutating func integer(_ frame: [UInt8], _ count: Int) throws(PlainFault) -> UInt64 {
        if end + count > frame.count { throw .truncated }
        defer { end += count }
        return frame[end..<(end + count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func varint(_ frame: [UInt8]) throws(PlainFault) -> UInt32 {
        var result: UInt64 = 0
        for i in 0..<5 {
            let byte = try integer(frame, 1)
            result |= (byte & 127) << UInt64(7 * i)
            guard byte < 128 else { continue }
            if byte == 0 && i > 0 || result > 0xFFFF_FFFF { throw .malformed }
            return UInt32(result)
        }
        throw .malformed
    }
}
