// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
package import GatewayConfiguration
package import GatewayCore
package import HostSystem
internal import StoreAndForward

/// How a run ended.
package struct AgentOutcome: Equatable, Sendable {
    package var verdict: RunVerdict
    package var readings: ReadingCounts
    package var lines: LineCounts
    /// Frames made and their bytes.
    package var frames: Int
    package var frameBytes: Int
    /// Readings in the spool that nobody has acknowledged.
    package var pendingReadings: Int
}

/// The agent: opens the state directory, starts the threads, and waits for their end.
///
///     main     signals, watchdog, the order of the end
///     ingest   inputs -> readings -> frames -> spool
///     sync     spool -> disk
///     link     spool -> broker; only with a broker
package struct Agent: ~Copyable {
    private let settings: AgentSettings
    private let spool: SharedSpool
    /// What the threads tell each other.
    package let shared: AgentShared
    /// Held until the value goes; nil where the disk has no room for one.
    private let lock: LockFile?
    private let groupRandom: UInt64

    /// Takes the state directory and recovers the spool in it. `random` gives the stream its name
    /// and its first group its number.
    package init(
        _ settings: AgentSettings, log: AgentLog, random: (UInt64, UInt64)
    ) throws(AgentError) {
        let state = StateDirectory(settings.stateDirectory)
        // All at the end, as a value that is not copied is made whole or not at all.
        let lock = try Self.lock(state, log)
        let opened = try Self.openSpool(state, settings, log)
        let recovery = opened.recovery
        let spool = SharedSpool(opened)
        let shared = try Self.share(state, settings, spool, log, StreamID(random: random.0))
        self.settings = settings
        self.lock = lock
        self.spool = spool
        self.shared = shared
        groupRandom = random.1
        shared.recovered(recovery)
        tell(recovery)
    }

    private static func share(
        _ state: StateDirectory, _ settings: AgentSettings, _ spool: SharedSpool, _ log: AgentLog,
        _ stream: StreamID
    ) throws(AgentError) -> AgentShared {
        let page = try openPage(state, spool, log, AgentProgress(stream: stream))
        do throws(SystemError) {
            let prefix = TopicName.prefix(site: settings.site, node: settings.node)
            return try AgentShared(
                stream: stream, topicPrefix: Array(prefix.utf8), log: log, progress: page,
                publishesReadings: settings.publishesReadings)
        } catch {
            throw .stateDirectory(path: state.path, error)
        }
    }

    /// The page of this life; one in memory where the disk takes none, or where it does not take
    /// the page of the life before, which is then the one that stays.
    private static func openPage(
        _ state: StateDirectory, _ spool: SharedSpool, _ log: AgentLog, _ progress: AgentProgress
    ) throws(AgentError) -> ProgressPage {
        do throws(SystemError) {
            try keepPrevious(state, spool)
            return try ProgressPage(state.progress, progress)
        } catch {
            // Without its folder there is no file either.
            guard error.isDiskFault || error.isAbsence else {
                throw .stateDirectory(path: state.path, error)
            }
            log.error("state.unwritable", "file=progress errno=\(error.code)")
            return ProgressPage(progress)
        }
    }

    /// Runs until the inputs are over or a signal comes, and until what was read is safe.
    /// `stream` is read where the settings say stdin, `surroundings` says who may ask what.
    package consuming func run(
        stream: OpenSource, notifier: ServiceNotifier,
        surroundings: AgentSurroundings = AgentSurroundings()
    ) throws(AgentError) -> AgentOutcome {
        do throws(SystemError) {
            // Before any thread, so that all leave signals to this one.
            let signals = try SignalSource()
            let sync = try startSync()
            let link = try startLink()
            let ingest = try startIngest(stream)
            let control = ControlStage(
                settings, surroundings, spool: spool, shared: shared)
            notifier.ready()
            shared.log.info(
                "run.started",
                "site=\(settings.site) node=\(settings.node) "
                    + "broker=\(settings.broker.map { "\($0.host):\($0.port)" } ?? "none")")
            var main = MainLoop(
                shared: shared, signals: signals, notifier: notifier, control: control,
                hasLink: settings.broker != nil)
            main.run()
            ingest.join()
            // A link that is stuck in a name server's silence is left behind.
            switch consume link {
            case .some(let thread): if shared.ended.link { thread.join() }
            case nil: break
            }
            sync.join()
        } catch {
            throw .system(error)
        }
        return outcome()
    }

    private func startSync() throws(SystemError) -> WorkerThread {
        let (spool, shared) = (spool, shared)
        return try WorkerThread.start(name: "sync") {
            var stage = SyncStage(spool: spool, shared: shared)
            stage.run()
        }
    }

    private func startLink() throws(SystemError) -> WorkerThread? {
        guard settings.broker != nil else { return nil }
        let stage = PublishStage(settings: settings, spool: spool, shared: shared)
        return try WorkerThread.start(name: "link") { stage.run() }
    }

    private func startIngest(
        _ source: OpenSource
    ) throws(SystemError) -> WorkerThread {
        let (settings, spool, shared, random) = (settings, spool, shared, groupRandom)
        return try WorkerThread.start(name: "ingest") {
            let encode = EncodeStage(settings, spool: spool, shared: shared, random: random)
            var stage = IngestStage(settings, stream: source, encode: encode, shared: shared)
            stage.run()
        }
    }

    private static func lock(
        _ state: StateDirectory, _ log: AgentLog
    ) throws(AgentError) -> LockFile? {
        do throws(SystemError) {
            try FileOperation.createFolder(state.path)
            guard let lock = try LockFile.acquire(state.lock) else {
                throw SystemError(code: Self.lockedCode)
            }
            return lock
        } catch {
            if error.code == lockedCode { throw .stateInUse(path: state.path) }
            guard error.isDiskFault else { throw .stateDirectory(path: state.path, error) }
            // The folder of the spool has a lock of its own, which needs no file.
            log.error("state.unwritable", "file=lock errno=\(error.code)")
            return nil
        }
    }

    /// No `errno`: stands for the lock that another process has.
    private static let lockedCode: CInt = -1

    private static func openSpool(
        _ state: StateDirectory, _ settings: AgentSettings, _ log: AgentLog
    ) throws(AgentError) -> Spool<ChosenStorage> {
        let bounds = SpoolSettings(settings.spool, isDurable: settings.durability != .ram)
        do throws(SpoolError) {
            var spool = try open(state, bounds, log)
            spool.noteTime(WallClock.nanoseconds)
            return spool
        } catch {
            if error == .inUse { throw .stateInUse(path: state.path) }
            throw .spool(path: state.spool, error)
        }
    }

    /// A full or broken disk is a state: then the spool is opened with its first segment.
    private static func open(
        _ state: StateDirectory, _ bounds: SpoolSettings, _ log: AgentLog
    ) throws(SpoolError) -> Spool<ChosenStorage> {
        do throws(SpoolError) {
            return try Spool(ChosenStorage(PosixStorage(directory: state.spool)), bounds)
        } catch {
            // Without the state directory, which is told already, it has no place.
            guard error.isDiskFault || !FileOperation.isFolder(state.path) else { throw error }
            log.error("state.unwritable", "file=spool error=\(error)")
            let late = LateStorage { () throws(SpoolError) in
                try? FileOperation.createFolder(state.path)
                return ChosenStorage(try PosixStorage(directory: state.spool))
            }
            return try Spool(ChosenStorage(late), bounds)
        }
    }

    /// Says what is true of the life before, which a kill may have left open, and keeps it.
    private static func keepPrevious(
        _ state: StateDirectory, _ spool: SharedSpool
    ) throws(SystemError) {
        guard let page = try StateDirectory.progress(at: state.progress) else { return }
        let resolved = spool.with { page.resolved(in: &$0) }
        try FileOperation.replace(state.previousProgress, with: resolved.page.span)
    }

    private func tell(_ recovery: SpoolRecovery) {
        guard recovery.records > 0 || recovery.unreadableSegments > 0 else { return }
        let fields =
            "segments=\(recovery.segments) groups=\(recovery.pendingGroups) "
            + "readings=\(recovery.pendingReadings) torn_bytes=\(recovery.tornBytes) "
            + "bad_records=\(recovery.badRecords) bad_bytes=\(recovery.badBytes)"
        if recovery.badRecords + recovery.unreadableSegments > 0 {
            shared.log.error(
                "spool.damaged", fields + " unreadable=\(recovery.unreadableSegments)")
        } else {
            shared.log.info("spool.recovered", fields)
        }
    }

    private func outcome() -> AgentOutcome {
        let pending = spool.with { $0.statistics.pendingReadings }
        let (readings, lines, totals) =
            (shared.readingCounts, shared.lineCounts, shared.frameTotals)
        let verdict = RunVerdict(
            readings: readings, lines: lines, hasBroker: settings.broker != nil,
            isStoreSound: !shared.hasFault, pendingReadings: pending)
        return AgentOutcome(
            verdict: verdict, readings: readings, lines: lines, frames: totals.frames,
            frameBytes: totals.bytes, pendingReadings: pending)
    }
}
