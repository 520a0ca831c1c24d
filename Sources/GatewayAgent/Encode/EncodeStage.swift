// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
package import GatewayConfiguration
package import GatewayCore
package import LineProtocols
package import StoreAndForward

/// Readings to frames in the spool: windows, groups, channel tables.
///
/// Belongs to the ingest thread. Readings of one line stay in one frame of their lane. Nothing is
/// decided by looking at a clock: whoever calls brings the time.
package struct EncodeStage: ~Copyable {
    /// All sensors of the node; readers add to it.
    package var names = SensorNames()
    /// Why the disk refused the last order; nil while it takes them.
    package internal(set) var storeFault: SpoolError?
    /// The spool was full when last asked.
    package internal(set) var isFull = false

    let spool: SharedSpool
    let shared: AgentShared
    var rules: RuleBook
    /// How soon a data frame must be on the disk; nil for whenever.
    let dataSync: Duration?
    let nodeHash: UInt32
    var data: LaneEncoder
    var alert: LaneEncoder
    var groups: GroupPolicy
    var tableDelay: TableDelay
    /// Sensors that have a place in the tables of windows and groups.
    var knownSensors = 0
    var table: AgentTable?
    /// One count for all lanes: the head of a chained frame names no lane.
    var nextGroup: UInt32
    var openGroup: GroupIdentity?
    var queue = AppendQueue()
    /// Lines and readings looked at so far, of the input that has places.
    var readMark = InputMark()
    /// Readings that were added since the counts were last told.
    var untold = 0
    /// When to try the disk again after it failed.
    var retryAt: MonotonicInstant?
    var link = LinkState()
    var clock = ClockWatch()

    /// A stage whose first group has a number made of `random`.
    package init(
        _ settings: AgentSettings, spool: SharedSpool, shared: AgentShared, random: UInt64
    ) {
        self.spool = spool
        self.shared = shared
        rules = RuleBook(settings.rules)
        dataSync = settings.durability.syncWithin
        nodeHash = Self.nodeHash(settings)
        nextGroup = UInt32(truncatingIfNeeded: random & 0x0FFF_FFFF)
        let windows = settings.windows
        let limits = WindowPolicy.Limits(
            age: windows.age, offlineAge: windows.offlineAge, frameBytes: windows.frameBytes)
        data = LaneEncoder(
            StreamHead(id: shared.stream, lane: .data, nodeHash: nodeHash), limits,
            rehearses: settings.publishesReadings)
        alert = LaneEncoder(
            StreamHead(id: shared.stream, lane: .alert, nodeHash: nodeHash), limits,
            rehearses: settings.publishesReadings)
        var group = GroupPolicy.Limits()
        group.samples = windows.groupSamples
        group.frames = windows.groupFrames
        group.age = windows.groupAge
        group.bytes = windows.groupBytes
        groups = GroupPolicy(group)
        tableDelay = TableDelay(windows.tableDelay)
        queue.waits = settings.spool.waits(for: settings.inputs)
    }

    /// Whether frames wait for the spool: who can, should bring no readings.
    package var isBlocked: Bool { !queue.isEmpty }

    /// Whether all readings are in the spool.
    package var isEmpty: Bool { data.window.isEmpty && alert.window.isEmpty && queue.isEmpty }

    /// Adds the readings of a line. `span` is where the line stands, in an input that has places;
    /// `canWait` says that the input waits while the stage is blocked, so that nothing is dropped.
    package mutating func add(
        _ line: borrowing LineReadings, span: Range<InputMark>?, canWait: Bool,
        at now: MonotonicInstant
    ) {
        if let span { readMark = span.upperBound }
        guard line.count > 0 else { return }
        if names.count > knownSensors { meetSensors(at: now) }
        if isBlocked && !canWait && (data.isFull || alert.isFull) {
            shared.count { $0.refuse(line.count, .spoolFull) }
            groups.requestEnd(.drop)
            return
        }
        var isWindowFull = false
        for item in line.items {
            let reading = Reading(sensor: item.sensor, time: item.time, value: item.value)
            if rules.isCritical(reading) {
                alert.add(reading, before: span?.lowerBound, at: now)
            } else {
                data.add(reading, before: span?.lowerBound, at: now)
                if groups.add(item.sensor) { isWindowFull = true }
            }
        }
        untold += line.count
        if isWindowFull || data.isFull { closeData(at: now) }
        if alert.isFull { closeAlert(at: now) }
    }

    /// What a read gave is added: alerts leave at once, and the counts are told.
    package mutating func endBatch(at now: MonotonicInstant) {
        if !alert.window.isEmpty { closeAlert(at: now) }
        tellCounts()
        let mark = readMark
        shared.progress.note { $0.read = mark }
    }

    /// Does what is due, and looks what the link said.
    package mutating func advance(to now: MonotonicInstant, wall: WallTime) {
        let link = shared.link
        if link != self.link {
            self.link = link
            data.setFrameLimit(link.frameLimit)
            alert.setFrameLimit(link.frameLimit)
            expectNext()
        }
        if shared.takeGroupEndRequest() { endGroup(.request) }
        if let step = clock.step(at: now, wall: wall) {
            shared.log.warning("clock.step", "seconds=\(step.nanoseconds / 1_000_000_000)")
            endGroup(.clock)
        }
        if let due = tableDelay.deadline, now >= due { makeTable() }
        if let due = groups.deadline, now >= due { endGroup(.age) }
        if isBlocked { carryOut(at: now) }
        if let due = windowDeadline, now >= due { closeData(at: now) }
        if !alert.window.isEmpty { closeAlert(at: now) }
    }

    /// When `advance` has something to do again.
    package var deadline: MonotonicInstant {
        var deadline = min(
            tableDelay.deadline ?? .distantFuture, groups.deadline ?? .distantFuture)
        if !isBlocked, let windowDeadline { deadline = min(deadline, windowDeadline) }
        if let retryAt { deadline = min(deadline, retryAt) }
        return deadline
    }

    /// Nothing more comes: all readings go into frames, and the group ends.
    package mutating func finish(at now: MonotonicInstant) {
        closeAlert(at: now)
        closeData(at: now)
        guard !isBlocked else { return }
        if let group = openGroup {
            openGroup = nil
            queue.add(.close(group))
            carryOut(at: now)
        }
        // What came behind the last reading needs no frame.
        let mark = readMark
        shared.progress.update { page in
            page.read = mark
            page.appended = mark
        }
    }

    /// A window with new sensors waits until these have been gathered.
    private var windowDeadline: MonotonicInstant? {
        guard let window = data.policy.deadline(isConnected: link.isConnected) else { return nil }
        return max(window, tableDelay.deadline ?? window)
    }

    mutating func tellCounts() {
        guard untold > 0 else { return }
        let count = untold
        untold = 0
        shared.count { $0.take(count) }
        shared.progress.note { $0.readReadings += count }
    }

    private mutating func meetSensors(at now: MonotonicInstant) {
        groups.setChannels(names.count)
        rules.meet(names, from: knownSensors)
        knownSensors = names.count
        tableDelay.sensorAppeared(at: now)
    }
}

extension Durability {
    /// How soon a frame must be on the disk; nil for whenever.
    var syncWithin: Duration? {
        switch self {
        case .strict: .seconds(1)
        case .balanced: .seconds(5)
        case .ram: nil
        }
    }
}
