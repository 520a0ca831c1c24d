// SPDX-License-Identifier: Apache-2.0

package import AlecCodec
package import GatewayConfiguration
package import GatewayCore
package import HostSystem
package import StoreAndForward
internal import Synchronization

/// What the link says of itself to those who make frames.
package struct LinkState: Equatable, Sendable {
    /// Offline, windows are larger.
    package var isConnected = false
    /// The most bytes of a frame that the broker takes, or the latest took; nil for no limit.
    package var frameLimit: Int?

    /// Not connected, no limit.
    package init(isConnected: Bool = false, frameLimit: Int? = nil) {
        self.isConnected = isConnected
        self.frameLimit = frameLimit
    }
}

/// The newest channel table.
package struct AgentTable: Sendable {
    /// Names of the sensors by index.
    package var table: ChannelTable
    /// Counts up with each table of this life, from 1.
    package var version: Int

    /// Number `version` of this life.
    package init(table: ChannelTable, version: Int) {
        self.table = table
        self.version = version
    }

    /// What key frames call it.
    package var id: UInt32 { table.id }
}

/// Readings as a receiver restores them from a frame, to be published one by one.
package struct PublishedBatch: Sendable {
    /// The frame that they are in; with the number of a reading it makes its identity.
    package var frame: FrameIdentity
    package var batch: ReadingBatch
    /// The names behind the sensor indexes.
    package var table: ChannelTable

    /// The readings of `frame`.
    package init(frame: FrameIdentity, batch: ReadingBatch, table: ChannelTable) {
        self.frame = frame
        self.batch = batch
        self.table = table
    }
}

/// How far the agent's life is.
package enum AgentPhase: Equatable, Sendable {
    case running
    /// Nothing more comes in; whatever is read is to be framed and appended.
    case stopping
    /// All is appended and all groups are closed; acknowledgements are awaited until the moment.
    case draining(until: MonotonicInstant)
    /// The threads are to end.
    case ended
}

