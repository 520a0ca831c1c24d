// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore
internal import HostSystem
internal import StoreAndForward

extension ReceiverPipeline {
    /// Decodes a frame that came and is in the journal, and gives its readings to the sinks that
    /// have everything before it.
    mutating func decode(
        _ bytes: [UInt8], _ frame: FrameIdentity, _ head: FrameHead, node: Int,
        _ origin: FrameOrigin, place: UInt64
    ) {
        let group = NodeGroup(node: node, group: frame.group)
        let context = contextForDecoding(group, isKey: head.isKey)
        let content = decode(bytes, frame, head, group, origin, place, context)
        if content != nil {
            counts.readings += batch.count
            if origin.isHistory { counts.historyReadings += batch.count }
            readingsOfTurn += batch.count
        }
        for sink in sinks {
            guard sink.feed.isLive, sink.hasRoom || !sink.takes(link: origin.link) else {
                sink.feed.isCurrent = false
                continue
            }
            if let content, sink.takes(link: origin.link) {
                give(content, of: group, place: place, to: sink)
            }
            sink.feed.place = framesEnd
        }
        shrinkBatch()
    }

    /// What a frame holds, in `batch`; nil where it cannot be read.
    private enum Content {
        case readings(DecodedFrame)
        /// Its channel table has not come.
        case nameless(table: UInt32)
    }

    private mutating func decode(
        _ bytes: [UInt8], _ frame: FrameIdentity, _ head: FrameHead, _ group: NodeGroup,
        _ origin: FrameOrigin, _ place: UInt64, _ context: LiveContext
    ) -> Content? {
        guard let tableID = (head.key?.stream ?? context.stream)?.tableID else { return nil }
        let table = tables.find(tableID, prefix: nodes[group.node].prefix)
        if head.isKey { context.decoder.limits = limits(table) }
        do throws(DecodeError) {
            guard case .decoded = try context.decoder.decode(bytes.span, into: &batch) else {
                return nil
            }
        } catch {
            poison(group, error)
            return nil
        }
        context.next = frame.index + 1
        contexts.charge(context)
        guard let table, let stream = context.stream else { return .nameless(table: tableID) }
        // A table that came late, or another one behind the same id, may have fewer channels.
        guard batch.columns.allSatisfy({ table.entries.indices.contains($0.sensor) }) else {
            poison(group, .limit(.channels(batch.columns.count), at: 0))
            return nil
        }
        let node = nodes[group.node]
        return .readings(
            DecodedFrame(
                frame: frame, basePriority: stream.basePriority, table: table, site: node.site,
                node: node.name, prefix: node.prefix, isHistory: origin.isHistory, place: place,
                link: origin.link))
    }

    private mutating func give(
        _ content: Content, of group: NodeGroup, place: UInt64, to sink: any ReadingSink
    ) {
        guard sink.feed.waiting[group] == nil else { return }
        switch content {
        case .readings(let frame): sink.append(batch, frame)
        case .nameless(let table):
            sink.feed.waiting[group] = SinkFeed.Waiting(table: table, from: place)
            requests.wantTable(table, node: group.node)
        }
    }

    /// A frame with very many readings must not leave its memory behind, here or in the contexts,
    /// which take turns with it.
    private mutating func shrinkBatch() {
        if batch.count > Self.batchLimit { batch = ReadingBatch() }
    }

