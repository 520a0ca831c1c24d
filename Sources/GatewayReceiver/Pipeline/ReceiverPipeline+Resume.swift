// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayConfiguration
internal import GatewayCore
internal import HostSystem
internal import StoreAndForward

extension ReceiverPipeline {
    /// Opens journal, tables and checkpoint in the state directory, cuts the sinks to the
    /// checkpoint and decodes what the journal has since.
    static func open(
        _ settings: ReceiverSettings, sinks: [any ReadingSink], seed: UInt64,
        at now: MonotonicInstant
    ) throws(ReceiverError) -> ReceiverPipeline {
        let folder = try files(settings.stateDirectory)
        let tables = try files(settings.stateDirectory + "/tables")
        return try open(
            settings, try openJournal(settings), folder, tables: tables, sinks: sinks, seed: seed,
            at: now)
    }

    /// The same with a journal and files of any kind.
    static func open(
        _ settings: ReceiverSettings, _ journal: consuming Spool<ChosenStorage>,
        _ folder: any StateFiles, tables: any StateFiles, sinks: [any ReadingSink], seed: UInt64,
        at now: MonotonicInstant
    ) throws(ReceiverError) -> ReceiverPipeline {
        let checkpoint = try readCheckpoint(in: folder, settings.stateDirectory)
        var pipeline = ReceiverPipeline(
            settings, journal, folder, try openTables(tables, settings.stateDirectory), sinks,
            seed: seed)
        try pipeline.beginSinks(checkpoint)
        try pipeline.resume(from: checkpoint, at: now)
        return pipeline
    }

    /// `EIO`: the journal was not synced.
    private static let inputOutput: CInt = 5

    /// The journal keeps the groups of many nodes, of which some are always open. All of it has
    /// room in what the settings give it: what is needed, history, and a segment for the rest.
    static func journalBounds(_ settings: ReceiverSettings) -> SpoolSettings {
        let segment = min(1 << 20, settings.journalBytes / 16)
        let history = min(16 << 20, settings.journalBytes / 8)
        var bounds = SpoolSettings(
            maximumBytes: settings.journalBytes - history - 2 * segment, segmentBytes: segment,
            historyBytes: history)
        bounds.crossesSegments = true
        return bounds
    }

    private static func files(_ path: String) throws(ReceiverError) -> FolderFiles {
        do throws(SystemError) {
            return try FolderFiles(path)
        } catch {
            throw .file(path: path, error)
        }
    }

    private static func openTables(
        _ folder: any StateFiles, _ path: String
    ) throws(ReceiverError) -> TableStore {
        do throws(SystemError) {
            return try TableStore(folder)
        } catch {
            throw .file(path: path + "/tables", error)
        }
    }

    private static func openJournal(
        _ settings: ReceiverSettings
    ) throws(ReceiverError) -> Spool<ChosenStorage> {
        let path = settings.stateDirectory + "/journal"
        do throws(SpoolError) {
            return try Spool(
                ChosenStorage(PosixStorage(directory: path)), journalBounds(settings))
        } catch {
            throw .journal(path: path, error)
        }
    }

