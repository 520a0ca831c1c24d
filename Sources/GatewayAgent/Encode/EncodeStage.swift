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
    /// Frames were given up since the disk refused.
    var isMemoryFull = false
    /// Why the disk refused the last order; nil while it takes them.
    package internal(set) var storeFault: SpoolError?
    /// The spool was full when last asked.
    package internal(set) var isFull = false

    let spool: SharedSpool
    let shared: AgentShared
    /// What is decided of each reading.
    var gate: ReadingGate
    /// The kernel says that the wall clock follows one that is right.
    package var isClockSynchronised = false
    /// How soon a data frame must be on the disk; nil for whenever.
    var dataSync: Duration?
    let nodeHash: UInt32
    var data: LaneEncoder
    var alert: LaneEncoder
    var deferred: LaneEncoder
    var groups: GroupPolicy
    var tableDelay: TableDelay
    /// Sensors that have a place in the tables of windows and groups.
    var knownSensors = 0
    var table: AgentTable?
    /// What the newest table says of sensors holds no longer.
    var isTableOld = false
    /// One count for all lanes: the head of a chained frame names no lane.
    var nextGroup: UInt32
    var openGroup: GroupIdentity?
    var queue = AppendQueue()
    /// Lines and readings looked at so far, of the input that has places.
    var readMark = InputMark()
    /// What became of readings since the counts were last told.
    var tally = ReadingTally()
    /// When to try the disk again after it failed.
    var retryAt: MonotonicInstant?
    var link = LinkState()
    var clock = ClockWatch()
    /// From the clock that never jumps to the time of day; nil until that was told.
    var wallOffset: Int64?
    /// The group has no room for another reading of one of its sensors.
    var isWindowFull = false
    private var nextLook = MonotonicInstant(nanoseconds: 0)
    /// Sensors and sources are looked at so often.
    private static let lookInterval = Duration.seconds(1)

    /// A stage whose first group has a number made of `random`.
    package init(
        _ settings: AgentSettings, spool: SharedSpool, shared: AgentShared, random: UInt64
    ) {
        self.spool = spool
        self.shared = shared
        gate = ReadingGate(settings)
        dataSync = settings.durability.syncWithin
        nodeHash = Self.nodeHash(settings)
        nextGroup = UInt32(truncatingIfNeeded: random & 0x0FFF_FFFF)
        let windows = settings.windows
        data = LaneEncoder(
            StreamHead(id: shared.stream, lane: .data, nodeHash: nodeHash), windows.limits(.data),
            rehearses: settings.publishesReadings)
        alert = LaneEncoder(
            StreamHead(id: shared.stream, lane: .alert, nodeHash: nodeHash),
            windows.limits(.alert), readingCap: Self.alertReadings,
            rehearses: settings.publishesReadings)
        deferred = LaneEncoder(
            StreamHead(id: shared.stream, lane: .deferred, nodeHash: nodeHash),
            windows.limits(.deferred), readingCap: Self.deferredReadings, rehearses: false)
        groups = GroupPolicy(windows.groupLimits)
        tableDelay = TableDelay(windows.tableDelay)
        queue.waits = settings.spool.waits(for: settings.inputs)
        queue.memoryLimit = settings.spool.memoryBytes
    }

    /// Whether frames wait for the spool: who can, should bring no readings.
    package var isBlocked: Bool { !queue.isEmpty }

    /// Whether windows stay open, as frames wait for room. Those that wait for a disk that refuses
    /// are followed by more, within a bound.
    var isHeld: Bool { isBlocked && (isFull || storeFault == nil) }

    /// Whether all readings are in the spool.
    package var isEmpty: Bool {
        data.window.isEmpty && alert.window.isEmpty && deferred.window.isEmpty && queue.isEmpty
    }

    /// The most readings of a frame of alerts.
    private static let alertReadings = 64
    /// The most readings of a frame that waits to be asked for.
    private static let deferredReadings = 1024

    /// Takes over sensors, inputs and windows of other settings. Readings that wait in windows,
    /// and what was learned of sensors, stay.
    package mutating func apply(_ settings: AgentSettings, at now: MonotonicInstant) {
        gate.apply(settings)
        dataSync = settings.durability.syncWithin
        data.policy.setLimits(settings.windows.limits(.data))
        alert.policy.setLimits(settings.windows.limits(.alert))
        deferred.policy.setLimits(settings.windows.limits(.deferred))
        tableDelay.setDelay(settings.windows.tableDelay)
        groups.setLimits(settings.windows.groupLimits)
        queue.waits = settings.spool.waits(for: settings.inputs)
        queue.memoryLimit = settings.spool.memoryBytes
        expectNext()
        // Units and periods may be others.
        isTableOld = true
        tableDelay.sensorAppeared(at: now)
    }

    /// What a read of input number `source` gave is added: alerts leave at once, and the counts
    /// are told. The input has refused so many lines so far, some of them because of their length.
    package mutating func endBatch(
        source: Int = 0, refused: Int = 0, tooLong: Int = 0, at now: MonotonicInstant
    ) {
        gate.noteRefusals(refused, tooLong: tooLong, of: source)
        if alert.isUrgent { closeAlert(at: now) }
        tellCounts()
        gate.tellNews(shared.log)
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
            deferred.setFrameLimit(link.frameLimit)
            expectNext()
        }
        if shared.takeGroupEndRequest() { endGroup(.request) }
        wallOffset = wall.nanoseconds &- now.nanoseconds
        if let step = clock.step(at: now, wall: wall) {
            shared.log.warning("clock.step", "seconds=\(step.nanoseconds / 1_000_000_000)")
            endGroup(.clock)
        }
        if let due = tableDelay.deadline, now >= due { makeTable() }
        if let due = groups.deadline, now >= due { endGroup(.age) }
        if isBlocked { carryOut(at: now) }
        if now >= nextLook { look(at: now) }
        if let due = windowDeadline, now >= due { closeData(at: now) }
        if alert.isUrgent { closeAlert(at: now) }
        if let due = alertDeadline, now >= due { closeAlert(at: now) }
        if let due = deferredDeadline, now >= due { closeDeferred(at: now) }
    }

    /// Looks after sensors, sources and aggregates.
    private mutating func look(at now: MonotonicInstant) {
        nextLook = now + Self.lookInterval
        flushAggregates(at: now, all: false)
        let status = gate.look(at: now, shared.log)
        shared.setValidation(status)
        gate.tellNews(shared.log)
    }

    private mutating func flushAggregates(at now: MonotonicInstant, all: Bool) {
        guard gate.aggregation.openCount > 0, !isHeld else { return }
        var summed: [Reading] = []
        gate.aggregation.flush(at: now, all: all) { summed.append($0) }
        isWindowFull = false
        addAggregates(summed, at: now)
        tellCounts()
        if isWindowFull || data.isFull { closeData(at: now) }
    }

    /// When `advance` has something to do again.
    package var deadline: MonotonicInstant {
        var deadline = min(
            tableDelay.deadline ?? .distantFuture, groups.deadline ?? .distantFuture)
        if !isHeld {
            for due in [windowDeadline, alertDeadline, deferredDeadline] {
                if let due { deadline = min(deadline, due) }
            }
        }
        if let retryAt { deadline = min(deadline, retryAt) }
        return deadline
    }

    /// Nothing more comes: all readings go into frames, and the group ends.
    package mutating func finish(at now: MonotonicInstant) {
        closeAlert(at: now)
        closeDeferred(at: now)
        flushAggregates(at: now, all: true)
        closeData(at: now)
        look(at: now)
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

    private var alertDeadline: MonotonicInstant? { alert.policy.deadline(isConnected: true) }
    private var deferredDeadline: MonotonicInstant? {
        deferred.policy.deadline(isConnected: true)
    }

    mutating func tellCounts() {
        guard !tally.isEmpty else { return }
        let told = tally
        tally = ReadingTally()
        shared.count { told.tell(&$0) }
        shared.progress.note { $0.readReadings += told.all }
    }

    mutating func meetSensors(at now: MonotonicInstant) {
        // Aggregates add to the names on the way.
        gate.meet(&names)
        knownSensors = names.count
        groups.setChannels(names.count)
        tableDelay.sensorAppeared(at: now)
    }
}

extension WindowSettings {
    /// When windows of `lane` close.
    func limits(_ lane: Lane) -> WindowPolicy.Limits {
        switch lane {
        case .data:
            WindowPolicy.Limits(age: age, offlineAge: offlineAge, frameBytes: frameBytes)
        case .alert:
            WindowPolicy.Limits(
                age: .milliseconds(250), offlineAge: .milliseconds(250), frameBytes: frameBytes)
        case .deferred:
            // Nobody waits for them, so what a frame costs is better shared by more readings.
            WindowPolicy.Limits(
                age: .seconds(30), offlineAge: .seconds(30), frameBytes: max(frameBytes, 16 << 10))
        }
    }

    /// When groups end.
    var groupLimits: GroupPolicy.Limits {
        var limits = GroupPolicy.Limits()
        limits.samples = groupSamples
        limits.frames = groupFrames
        limits.age = groupAge
        limits.bytes = groupBytes
        return limits
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
