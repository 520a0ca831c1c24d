// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore
internal import HostSystem
internal import StoreAndForward

extension ReceiverPipeline {
    /// Syncs the journal, writes what was gathered, and lets what is safe be acknowledged.
    mutating func commit(at now: MonotonicInstant) {
        guard syncJournal(), writeSinks() else {
            isBlocked = true
            lastCheckpoint = now
            return
        }
        if isBlocked { note("sink.resumed", "") }
        isBlocked = false
        for entry in unsynced {
            acks.add(entry.frame, node: entry.node, link: entry.link, at: now)
        }
        unsynced.removeAll(keepingCapacity: true)
        let bytes = sinks.reduce(0) { $0 + $1.unsynchronizedBytes }
        let isDue = now >= lastCheckpoint + Self.checkpointPause || bytes >= Self.checkpointBytes
        if isChanged && isDue { checkpoint(at: now) }
    }

    /// Makes what the sinks have final, so that the journal need not be read again for it.
    /// Whether there is one.
    @discardableResult
    mutating func checkpoint(at now: MonotonicInstant) -> Bool {
        lastCheckpoint = now
        // What waits for a sink is decoded and would not be decoded again.
        guard !isBlocked, sinks.allSatisfy({ $0.waitingBytes == 0 }) else { return false }
        do throws(SystemError) {
            for sink in sinks { try sink.synchronize() }
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

    /// Everything below is with brokers.
    var topicPlace: UInt64 { topics?.oldestPlace ?? journal.endPlace }

    private func makeCheckpoint() -> Checkpoint {
        var checkpoint = Checkpoint()
        checkpoint.place = journal.endPlace
        checkpoint.topicPlace = topicPlace
        checkpoint.sinks = sinks.map {
            Checkpoint.Sink(format: $0.format.rawValue, offset: $0.offset, path: $0.path)
        }
        checkpoint.nodes = nodes.map {
            Checkpoint.Node(
                prefix: $0.prefix, streams: $0.tracker.streams, waiting: $0.waiting)
        }
        return checkpoint
    }

    private var isJournalOnDisk: Bool { journal.syncedPlace >= journal.endPlace }

    private mutating func syncJournal() -> Bool {
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

    mutating func writeSinks() -> Bool {
        for sink in sinks {
            do throws(SystemError) {
                try sink.flush()
            } catch {
                failure = error
                if error.isBrokenPipe { isOutputClosed = true }
                if !isBlocked {
                    note("sink.blocked", "path=\(sink.path) error=\(error.code)")
                }
                return false
            }
        }
        return true
    }

    /// Groups that are whole, and in every sink for good, become history of the journal.
    private mutating func releaseJournal() {
        let bound = topicPlace
        let waiting = Set(nodes.flatMap { $0.waiting.map(\.group) })
        var kept: [(group: GroupIdentity, place: UInt64)] = []
        do throws(SpoolError) {
            for (i, entry) in settled.enumerated() {
                guard entry.place <= bound, !waiting.contains(entry.group) else {
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
