// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore
internal import StoreAndForward

/// A frame on its way in.
private struct Arrival {
    var bytes: [UInt8]
    var node: Int
    var origin: FrameOrigin
    /// What the topic says; nil where it takes every lane.
    var lane: Lane?
}

extension ReceiverPipeline {
    mutating func takeFrame(
        _ bytes: [UInt8], _ topic: FrameTopic, node: Int, link: Int, at now: MonotonicInstant
    ) {
        guard bytes.count <= DecoderLimits.frameBytes else { return counts.refuse(.oversized) }
        nodes[node].link = link
        if ExtendedFrame.begins(bytes.span) {
            return takeTable(bytes, node: node, at: now)
        }
        let lane: Lane? =
            switch topic {
            case .data: .data
            case .alert: .alert
            case .deferred: .deferred
            case .back: nil
            }
        var arrival: Arrival? = Arrival(
            bytes: bytes, node: node,
            origin: FrameOrigin(link: link, isHistory: topic == .back), lane: lane)
        // A frame that was missed sets free those that waited for it.
        while let current = arrival {
            guard let frame = takeOne(current, at: now), frame.group.lane == .data else { break }
            let next = HeldFrames.Key(
                node: node, group: frame.group.group, index: frame.index + 1)
            arrival = held.take(next).map {
                Arrival(bytes: $0.bytes, node: node, origin: $0.origin, lane: nil)
            }
        }
    }

    /// Takes a frame as far as it goes; which one it was, if it was new.
    private mutating func takeOne(
        _ arrival: Arrival, at now: MonotonicInstant
    ) -> FrameIdentity? {
        let head: FrameHead
        do throws(DecodeError) {
            head = try FrameHead(arrival.bytes.span)
        } catch {
            counts.refuse(error.reason)
            return nil
        }
        switch nodes[arrival.node].tracker.judge(head, lane: arrival.lane) {
        case .refused(.foreignNode): counts.refuse(.foreignNode)
        case .refused(.wrongLane): counts.refuse(.wrongLane)
        case .duplicate(let frame):
            counts.duplicates += 1
            restore(frame, head, arrival)
            unsynced.append((frame, arrival.node, arrival.origin.link))
        case .early(let group): hold(arrival, head, of: group, at: now)
        case .begins(let frame):
            guard single.isNext(head, arrival.bytes) else {
                counts.refuse(.badCheck)
                return nil
            }
            guard head.key?.stream.tableID != 0 else {
                counts.refuse(.noTable)
                return nil
            }
            return accept(frame, head, arrival, at: now) ? frame : nil
        case .follows(let frame):
            let group = NodeGroup(node: arrival.node, group: frame.group)
            guard let context = context(of: group, at: frame.index, in: contexts) else {
                if !lostContexts.contains(group) { lostContexts.append(group) }
                hold(arrival, head, of: frame.group, at: now)
                return nil
            }
            guard context.isNext(head, arrival.bytes) else {
                counts.refuse(.badCheck)
                resends.miss(group, at: now)
                return nil
            }
            return accept(frame, head, arrival, at: now) ? frame : nil
        }
        return nil
    }

    private mutating func hold(
        _ arrival: Arrival, _ head: FrameHead, of group: GroupIdentity?, at now: MonotonicInstant
    ) {
        counts.held += 1
        held.hold(
            arrival.bytes, arrival.origin,
            as: HeldFrames.Key(node: arrival.node, group: head.group, index: head.index))
        guard let group else { return }
        resends.miss(NodeGroup(node: arrival.node, group: group), at: now)
    }

    private mutating func accept(
        _ frame: FrameIdentity, _ head: FrameHead, _ arrival: Arrival, at now: MonotonicInstant
    ) -> Bool {
        let node = arrival.node
        guard !isBlocked else {
            counts.refuse(.sink)
            return false
        }
        guard sinks.allSatisfy({ $0.feed.waiting.count < KnownNode.waitingLimit }) else {
            counts.refuse(.waiting)
            return false
        }
        var header = RecordHeader(kind: .frame, frame: frame)
        let topic =
            arrival.origin.isHistory
            ? NodeTopic.frame(.back) : .frame(FrameTopic(frame.group.lane))
        // The whole topic: after a restart it tells the node and what was backfill.
        header.prefix = Array((nodes[node].prefix + topic.suffix).utf8)
        let place: UInt64
        do throws(SpoolError) {
            place = try journal.append(header, arrival.bytes.span, isKey: head.isKey)
        } catch {
            counts.refuse(.journal)
            note("journal.refused", "error=\(error)")
            return false
        }
        counts.frames += 1
        isChanged = true
        let consequences = nodes[node].tracker.accept(frame, key: head.key)
        unsynced.append((frame, node, arrival.origin.link))
        framesEnd = journal.endPlace
        decode(arrival.bytes, frame, head, node: node, arrival.origin, place: place)
        follow(consequences, of: frame, node: node, at: now)
        settleWant(of: frame.group, node: node)
        return true
    }