    private func contextForDecoding(_ group: NodeGroup, isKey: Bool) -> LiveContext {
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

    /// A frame behind a valid check that cannot be read ends its group: nothing can follow it.
    private mutating func poison(_ group: NodeGroup, _ error: DecodeError) {
        guard !unreadable.contains(group) else { return }
        if unreadable.count == Self.unreadableLimit { unreadable.removeFirst() }
        unreadable.append(group)
        counts.refuse(error.reason)
        note("group.unreadable", "group=\(group.group.group) error=\(error)")
        nodes[group.node].tracker.settle(group.group)
        settled.append((group.group, framesEnd))
        contexts.remove(group)
        held.drop(node: group.node, group: group.group.group)
        _ = resends.settle(group)
        gaps.lose(group)
        tellGap(group, .damaged, isOpen: false)
    }

    /// The context of `group` in front of frame `index`; from the journal where it does not live.
    mutating func context(
        of group: NodeGroup, at index: UInt32, in pool: ContextPool
    ) -> LiveContext? {
        if let context = pool.find(group), context.next == index { return context }
        guard !lostContexts.contains(group) else { return nil }
        counts.rebuilt += 1
        let context = pool.make(group)
        walk(group) { pipeline, frame, bytes, _, _ in
            guard frame.index == context.next, frame.index < index else { return }
            _ = pipeline.decodeSilently(bytes, context)
        }
        pool.charge(context)
        guard context.next == index else {
            pool.remove(group)
            return nil
        }
        return context
    }

    /// Moves the context and gives out nothing. Whether the frame was its next one.
    mutating func decodeSilently(_ bytes: [UInt8], _ context: LiveContext) -> Bool {
        defer { shrinkBatch() }
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

    // MARK: sinks that lag

    /// Brings sinks that lag nearer to the end of the journal, each a bounded piece.
    mutating func feedSinks(at now: MonotonicInstant) {
        hasMore = false
        feedAt = .distantFuture
        for sink in sinks where !sink.isClosed && !sink.feed.isLive {
            var records = 0
            readingsOfTurn = 0
            do throws(SpoolError) {
                while records < Self.turnRecords, sink.hasRoom, !isTurnFull, try advance(sink) {
                    records += 1
                }
                if sink.feed.isLive {
                    sink.contexts.removeAll()
                    isChanged = true
                } else if records > 0, sink.hasRoom || isTurnFull {
                    hasMore = true
                }
                if records > 0 { isChanged = true }
            } catch {
                note("journal.unreadable", "error=\(error)")
                feedAt = now + Self.checkpointPause
            }
        }
        readingsOfTurn = 0
    }

    /// Passes one record of the journal; false at its end.
    private mutating func advance(_ sink: any ReadingSink) throws(SpoolError) -> Bool {
        if let debt = sink.feed.owed.first {
            try pay(debt, to: sink)
            return true
        }
        var place = sink.feed.place
        guard let item = try nextRecord(from: &place, includingHistory: true) else {
            sink.feed.place = max(sink.feed.place, framesEnd)
            sink.feed.isCurrent = true
            return false
        }
        try giveStored(item, to: sink)
        sink.feed.place = place
        return true
    }

    /// Passes one record towards the end of what is owed of a group.
    private mutating func pay(
        _ debt: SinkFeed.Debt, to sink: any ReadingSink
    ) throws(SpoolError) {
        guard let range = try journal.find(debt.group.group) else {
            sink.feed.owed.removeFirst()
            return
        }
        var place = max(debt.from, range.lowerBound)
        let end = min(range.upperBound, sink.feed.place)
        guard place < end, let item = try nextRecord(from: &place, includingHistory: true),
            item.place < end
        else {
            sink.feed.owed.removeFirst()
            return
        }
        if item.header.frame.group == debt.group.group {
            try giveStored(item, to: sink, only: debt.group)
        }
        if sink.feed.waiting[debt.group] != nil {
            // The table is gone again.
            sink.feed.owed.removeFirst()
        } else {
            sink.feed.owed[0].from = place
        }
    }

    private mutating func giveStored(
        _ item: SpoolItem, to sink: any ReadingSink, only wanted: NodeGroup? = nil
    ) throws(SpoolError) {
        guard item.header.kind == .frame,
            let address = NodeAddress(String(decoding: item.header.prefix, as: UTF8.self)),
            let node = place(of: address), sink.takes(link: nodes[node].link)
        else { return }
        let frame = item.header.frame
        let group = NodeGroup(node: node, group: frame.group)
        guard sink.feed.waiting[group] == nil, group == wanted ?? group else { return }
        var bytes: [UInt8] = []
        do throws(SpoolError) {
            try journal.read(item, into: &bytes)
        } catch .damaged(let at) {
            return note("journal.damaged", "place=\(at)")
        }
        guard let head = try? FrameHead(bytes.span) else { return }
        let context: LiveContext
        if frame.group.lane != .data {
            single.decoder.reset()
            single.group = group
            context = single
        } else if head.isKey {
            context = sink.contexts.make(group)
        } else if let found = self.context(of: group, at: frame.index, in: sink.contexts) {
            context = found
        } else {
            sink.losses.frames += 1
            return note("group.lost", "sink=\(sink.name) group=\(frame.group.group)")
        }
        let origin = FrameOrigin(link: nodes[node].link, isHistory: item.header.isHistory)
        let content = decode(bytes, frame, head, group, origin, item.place, context)
        sink.contexts.charge(context)
        guard let content else { return }
        readingsOfTurn += batch.count
        give(content, of: group, place: item.place, to: sink)
        shrinkBatch()
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
        for sink in sinks { sink.feed.release(id, node: node) }
        hasMore = true
    }
}

extension RecordHeader {
    /// The journal keeps the whole topic in the place of the prefix.
    var isHistory: Bool { prefix.suffix(5).elementsEqual("/back".utf8) }
}
