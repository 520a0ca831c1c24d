// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore
internal import HostSystem
internal import StoreAndForward

/// A frame on its way into the spool.
struct FreshFrame {
    var header: RecordHeader
    /// Its readings, as the spool may want them in another group.
    var window: ReadingWindow
    var bytes: [UInt8]
    var isKey: Bool
    /// What holds for the input once the frame is appended.
    var mark: InputMark
    /// How soon it must be on the disk; nil for whenever.
    var syncWithin: Duration?
    var batch: PublishedBatch?
}

/// What is to happen to the spool, in this order.
enum AppendOrder {
    case table(RecordHeader, [UInt8], AgentTable)
    case frame(FreshFrame)
    case close(GroupIdentity)
}

extension AppendOrder {
    /// Whether it brings critical readings.
    var isCritical: Bool {
        if case .frame(let frame) = self { frame.header.priorities[0] > 0 } else { false }
    }
}

/// Orders for the spool that wait for room or for a disk that works.
///
/// Who gives orders stops to make frames while any wait, so that few ever do.
struct AppendQueue {
    enum Outcome: Equatable {
        /// Nothing waits.
        case done
        /// The spool is full.
        case full
        /// The spool ended the group of the first frame that waits, as its segment is broken.
        case sealed
        /// The disk does not take it.
        case failed(SpoolError)
    }

    /// Data frames wait for room, rather than make others go.
    var waits = false

    private var orders: [AppendOrder] = []
    private var first = 0

    var isEmpty: Bool { first == orders.count }

    mutating func add(_ order: AppendOrder) { orders.append(order) }

    /// Gives back what waits.
    mutating func takeAll() -> [AppendOrder] {
        defer {
            orders.removeAll(keepingCapacity: true)
            first = 0
        }
        return Array(orders[first...])
    }

    /// Carries out as many orders as possible.
    mutating func carryOut(_ spool: SharedSpool, _ shared: AgentShared) -> Outcome {
        while first < orders.count {
            do throws(SpoolError) {
                // Nothing that waits may hold a critical frame up.
                let canWait = waits && !orders[first...].contains(where: \.isCritical)
                try Self.carryOut(orders[first], canWait: canWait, spool, shared)
            } catch {
                switch error {
                case .full: return .full
                case .groupSealed: return .sealed
                default: return .failed(error)
                }
            }
            first += 1
        }
        orders.removeAll(keepingCapacity: true)
        first = 0
        return .done
    }

    private static func carryOut(
        _ order: AppendOrder, canWait: Bool, _ spool: SharedSpool, _ shared: AgentShared
    ) throws(SpoolError) {
        switch order {
        case .table(let header, let bytes, let table):
            spool.with { $0.setTable(header, bytes) }
            shared.setTable(table)
        case .close(let group):
            spool.with { $0.closeGroup(group) }
            shared.wakeLink.raise()
        case .frame(let frame):
            try append(frame, canWait: canWait, spool, shared)
        }
    }

    private static func append(
        _ frame: FreshFrame, canWait: Bool, _ spool: SharedSpool, _ shared: AgentShared
    ) throws(SpoolError) {
        let readings = Int(frame.header.readings)
        shared.progress.update { page in
            page.intent = AgentProgress.Intent(
                frame: frame.header.frame, mark: frame.mark,
                readings: page.appendedReadings + readings)
        }
        let place = try spool.with { spool throws(SpoolError) in
            // Also where the append fails after groups had to go for it.
            defer { shared.count(spool.takeLost()) }
            let place = try spool.append(
                frame.header, frame.bytes.span, isKey: frame.isKey, canWait: canWait)
            // Before the link can see the frame, so that it never publishes what is not stored.
            let isDeferred = frame.header.frame.group.lane == .deferred
            shared.count { isDeferred ? $0.storeDeferred(readings) : $0.store(readings) }
            return place
        }
        shared.progress.update { page in
            page.intent = nil
            page.appended = frame.mark
            page.appendedReadings += readings
            page.appendedPlace = place
        }
        if let span = frame.syncWithin { shared.requestSync(within: span) }
        if let batch = frame.batch { _ = shared.readings?.offer(batch) }
        shared.frameAppended(bytes: frame.bytes.count, lane: frame.header.frame.group.lane)
    }
}
