// SPDX-License-Identifier: Apache-2.0

package import GatewayCore
package import StoreAndForward

extension Spool: StoredFrames where Storage: ~Copyable {
    /// What the machine is shown of the record at `place` or behind it. Records that turn out to
    /// be damaged are passed over: the spool has counted them.
    package mutating func stored(
        from place: UInt64, includingHistory: Bool
    ) throws(SpoolError) -> StoredFrame? {
        try item(from: place, includingHistory: includingHistory).map(StoredFrame.init)
    }

    package mutating func places(
        of group: GroupIdentity
    ) throws(SpoolError) -> Range<UInt64>? {
        try find(group)
    }

    package mutating func storedTable(id: UInt32) throws(SpoolError) -> StoredFrame? {
        try findTable(id: id).map(StoredFrame.init)
    }

    /// Puts the bytes of the frame at `place` into `bytes`; false if they are damaged or gone.
    mutating func readFrame(
        at place: UInt64, into bytes: inout [UInt8]
    ) throws(SpoolError) -> Bool {
        do throws(SpoolError) {
            guard let item = try item(from: place, includingHistory: true), item.place == place
            else { return false }
            try read(item, into: &bytes)
            return true
        } catch .damaged {
            return false
        } catch .removed {
            return false
        }
    }

    private mutating func item(
        from place: UInt64, includingHistory: Bool
    ) throws(SpoolError) -> SpoolItem? {
        var place = place
        while true {
            do throws(SpoolError) {
                return try next(from: place, includingHistory: includingHistory)
            } catch .damaged(let at) where at >= place {
                place = at + 1
            }
        }
    }
}

extension StoredFrame {
    init(_ item: SpoolItem) {
        let content: Content =
            switch item.header.kind {
            case .table: .table(id: item.header.frame.group.group)
            case .frame, .acknowledgement, .loss, .hole, .index, .ledger: .frame(item.header.frame)
            }
        self.init(
            place: item.place, content: content, readings: Int(item.header.readings),
            isAcknowledged: item.isAcknowledged)
        if item.header.firstTime <= item.header.lastTime {
            times = item.header.firstTime...item.header.lastTime
        }
    }
}