/// What the agent's threads tell each other.
///
/// Each thread owns its state and looks here when its flag was raised. The locks are held for a
/// few instructions and never around a call into the system or a library.
package final class AgentShared: Sendable {
    /// This life of the encoder.
    package let stream: StreamID
    /// `alec/v1/site/node/`, as in topics.
    package let topicPrefix: [UInt8]
    package let log: AgentLog
    package let wakeIngest: EventFlag
    package let wakeSync: EventFlag
    package let wakeLink: EventFlag
    package let wakeMain: EventFlag
    /// Readings for `data/<sensor>`; nil where nobody wants them.
    package let readings: BatchRing<PublishedBatch>?
    package let progress: ProgressPage
    /// When this life began.
    package let start: MonotonicInstant

    private struct State: Sendable {
        var link = LinkState()
        var phase = AgentPhase.running
        var table: AgentTable?
        var groupEndIsRequested = false
        var awaitsRoom = false
        var syncDeadline: MonotonicInstant?
        var lines = LineCounts()
        var sources: [SourceReport] = []
        var lanes: [Lane: (frames: Int, bytes: Int)] = [:]
        var validation = ValidationStatus()
        var hasStoreFault = false
        var hasSyncFault = false
        var ended = EndedThreads()
        var heartbeat = MonotonicInstant(nanoseconds: 0)
        var release: SettingsRelease?
        var board = SourceBoard()
        var linkReport = LinkReport()
        var health: HealthMonitor?
    }

    /// Which threads have come to their end.
    package struct EndedThreads: Equatable, Sendable {
        package var ingest = false
        package var link = false
    }

    /// The present moment.
    private let instant: @Sendable () -> MonotonicInstant
    private let state: Mutex<State>
    private let counts: Mutex<ReadingCounts>

    /// What the threads of one life share.
    package init(
        stream: StreamID, topicPrefix: [UInt8], log: AgentLog, progress: ProgressPage,
        publishesReadings: Bool,
        instant: @escaping @Sendable () -> MonotonicInstant = { MonotonicClock.instant }
    ) throws(SystemError) {
        self.instant = instant
        start = instant()
        self.stream = stream
        self.topicPrefix = topicPrefix
        self.log = log
        self.progress = progress
        wakeIngest = try EventFlag()
        wakeSync = try EventFlag()
        wakeLink = try EventFlag()
        wakeMain = try EventFlag()
        readings = publishesReadings ? try BatchRing(capacity: Self.readingBatches) : nil
        state = Mutex(State())
        counts = Mutex(ReadingCounts())
    }

    /// Batches that wait to be published one reading at a time; beyond it they are left to
    /// receivers, which restore them from the frames.
    private static let readingBatches = 64

    // MARK: link to ingest

    /// How the link is.
    package var link: LinkState { state.withLock { $0.link } }

    /// The link changed.
    package func setLink(_ link: LinkState) {
        state.withLock { $0.link = link }
        wakeIngest.raise()
    }

    /// The next data frame is to be a key frame.
    package func requestGroupEnd() {
        state.withLock { $0.groupEndIsRequested = true }
        wakeIngest.raise()
    }

    /// Groups were removed from the spool: what waited for room may try again.
    package func roomMayHaveAppeared() {
        let isAwaited = state.withLock { state in
            guard state.awaitsRoom else { return false }
            state.awaitsRoom = false
            return true
        }
        if isAwaited { wakeIngest.raise() }
    }

    /// The ingest waits for room in the spool; asked before it looks for the last time.
    package func awaitRoom() { state.withLock { $0.awaitsRoom = true } }

    /// Whether a group end was asked for since the last look.
    package func takeGroupEndRequest() -> Bool {
        state.withLock { state in
            defer { state.groupEndIsRequested = false }
            return state.groupEndIsRequested
        }
    }

    // MARK: ingest to link and sync

    /// The newest table; nil before the first.
    package var table: AgentTable? { state.withLock { $0.table } }

    /// A new table is in use.
    package func setTable(_ table: AgentTable) { state.withLock { $0.table = table } }

    /// What was appended is to be on the disk within `span`.
    package func requestSync(within span: Duration) {
        let now = instant()
        let isEarlier = state.withLock { state in
            let deadline = now + span
            if let known = state.syncDeadline, known <= deadline { return false }
            state.syncDeadline = deadline
            return true
        }
        if isEarlier { wakeSync.raise() }
    }

    /// When the next sync is due; nil where nothing waits for one.
    package var syncDeadline: MonotonicInstant? { state.withLock { $0.syncDeadline } }

    /// A sync begins, which covers all that was asked for until now.
    package func syncBegins() { state.withLock { $0.syncDeadline = nil } }

    // MARK: life

    /// How far the life is.
    package var phase: AgentPhase { state.withLock { $0.phase } }

    /// Goes on to `phase` and tells everyone; never back.
    package func advance(to phase: AgentPhase) {
        state.withLock { state in
            switch (state.phase, phase) {
            case (_, .running), (.draining, .stopping), (.ended, _): break
            case (_, .stopping), (_, .draining), (_, .ended): state.phase = phase
            }
        }
        for flag in [wakeIngest, wakeSync, wakeLink, wakeMain] { flag.raise() }
    }

    /// Which threads have ended.
    package var ended: EndedThreads { state.withLock { $0.ended } }

    /// The link's last word.
    package func linkEnded() {
        state.withLock { $0.ended.link = true }
        wakeMain.raise()
    }

    /// The ingest's last word.
    package func ingestEnded() {
        state.withLock { $0.ended.ingest = true }
        wakeMain.raise()
    }

    /// The ingest thread came by; a watchdog asks when it last did.
    package func beat(at now: MonotonicInstant) { state.withLock { $0.heartbeat = now } }

    /// When the ingest thread last came by.
    package var heartbeat: MonotonicInstant { state.withLock { $0.heartbeat } }

    // MARK: settings

    /// The newest settings, if they are newer than number `version`. Who takes them keeps their
    /// number; 0 is that of the settings at the start.
    package func settings(after version: Int) -> SettingsRelease? {
        state.withLock { state in
            state.release.flatMap { $0.version > version ? $0 : nil }
        }
    }

    /// Other settings hold from now on.
    package func release(_ settings: AgentSettings) {
        state.withLock { state in
            let version = (state.release?.version ?? 0) + 1
            state.release = SettingsRelease(version: version, settings: settings)
        }
        for flag in [wakeIngest, wakeLink] { flag.raise() }
    }

    // MARK: what is told to people

    /// The inputs, as a page shows them.
    func sources(at now: MonotonicInstant) -> [StatusPage.Source] {
        state.withLock { $0.board.page(at: now) }
    }

    /// How the connection is.
    package var linkReport: LinkReport { state.withLock { $0.linkReport } }

    /// The connection is so now.
    package func setLinkReport(_ report: LinkReport) {
        state.withLock { $0.linkReport = report }
    }

    /// How the node is, as the link thread judged; nil where it has not, or there is none.
    package var health: HealthMonitor? { state.withLock { $0.health } }

    /// The node is so now.
    package func setHealth(_ health: HealthMonitor) { state.withLock { $0.health = health } }

    // MARK: counts

    /// Moves readings from one place to another.
    package func count(_ change: (inout ReadingCounts) -> Void) {
        counts.withLock { change(&$0) }
    }

    /// The spool was opened. What a kill left in it may not be on the disk, and alerts wait for
    /// that.
    package func recovered(_ recovery: SpoolRecovery) {
        count { $0.recover(recovery.pendingReadings) }
        if recovery.records > 0 { requestSync(within: .zero) }
    }

    /// Where all readings are.
    package var readingCounts: ReadingCounts { counts.withLock { $0 } }

    /// What became of the lines of all inputs.
    package var lineCounts: LineCounts { state.withLock { $0.lines } }

    /// The lines of all inputs so far.
    package func setLines(_ lines: LineCounts) { state.withLock { $0.lines = lines } }

    /// Each input with its counts, in the order of the settings.
    package var sources: [SourceReport] { state.withLock { $0.sources } }

    /// How the inputs are now.
    package func setSources(_ sources: [SourceReport]) {
        let now = instant()
        state.withLock { state in
            state.sources = sources
            state.board.update(sources, at: now)
        }
    }

    /// How sound the readings are.
    package var validation: ValidationStatus { state.withLock { $0.validation } }

    /// Sensors and sources were looked at.
    package func setValidation(_ status: ValidationStatus) {
        state.withLock { $0.validation = status }
    }

    /// A frame of `bytes` was appended.
    package func frameAppended(bytes: Int, lane: Lane = .data) {
        state.withLock { state in
            let known = state.lanes[lane] ?? (0, 0)
            state.lanes[lane] = (known.frames + 1, known.bytes + bytes)
        }
        wakeLink.raise()
    }

    /// Frames of this life and their bytes.
    package var frameTotals: (frames: Int, bytes: Int) {
        state.withLock { state in
            state.lanes.values.reduce((0, 0)) { ($0.0 + $1.frames, $0.1 + $1.bytes) }
        }
    }

    /// The same for one lane.
    package func frameTotals(of lane: Lane) -> (frames: Int, bytes: Int) {
        state.withLock { $0.lanes[lane] ?? (0, 0) }
    }

    /// The spool refused to be written, or does not any more.
    package func setStoreFault(_ isFaulty: Bool) { state.withLock { $0.hasStoreFault = isFaulty } }

    /// The disk refused to be synced, or does not any more.
    package func setSyncFault(_ isFaulty: Bool) { state.withLock { $0.hasSyncFault = isFaulty } }

    /// Whether the last attempt to write or to sync failed.
    package var hasFault: Bool { state.withLock { $0.hasStoreFault || $0.hasSyncFault } }

    /// How far publishing is, for the progress page.
    package func noteProgress(published: UInt64? = nil, acknowledged: UInt64? = nil) {
        progress.update { page in
            if let published { page.published = max(page.published, published) }
            if let acknowledged { page.acknowledged = max(page.acknowledged, acknowledged) }
        }
    }
}
