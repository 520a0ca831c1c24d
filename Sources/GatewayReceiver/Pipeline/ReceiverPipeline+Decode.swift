// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore
internal import HostSystem
internal import StoreAndForward

extension ReceiverPipeline {
    /// Decodes a frame that is in the journal, and gives its readings to the sinks.
    mutating func decode(
        _ bytes: [UInt8], _ frame: FrameIdentity, _ head: FrameHead, node: Int,
        _ origin: FrameOrigin, place: UInt64, forFiles: Bool, forTopics: Bool
    ) {
        let group = NodeGroup(node: node, group: frame.group)
        let context = contextForDecoding(group, isKey: head.isKey)
        guard let tableID = (head.key?.stream ?? context.stream)?.tableID else { return }
        let table = tables.find(tableID, prefix: nodes[node].prefix)
        if head.isKey { context.decoder.limits = limits(table) }
        do throws(DecodeError) {
            guard case .decoded = try context.decoder.decode(bytes.span, into: &batch) else {
                return
            }
        } catch {
            return poison(group, error)
        }
        context.next = frame.index + 1
        guard !nodes[node].isWaiting(frame.group) else { return }
        guard let table, let stream = context.stream else {
            guard forFiles else { return }
            nodes[node].waiting.append(
                WaitingGroup(group: frame.group, table: tableID, place: place))
            requests.wantTable(tableID, node: node)
            return
        }
        // A table that came late, or another one behind the same id, may have fewer channels.
        guard batch.columns.allSatisfy({ table.entries.indices.contains($0.sensor) }) else {
            return poison(group, .limit(.channels(batch.columns.count), at: 0))
        }
        emit(
            DecodedFrame(
                frame: frame, basePriority: stream.basePriority, table: table,
                node: nodes[node].name, prefix: nodes[node].prefix, isHistory: origin.isHistory,
                place: place, link: origin.link),
            forFiles: forFiles, forTopics: forTopics)
    }

    private mutating func contextForDecoding(_ group: NodeGroup, isKey: Bool) -> LiveContext {
        guard group.group.lane == .data else {
            single.decoder.reset()
            single.group = group
            return single
        }
        if isKey { return contexts.make(group) }
        return contexts.find(group) ?? contexts.make(group)
    }

    private func limits(_ table: ChannelTable?) -> DecoderLimits {
        // A frame may not have a channel that its table has no name for.
        // A few dozen bytes can hold a million equal readings; so many nobody sends in a window.
        DecoderLimits(
            channels: table?.entries.count ?? ChannelTable.entryLimit,
            readings: Self.readingLimit)
    }

    private mutating func emit(_ frame: DecodedFrame, forFiles: Bool, forTopics: Bool) {
        counts.readings += batch.count
        if frame.isHistory { counts.historyReadings += batch.count }
        if forFiles {
            for sink in sinks { sink.append(batch, frame) }
        }
        if forTopics, let publications = topics?.publications(batch, frame) {
            for publication in publications { outbox.append((frame.link, publication)) }
        }
    }

    /// A frame behind a valid check that cannot be read ends its group: nothing can follow it.
    private mutating func poison(_ group: NodeGroup, _ error: DecodeError) {
        counts.refuse(error.reason)
        note("group.unreadable", "group=\(group.group.group) error=\(error)")
        nodes[group.node].tracker.settle(group.group)
        nodes[group.node].waiting.removeAll { $0.group == group.group }
        settled.append((group.group, journal.endPlace))
        contexts.remove(group)
        held.drop(node: group.node, group: group.group.group)
        _ = resends.settle(group)
        gaps.lose(group)
        tellGap(group, .damaged, isOpen: false)
    }

    /// The context of `group` in front of frame `index`; from the journal where it does not live.
    mutating func context(of group: NodeGroup, at index: UInt32) -> LiveContext? {
        if let context = contexts.find(group), context.next == index { return context }
        guard !lostContexts.contains(group) else { return nil }
        counts.rebuilt += 1
        let context = contexts.make(group)
        walk(group) { pipeline, frame, bytes, _, _ in
            guard frame.index == context.next, frame.index < index else { return }
            _ = pipeline.decodeSilently(bytes, context)
        }
        guard context.next == index else {
            contexts.remove(group)
            return nil
        }
        return context
    }

