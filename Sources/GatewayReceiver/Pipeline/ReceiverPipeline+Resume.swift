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
        _ settings: ReceiverSettings, sinks: [TextSink], seed: UInt64, at now: MonotonicInstant
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
        _ folder: any StateFiles, tables: any StateFiles, sinks: [TextSink], seed: UInt64,
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

    /// The journal keeps the groups of many nodes, of which some are always open.
    static func journalBounds(_ settings: ReceiverSettings) -> SpoolSettings {
        var bounds = SpoolSettings(maximumBytes: settings.journalBytes)
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
            bytes = try folder.content(checkpointName, limit: 64 << 20)
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
        for sink in sinks {
            let known = checkpoint?.sinks.first {
                $0.path == sink.path && $0.format == sink.format.rawValue
            }
            do throws(SystemError) {
                let missing = try sink.begin(at: known?.offset)
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
            known.waiting = node.waiting
            // What was asked for in another life need not be asked for again.
            known.historyAsked = node.streams.map(\.stream)
            nodePlaces[known.prefix] = nodes.count
            nodes.append(known)
        }
        do throws(SpoolError) {
            try replay(
                filesFrom: checkpoint?.place ?? 0, topicsFrom: checkpoint?.topicPlace ?? 0, at: now)
            try settleRecovered()
        } catch {
            throw .journal(path: settings.stateDirectory + "/journal", error)
        }
        for node in nodes.indices {
            for group in nodes[node].waiting {
                if tables.find(group.table, prefix: nodes[node].prefix) != nil {
                    release(group.table, node: node)
                } else {
                    requests.wantTable(group.table, node: node)
                }
            }
        }
        requests.auditAt = now + .seconds(2)
        commit(at: now)
        // Before anything comes there must be a checkpoint: without one a kill could not tell
        // what this life added to a file.
        guard self.checkpoint(at: now) || isOutputClosed else {
            let path = settings.stateDirectory + "/" + Self.checkpointName
            throw .file(path: path, failure ?? SystemError(code: Self.inputOutput))
        }
    }

    private mutating func replay(
        filesFrom filePlace: UInt64, topicsFrom topicPlace: UInt64, at now: MonotonicInstant
    ) throws(SpoolError) {
        let wantedTopicPlace = topics == nil ? UInt64.max : topicPlace
        var place = min(filePlace, wantedTopicPlace)
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
            redo(
                item, bytes, head, node: node, forFiles: item.place >= filePlace,
                forTopics: item.place >= wantedTopicPlace, at: now)
            if sinks.contains(where: { $0.waitingBytes >= Self.flushBytes }) { _ = writeSinks() }
        }
        if frames > 0 { note("journal.decoded", "frames=\(frames) readings=\(counts.readings)") }
    }

    private mutating func redo(
        _ item: SpoolItem, _ bytes: [UInt8], _ head: FrameHead, node: Int, forFiles: Bool,
        forTopics: Bool, at now: MonotonicInstant
    ) {
        let frame = item.header.frame
        var consequences: SequenceTracker.Consequences?
        if forFiles {
            switch nodes[node].tracker.judge(head, lane: nil) {
            case .begins(frame), .follows(frame):
                consequences = nodes[node].tracker.accept(frame, key: head.key)
            case .begins, .follows, .duplicate, .early, .refused: return
            }
        }
        let group = NodeGroup(node: node, group: frame.group)
        if !head.isKey, context(of: group, at: frame.index) == nil {
            return note("group.lost", "group=\(frame.group.group)")
        }
        decode(
            bytes, frame, head, node: node,
            FrameOrigin(link: 0, isHistory: item.header.isHistory), place: item.place,
            forFiles: forFiles, forTopics: forTopics)
        guard let consequences else { return }
        isChanged = true
        follow(consequences, of: frame, node: node, at: now)
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
            if !isOpen { settled.append((group, journal.endPlace)) }
        }
    }
}