    private static func readCheckpoint(
        in folder: any StateFiles, _ parent: String
    ) throws(ReceiverError) -> Checkpoint? {
        let path = parent + "/" + checkpointName
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try folder.content(checkpointName, limit: checkpointLimit)
        } catch {
            throw .file(path: path, error)
        }
        guard let bytes else { return nil }
        do throws(CheckpointError) {
            return try Checkpoint(bytes)
        } catch {
            throw .checkpoint(path: path, error)
        }
    }

    private mutating func beginSinks(_ checkpoint: Checkpoint?) throws(ReceiverError) {
        framesEnd = journal.endPlace
        for sink in sinks {
            let known = checkpoint?.sinks.first {
                $0.path == sink.path && $0.format == sink.format
            }
            var feed = SinkFeed()
            // A sink that is new gets what comes from now on.
            feed.place = known?.place ?? checkpoint?.place ?? 0
            feed.waiting = known?.waiting ?? [:]
            feed.owed = known?.owed ?? []
            guard let sink = sink as? TextSink else {
                sink.feed = feed
                continue
            }
            do throws(SystemError) {
                let missing = try sink.begin(offset: known?.offset, feed)
                if missing > 0 { note("sink.shorter", "path=\(sink.path) bytes=\(missing)") }
            } catch {
                throw .file(path: sink.path, error)
            }
        }
    }

    private mutating func resume(
        from checkpoint: Checkpoint?, at now: MonotonicInstant
    ) throws(ReceiverError) {
        let recovery = journal.recovery
        note(
            "journal.opened",
            "segments=\(recovery.segments) records=\(recovery.records) "
                + "torn_bytes=\(recovery.tornBytes) bad_records=\(recovery.badRecords)")
        for node in checkpoint?.nodes ?? [] {
            guard let address = NodeAddress(node.prefix + NodeTopic.heads.suffix) else { continue }
            var known = KnownNode(address, streams: node.streams)
            known.link = min(max(node.link, 0), max(settings.brokers.count - 1, 0))
            // What was asked for in another life need not be asked for again.
            known.historyAsked = node.streams.map(\.stream)
            nodePlaces[known.prefix] = nodes.count
            nodes.append(known)
        }
        do throws(SpoolError) {
            try replay(from: checkpoint?.place ?? 0, at: now)
            try settleRecovered()
        } catch {
            throw .journal(path: settings.stateDirectory + "/journal", error)
        }
        // Before anything comes there must be a checkpoint: without one a kill could not tell
        // what this life added to a file.
        guard syncJournal(), self.checkpoint(at: now) else {
            let path = settings.stateDirectory + "/" + Self.checkpointName
            throw .file(path: path, failure ?? SystemError(code: Self.inputOutput))
        }
        for sink in sinks {
            for (group, entry) in sink.feed.waiting { askForTable(entry.table, node: group.node) }
        }
        requests.auditAt = now + .seconds(2)
        commit(at: now)
    }

    private mutating func askForTable(_ table: UInt32, node: Int) {
        if tables.find(table, prefix: nodes[node].prefix) != nil {
            release(table, node: node)
        } else {
            requests.wantTable(table, node: node)
        }
    }

    /// Learns from the journal what came after the checkpoint. Nothing is decoded: the sinks come
    /// for it, each at its own pace.
    private mutating func replay(
        from start: UInt64, at now: MonotonicInstant
    ) throws(SpoolError) {
        var place = start
        var bytes: [UInt8] = []
        var frames = 0
        while let item = try nextRecord(from: &place, includingHistory: true) {
            guard item.header.kind == .frame,
                let address = NodeAddress(String(decoding: item.header.prefix, as: UTF8.self)),
                let node = self.place(of: address)
            else { continue }
            do throws(SpoolError) {
                try journal.read(item, into: &bytes)
            } catch {
                note("journal.unreadable", "error=\(error)")
                continue
            }
            guard let head = try? FrameHead(bytes.span) else { continue }
            frames += 1
            let frame = item.header.frame
            switch nodes[node].tracker.judge(head, lane: nil) {
            case .begins(frame), .follows(frame):
                let consequences = nodes[node].tracker.accept(frame, key: head.key)
                follow(consequences, of: frame, node: node, at: now)
            case .begins, .follows, .duplicate, .early, .refused: continue
            }
        }
        if frames > 0 { note("journal.replayed", "frames=\(frames)") }
    }

    /// Groups that were whole before the end of the last life, and are not history yet.
    private mutating func settleRecovered() throws(SpoolError) {
        var seen: Set<GroupIdentity> = []
        var place: UInt64 = 0
        while let item = try nextRecord(from: &place, includingHistory: false) {
            let group = item.header.frame.group
            guard item.header.kind == .frame, seen.insert(group).inserted else { continue }
            let isOpen = nodes.contains {
                $0.tracker.memory(of: group)?.isOpen(group.group) == true
            }
            if !isOpen { settled.append((group, framesEnd)) }
        }
    }
}
