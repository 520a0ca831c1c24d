// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayConfiguration
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

/// A group that was given up while it waited.
struct DroppedGroup: Equatable {
    var group: GroupIdentity
    var readings = 0
}

extension FreshFrame {
    /// The priority of its most urgent reading: 0 for P1.
    var urgency: Int {
        let priorities = header.priorities
        return priorities.indices.first { priorities[$0] > 0 } ?? priorities.count
    }
}

extension AppendOrder {
    /// What it holds of memory, as good as it can be said.
    var memoryBytes: Int {
        switch self {
        case .frame(let frame):
            frame.bytes.count + frame.window.count * MemoryLayout<Reading>.stride + Self.overhead
        case .table, .close: 0
        }
    }

    /// The order itself and what arrays cost.
    private static let overhead = 512

    /// Whether it brings critical readings.
    var isCritical: Bool {
        if case .frame(let frame) = self { frame.header.priorities[0] > 0 } else { false }
    }
}

/// Orders for the spool that wait for room or for a disk that works.
///
/// Who gives orders stops to make frames while any wait for room, so that few ever do. While the
/// disk refuses, frames of inputs that cannot wait go on to come, up to `memoryLimit`.
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

    /// Bytes of memory that frames may hold together.
    var memoryLimit = SpoolBounds().memoryBytes

    private var orders: [AppendOrder] = []
    private var first = 0
    /// What the frames hold that wait.
    private(set) var memoryBytes = 0

    var isEmpty: Bool { first == orders.count }

    mutating func add(_ order: AppendOrder) {
        orders.append(order)
        memoryBytes += order.memoryBytes
    }

    /// Gives whole groups up until the rest is within the limit: first those whose most urgent
    /// reading is the least urgent, then the oldest. What is in the spool of such a group stays.
    mutating func shrink() -> [DroppedGroup] {
        var dropped: [DroppedGroup] = []
        while memoryBytes > memoryLimit, let group = leastUrgent { dropped.append(drop(group)) }
        return dropped
    }

    private var leastUrgent: GroupIdentity? {
        // In the order of their first frames, and the urgency of their most urgent one.
        var groups: [(identity: GroupIdentity, urgency: Int)] = []
        var positions: [GroupIdentity: Int] = [:]
        for order in orders[first...] {
            guard case .frame(let frame) = order else { continue }
            let identity = frame.header.frame.group
            let urgency = frame.urgency
            if let i = positions[identity] {
                groups[i].urgency = min(groups[i].urgency, urgency)
            } else {
                positions[identity] = groups.count
                groups.append((identity, urgency))
            }
        }
        guard let worst = groups.map(\.urgency).max() else { return nil }
        return groups.first { $0.urgency == worst }?.identity
    }

    private mutating func drop(_ group: GroupIdentity) -> DroppedGroup {
        var dropped = DroppedGroup(group: group)
        var isWhole = false
        var kept: [AppendOrder] = []
        for order in orders[first...] {
            switch order {
            case .frame(let frame) where frame.header.frame.group == group:
                dropped.readings += Int(frame.header.readings)
                memoryBytes -= order.memoryBytes
                if frame.isKey { isWhole = true }
            case .close(group):
                // The spool knows nothing of a group that never began.
                if !isWhole { kept.append(order) }
            case .frame, .close, .table: kept.append(order)
            }
        }
        orders = kept
        first = 0
        return dropped
    }

    /// Gives back what waits.
    mutating func takeAll() -> [AppendOrder] {
        defer {
            orders.removeAll(keepingCapacity: true)
            first = 0
            memoryBytes = 0
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
            memoryBytes -= orders[first].memoryBytes
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
