// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore

/// A spool for tests: an array. It can be made to fail.
struct MemoryFrames: StoredFrames {
    struct Failed: Error {}

    private(set) var items: [StoredFrame] = []
    private(set) var acknowledged: Set<GroupIdentity> = []
    private var open: Set<GroupIdentity> = []
    private(set) var syncedPlace: UInt64 = 0
    private(set) var endPlace: UInt64 = 100
    /// So many accesses from now on one fails; 0 for none.
    var failsAfter = 0

    mutating func append(_ frame: FrameIdentity, readings: Int = 10) {
        if frame.index == 0 {
            open = open.filter {
                $0.stream != frame.group.stream || $0.lane != frame.group.lane
            }
            open.insert(frame.group)
        }
        add(.frame(frame), readings)
        // An alert is whole at once.
        if frame.group.lane != .data { open.remove(frame.group) }
    }

    mutating func setTimes(_ times: ClosedRange<Int64>, of item: Int) { items[item].times = times }

    mutating func append(table id: UInt32) { add(.table(id: id), 0) }

    mutating func sync() { syncedPlace = endPlace }
    mutating func close(_ group: GroupIdentity) { open.remove(group) }
    mutating func closeAll() { open.removeAll() }
    mutating func acknowledge(_ group: GroupIdentity) { acknowledged.insert(group) }
    /// A record that turned out to be damaged.
    mutating func remove(at place: UInt64) { items.removeAll { $0.place == place } }

    var pending: [StoredFrame] {
        items.filter { item in
            guard case .frame(let frame) = item.content else { return false }
            return !acknowledged.contains(frame.group)
        }
    }

    func frames(of group: GroupIdentity) -> [StoredFrame] {
        items.filter { $0.group == group }
    }

    mutating func openPlace() throws(Failed) -> UInt64 {
        try access()
        return items.first { $0.group.map(open.contains) ?? false }?.place ?? endPlace
    }

    mutating func stored(
        from place: UInt64, includingHistory: Bool
    ) throws(Failed) -> StoredFrame? {
        try access()
        for (i, item) in items.enumerated() where item.place >= place {
            let isHistory = isHistory(i)
            if isHistory && !includingHistory { continue }
            var item = item
            item.isAcknowledged = isHistory
            return item
        }
        return nil
    }

    mutating func places(of group: GroupIdentity) throws(Failed) -> Range<UInt64>? {
        try access()
        let frames = frames(of: group)
        guard let first = frames.first, let last = frames.last else { return nil }
        return first.place..<(last.place + 7)
    }

    mutating func storedTable(id: UInt32) throws(Failed) -> StoredFrame? {
        try access()
        return items.last { $0.content == .table(id: id) }
    }

    func isClosed(_ group: GroupIdentity) -> Bool { !open.contains(group) }

    private mutating func add(_ content: StoredFrame.Content, _ readings: Int) {
        items.append(StoredFrame(place: endPlace, content: content, readings: readings))
        endPlace += 7
    }

    private mutating func access() throws(Failed) {
        guard failsAfter > 0 else { return }
        failsAfter -= 1
        if failsAfter == 0 { throw Failed() }
    }

    /// A table is pending while a pending group follows before the next table.
    private func isHistory(_ i: Int) -> Bool {
        if let group = items[i].group { return acknowledged.contains(group) }
        for item in items[(i + 1)...] {
            guard let group = item.group else { return true }
            if !acknowledged.contains(group) { return false }
        }
        return true
    }
}

extension StoredFrame {
    var group: GroupIdentity? {
        guard case .frame(let frame) = content else { return nil }
        return frame.group
    }

    var frame: FrameIdentity? {
        guard case .frame(let frame) = content else { return nil }
        return frame
    }
}
