// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayConfiguration
internal import GatewayCore
internal import HostSystem
internal import StoreAndForward

extension ReceiverPipeline {
    /// Syncs the journal, lets what is in it be acknowledged, and gives the sinks work. Each sink
    /// goes as far as it can; none holds up another.
    mutating func commit(at now: MonotonicInstant) {
        self.now = now
        readingsOfTurn = 0
        guard syncJournal() else {
            isBlocked = true
            hasMore = false
            isChanged = true
            lastCheckpoint = now
            return
        }
        for entry in unsynced {
            acks.add(entry.frame, node: entry.node, link: entry.link, at: now)
        }
        unsynced.removeAll(keepingCapacity: true)
        let isDue = now >= lastCheckpoint + Self.checkpointPause
        driveSinks(synchronizing: false, at: now)
        feedSinks(at: now)
        driveSinks(synchronizing: isDue, at: now)
        boundJournal(at: now)
        if isChanged && isDue { checkpoint(at: now) }
    }

    /// Says how far each sink surely is, so that the journal need not be read again up to there.
    /// Whether that is written down.
    @discardableResult
    mutating func checkpoint(at now: MonotonicInstant) -> Bool {
        lastCheckpoint = now
        // What a power cut may take from the journal must not be known as taken.
        guard isJournalOnDisk else { return false }
        do throws(SystemError) {
            try folder.replace(Self.checkpointName, with: makeCheckpoint().bytes.span)
        } catch {
            // What was written is there; it only would be written again after a kill.
            note("checkpoint.failed", "error=\(error.code)")
            failure = error
            return false
        }
        counts.checkpoints += 1
        isChanged = false
        releaseJournal()
        return true
    }

    /// Gives the sinks what there still is, and writes down how far they are. Call it until
    /// `isDelivered`, or until there is no more time.
    mutating func finish(at now: MonotonicInstant) {
        commit(at: now)
        driveSinks(synchronizing: true, at: now)
        checkpoint(at: now)
    }

    /// Nothing below is needed by any sink.
    var safePlace: UInt64 {
        sinks.reduce(framesEnd) { $1.isClosed ? $0 : min($0, $1.safe.feed.place) }
    }

    var isJournalOnDisk: Bool { journal.syncedPlace >= journal.endPlace }

    private func makeCheckpoint() -> Checkpoint {
        var checkpoint = Checkpoint()
        checkpoint.place = framesEnd
        checkpoint.sinks = sinks.map {
            let safe = $0.safe
            return Checkpoint.Sink(
                format: $0.format, offset: safe.offset, path: $0.path,
                place: safe.feed.place, waiting: safe.feed.waiting, owed: safe.feed.owed)
        }
        checkpoint.nodes = nodes.map {
            Checkpoint.Node(prefix: $0.prefix, link: $0.link, streams: $0.tracker.streams)
        }
        return checkpoint
    }

    mutating func syncJournal() -> Bool {
        // After a failed sync there may be no ticket, or one for other files only: what counts is
        // what is on the disk.
        guard let ticket = journal.beginSync() else { return isJournalOnDisk }
        do throws(SpoolError) {
            try ticket.run()
            journal.endSync(ticket)
            return isJournalOnDisk
        } catch {
            journal.failSync(ticket)
            if !isBlocked { note("journal.sync_failed", "error=\(error)") }
            return false
        }
    }

    private mutating func driveSinks(synchronizing: Bool, at now: MonotonicInstant) {
        for case let sink as TextSink in sinks {
            let isSafer = sink.drive(synchronizing: synchronizing, at: now)
            if isSafer || sink.unsynchronizedBytes > 0 { isChanged = true }
            let isFailing = failingSinks.contains(sink.name)
            if let failure = sink.failure, !isFailing {
                failingSinks.insert(sink.name)
                note("sink.blocked", "sink=\(sink.name) error=\(failure.code)")
            } else if sink.failure == nil, isFailing {
                failingSinks.remove(sink.name)
                note("sink.resumed", "sink=\(sink.name)")
            }
        }
    }