    /// What a frame that was taken says of others.
    mutating func follow(
        _ consequences: SequenceTracker.Consequences, of frame: FrameIdentity, node: Int,
        at now: MonotonicInstant
    ) {
        for group in consequences.missing {
            resends.miss(NodeGroup(node: node, group: group), at: now)
        }
        for group in consequences.completed { complete(group, node: node, at: now) }
        if let forgotten = consequences.forgotten {
            counts.forgottenStreams += 1
            for lane in Lane.allCases {
                for open in forgotten[lane].open {
                    let group = GroupIdentity(
                        stream: forgotten.stream, lane: lane, group: open.group)
                    settled.append((group, framesEnd))
                    contexts.remove(NodeGroup(node: node, group: group))
                }
            }
        }
        if let sight = consequences.newStream {
            beginStream(frame.group.stream, sight, node: node, at: now)
        }
    }

    /// A group that goes on may have no hole any more: then it need not be asked for.
    private mutating func settleWant(of group: GroupIdentity, node: Int) {
        let place = NodeGroup(node: node, group: group)
        guard resends.count > 0, !lostContexts.contains(place),
            let memory = nodes[node].tracker.memory(of: group), memory.isOpen(group.group),
            !memory.holes.contains(group.group), !held.holds(node: node, group: group.group)
        else { return }
        if resends.settle(place), gaps.fill(place) {
            tellGap(place, .missing, isOpen: false)
        }
    }

    private mutating func complete(_ group: GroupIdentity, node: Int, at now: MonotonicInstant) {
        let place = NodeGroup(node: node, group: group)
        settled.append((group, framesEnd))
        guard group.lane == .data || resends.count > 0 else { return }
        contexts.remove(place)
        held.drop(node: node, group: group.group)
        lostContexts.removeAll { $0 == place }
        _ = resends.settle(place)
        if gaps.fill(place) { tellGap(place, .missing, isOpen: false) }
    }

    /// A stream came into sight. The one before ended without saying how.
    private mutating func beginStream(
        _ stream: StreamID, _ sight: SequenceTracker.FirstSight, node: Int,
        at now: MonotonicInstant
    ) {
        let older = nodes[node].tracker.streams.filter { $0.stream != stream }
        let known = Set(ending.map(\.group))
        for memory in older {
            for open in memory[.data].open {
                let group = GroupIdentity(
                    stream: memory.stream, lane: .data, group: open.group)
                let place = NodeGroup(node: node, group: group)
                if !known.contains(place) { ending.append((place, now + .seconds(600))) }
            }
        }
        if sight == .late || older.isEmpty { askForHistory(stream, node: node, at: now) }
    }
}

extension FrameTopic {
    init(_ lane: Lane) {
        switch lane {
        case .data: self = .data
        case .alert: self = .alert
        case .deferred: self = .deferred
        }
    }
}

extension DecodeError {
    /// Under which name it is counted.
    var reason: FrameRefusal {
        switch self {
        case .truncated: .truncated
        case .unsupported: .unsupported
        case .malformed: .malformed
        case .badCheck: .badCheck
        case .limit: .limit
        }
    }
}

extension ReceiverPipeline {
    /// A repeat of a frame whose group lost its context brings that back.
    private mutating func restore(_ frame: FrameIdentity, _ head: FrameHead, _ arrival: Arrival) {
        let group = NodeGroup(node: arrival.node, group: frame.group)
        guard frame.group.lane == .data, lostContexts.contains(group) else { return }
        let context: LiveContext
        if head.isKey {
            context = contexts.make(group)
        } else if let found = contexts.find(group) {
            context = found
        } else {
            return
        }
        guard context.next == frame.index, decodeSilently(arrival.bytes, context) else { return }
        if nodes[arrival.node].tracker.memory(of: frame.group)?.next(of: frame.group.group)
            == context.next
        {
            lostContexts.removeAll { $0 == group }
        }
    }
}
