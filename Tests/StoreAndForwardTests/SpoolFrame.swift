// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import StoreAndForward

/// A frame as the tests see it.
struct SpoolFrame: Equatable {
    var group: GroupIdentity
    var index: UInt32
    var bytes: [UInt8]

    init(_ group: UInt32, _ index: UInt32, lane: Lane = .data, sid: UInt64 = 7, count: Int = 20) {
        self.group = GroupIdentity(stream: StreamID(random: sid), lane: lane, group: group)
        self.index = index
        bytes = (0..<count).map {
            UInt8(truncatingIfNeeded: $0 &* 31 &+ Int(index) &* 7 &+ Int(group))
        }
    }

    var header: RecordHeader {
        var header = RecordHeader(kind: .frame, frame: FrameIdentity(group: group, index: index))
        header.readings = 10 + index
        header.priorities = [0, 1, 9 + index, 0, 0]
        header.firstTime = -5
        header.lastTime = .max
        header.prefix = Array("alec/v1/s/n/".utf8)
        return header
    }

    var readings: Int { Int(header.readings) }

    static func table(_ id: UInt32, sid: UInt64 = 7) -> RecordHeader {
        let group = GroupIdentity(stream: StreamID(random: sid), lane: .data, group: id)
        return RecordHeader(kind: .table, frame: FrameIdentity(group: group, index: 0))
    }
}

extension Spool where Storage: ~Copyable {
    /// Appends `frame`; its first is the key frame.
    @discardableResult
    mutating func append(_ frame: SpoolFrame) throws(SpoolError) -> UInt64 {
        try append(frame.header, frame.bytes.span, isKey: frame.index == 0)
    }

    /// All frames, or only those that wait, in the order of their places.
    mutating func frames(includingHistory: Bool = false) throws(SpoolError) -> [SpoolFrame] {
        var frames: [SpoolFrame] = []
        var place: UInt64 = 0
        var bytes: [UInt8] = []
        while let item = try next(from: place, includingHistory: includingHistory) {
            place = item.place + 1
            guard item.header.kind == .frame else { continue }
            try read(item, into: &bytes)
            let identity = item.header.frame
            var frame = SpoolFrame(identity.group.group, identity.index)
            frame.group = identity.group
            frame.bytes = bytes
            frames.append(frame)
        }
        return frames
    }

    /// Runs one ticket; whether there was one and it succeeded.
    @discardableResult
    mutating func sync() -> Bool {
        guard let ticket = beginSync() else { return false }
        do throws(SpoolError) {
            try ticket.run()
            endSync(ticket)
            return true
        } catch {
            failSync(ticket)
            return false
        }
    }
}