    /// Where the journal has nearly all the room that it may have, the sink that is furthest
    /// behind loses what is oldest, if another one is further. If all are equally far behind,
    /// nothing new is taken: then senders keep it.
    private mutating func boundJournal(at now: MonotonicInstant) {
        // Below what the journal takes, so that it is never the journal that refuses first.
        let bound = settings.journalBytes / 8 * 5
        let statistics = journal.statistics
        let wasBlocked = isBlocked
        isBlocked = statistics.pendingBytes + statistics.historyBytes > settings.journalBytes
        if statistics.pendingBytes > bound {
            let excess = statistics.pendingBytes - bound / 4 * 3
            let isSmaller = cutSlowest(by: excess, at: now) || dropWaiting()
            if !isSmaller, safePlace < framesEnd { isBlocked = true }
        }
        if isBlocked, !wasBlocked { note("journal.full", "bytes=\(statistics.pendingBytes)") }
        if !isBlocked, wasBlocked { note("journal.resumed", "bytes=\(statistics.pendingBytes)") }
    }

    /// Whether the journal may become smaller for it.
    private mutating func cutSlowest(by excess: Int, at now: MonotonicInstant) -> Bool {
        let open = sinks.filter { !$0.isClosed }
        guard
            let slowest = open.min(by: { needed(by: $0) < needed(by: $1) }),
            let fastest = open.filter({ $0.isLiving(at: now) })
                .max(by: { needed(by: $0) < needed(by: $1) }),
            needed(by: slowest) < needed(by: fastest)
        else { return false }
        var losses = SinkLosses()
        var groups: Set<GroupIdentity> = []
        var place = slowest.safe.feed.place
        let given = slowest.feed.place
        let end = fastest.safe.feed.place
        var bytes = 0
        do throws(SpoolError) {
            while bytes < excess, place < end,
                let item = try nextRecord(from: &place, includingHistory: false)
            {
                bytes += item.byteCount
                // What it was given and has not written stays its own.
                guard item.header.kind == .frame, item.place >= given else { continue }
                losses.frames += 1
                groups.insert(item.header.frame.group)
            }
        } catch {
            note("journal.unreadable", "error=\(error)")
        }
        // Nothing more lies between: it is what waits for tables that takes the room.
        if bytes == 0 { place = end }
        let dropped = slowest.feed.waiting.values.filter { $0.from < place }.count
        losses.groups = groups.count + dropped
        slowest.skip(to: place)
        slowest.losses.frames += losses.frames
        slowest.losses.groups += losses.groups
        note(
            "sink.lost",
            "sink=\(slowest.name) frames=\(losses.frames) groups=\(losses.groups) "
                + "frames_total=\(slowest.losses.frames)")
        isChanged = true
        hasMore = true
        // The journal gives the room back with the next checkpoint.
        lastCheckpoint = MonotonicInstant(nanoseconds: .min)
        return true
    }

    /// Where no sink is behind, it is groups without a table that take the room: the older half of
    /// them is lost. Whether there were any.
    private mutating func dropWaiting() -> Bool {
        guard safePlace >= framesEnd else { return false }
        let places = sinks.flatMap { $0.feed.waiting.values.map(\.from) }.sorted()
        guard !places.isEmpty else { return false }
        let place = places[places.count / 2] + 1
        for sink in sinks {
            let count = sink.feed.waiting.values.filter { $0.from < place }.count
            guard count > 0 else { continue }
            sink.skip(to: place)
            sink.losses.groups += count
            note("sink.lost", "sink=\(sink.name) groups=\(count) reason=no_table")
        }
        isChanged = true
        lastCheckpoint = MonotonicInstant(nanoseconds: .min)
        return true
    }

    /// The first place that the journal must keep for the sink.
    private func needed(by sink: any ReadingSink) -> UInt64 {
        let feed = sink.safe.feed
        let waiting = feed.waiting.values.reduce(feed.place) { min($0, $1.from) }
        return feed.owed.reduce(waiting) { min($0, $1.from) }
    }

    /// Groups that are whole, and in every sink for good, become history of the journal.
    private mutating func releaseJournal() {
        let bound = safePlace
        var kept: [(group: GroupIdentity, place: UInt64)] = []
        let safes = sinks.filter { !$0.isClosed }.map { $0.safe.feed }
            .filter { !$0.waiting.isEmpty || !$0.owed.isEmpty }
        do throws(SpoolError) {
            for (i, entry) in settled.enumerated() {
                // Their places rise.
                guard entry.place <= bound else {
                    kept += settled[i...]
                    break
                }
                guard !safes.contains(where: { $0.needs(entry.group) }) else {
                    kept.append(entry)
                    continue
                }
                do throws(SpoolError) {
                    _ = try journal.acknowledge(entry.group)
                } catch {
                    kept += settled[i...]
                    throw error
                }
            }
            try journal.trim()
        } catch {
            note("journal.not_released", "error=\(error)")
        }
        settled = kept
    }
}