    /// Moves the context and gives out nothing. Whether the frame was its next one.
    mutating func decodeSilently(_ bytes: [UInt8], _ context: LiveContext) -> Bool {
        do throws(DecodeError) {
            guard case .decoded(let head) = try context.decoder.decode(bytes.span, into: &batch)
            else { return false }
            context.next = head.index + 1
            return true
        } catch {
            // It was refused when it came, too.
            return false
        }
    }

    /// Goes through the frames of a group that the journal has.
    private mutating func walk(
        _ group: NodeGroup,
        _ body: (inout ReceiverPipeline, FrameIdentity, [UInt8], FrameOrigin, UInt64) -> Void
    ) {
        let prefix = Array(nodes[group.node].prefix.utf8)
        var bytes: [UInt8] = []
        do throws(SpoolError) {
            guard let range = try journal.find(group.group) else { return }
            var place = range.lowerBound
            while place < range.upperBound,
                let item = try nextRecord(from: &place, includingHistory: true),
                item.place < range.upperBound
            {
                guard item.header.kind == .frame, item.header.frame.group == group.group,
                    item.header.prefix.starts(with: prefix)
                else { continue }
                try journal.read(item, into: &bytes)
                let origin = FrameOrigin(
                    link: nodes[group.node].link, isHistory: item.header.isHistory)
                body(&self, item.header.frame, bytes, origin, item.place)
            }
        } catch {
            note("journal.unreadable", "error=\(error)")
        }
    }

    /// The next record that can be read; `place` is then behind its beginning.
    mutating func nextRecord(
        from place: inout UInt64, includingHistory: Bool
    ) throws(SpoolError) -> SpoolItem? {
        while true {
            do throws(SpoolError) {
                guard let item = try journal.next(from: place, includingHistory: includingHistory)
                else { return nil }
                place = item.place + 1
                return item
            } catch .damaged(let at) where at >= place {
                note("journal.damaged", "place=\(at)")
                place = at + 1
            }
        }
    }

    // MARK: tables

    mutating func takeTable(_ bytes: [UInt8], node: Int, at now: MonotonicInstant) {
        do throws(DecodeError) {
            let frame = try ChannelTableFrame(bytes.span)
            guard frame.nodeHash == nodes[node].tracker.nodeHash else {
                return counts.refuse(.foreignNode)
            }
            if let known = tables.find(frame.table.id, prefix: nodes[node].prefix),
                known != frame.table
            {
                return counts.refuse(.tableConflict)
            }
            counts.tables += 1
            do throws(SystemError) {
                try tables.keep(bytes, frame.table, prefix: nodes[node].prefix)
            } catch {
                // It is in memory; a restart asks for it again.
                note("table.not_kept", "error=\(error.code)")
            }
            release(frame.table.id, node: node)
        } catch {
            counts.refuse(error.reason)
        }
    }

    /// Gives out what waited for a table.
    mutating func release(_ id: UInt32, node: Int) {
        requests.haveTable(id, node: node)
        let ready = nodes[node].waiting.filter { $0.table == id }
        nodes[node].waiting.removeAll { $0.table == id }
        for waiting in ready {
            let group = NodeGroup(node: node, group: waiting.group)
            isChanged = true
            contexts.remove(group)
            walk(group) { pipeline, frame, bytes, origin, place in
                guard let head = try? FrameHead(bytes.span) else { return }
                pipeline.decode(
                    bytes, frame, head, node: node, origin, place: place,
                    forFiles: place >= waiting.place, forTopics: place >= waiting.place)
            }
        }
    }
}

extension RecordHeader {
    /// The journal keeps the whole topic in the place of the prefix.
    var isHistory: Bool { prefix.suffix(5).elementsEqual("/back".utf8) }
}
