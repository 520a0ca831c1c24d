// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayConfiguration
internal import GatewayCore
internal import MosquittoClient
internal import StoreAndForward

extension ReceiverPipeline {
    /// Does what time asks for: questions, gaps, acknowledgements.
    mutating func tick(at now: MonotonicInstant) {
        if now >= requests.auditAt {
            requests.auditAt = .distantFuture
            for node in nodes.indices { audit(node: node, at: now) }
        }
        while let order = resends.next(at: now) {
            switch order {
            case .ask(let group):
                let id = requests.nextID(for: group)
                ask(CommandMessage(id: id, .resend(group.group)), node: group.node)
            case .tellGap(let group):
                guard gaps.open(group) else { continue }
                tellGap(group, .missing, isOpen: true)
            }
        }
        while let want = requests.next(at: now) {
            if let table = want.table {
                let id = requests.nextTableID(for: want)
                ask(CommandMessage(id: id, .rebirth(table: table)), node: want.node)
            } else {
                let id = requests.nextHistoryID(node: want.node)
                ask(CommandMessage(id: id, .history), node: want.node)
            }
        }
        sendAcknowledgements(acks.take(at: now))
        for ended in ending where now >= ended.due {
            settled.append((ended.group.group, framesEnd))
            isChanged = true
        }
        ending.removeAll { now >= $0.due }
    }

    /// When `tick` or `commit` has something to do, if nothing comes.
    var deadline: MonotonicInstant {
        var next = min(resends.deadline, acks.deadline, requests.deadline)
        if hasMore { return now }
        next = min(next, feedAt)
        for case let sink as TextSink in sinks { next = min(next, sink.deadline) }
        if isChanged || isBlocked { next = min(next, lastCheckpoint + Self.checkpointPause) }
        return next
    }

    /// Looks for everything that is missing.
    mutating func audit(node: Int, at now: MonotonicInstant) {
        for group in nodes[node].tracker.holes {
            resends.miss(
                NodeGroup(node: node, group: group), at: now, delay: requests.jitter())
        }
    }

    mutating func takeHeads(_ payload: [UInt8], node: Int, at now: MonotonicInstant) {
        guard let message = try? HeadsMessage(payload.span) else {
            return counts.refuse(.message)
        }
        let isKnown = nodes[node].tracker.knows(message.stream)
        for lane in Lane.allCases {
            guard let head = message[lane] else { continue }
            let group = GroupIdentity(stream: message.stream, lane: lane, group: head.group)
            let frame = FrameIdentity(group: group, index: head.index)
            // What is on its way already need not be asked for.
            if nodes[node].tracker.learn(frame) {
                resends.miss(
                    NodeGroup(node: node, group: group), at: now, delay: requests.jitter(),
                    isOnlyNamed: !isKnown)
            }
        }
        if !isKnown, !message.isEmpty { askForHistory(message.stream, node: node, at: now) }
    }

    /// A state that the broker kept tells of a stream that began before this receiver listened.
    mutating func takeState(_ message: ClientMessage, node: Int, at now: MonotonicInstant) {
        guard let state = try? StateMessage(message.payload.span) else {
            return counts.refuse(.message)
        }
        guard message.isRetained, state.isOnline, !nodes[node].tracker.knows(state.stream) else {
            return
        }
        askForHistory(state.stream, node: node, at: now)
    }

    mutating func takeResponse(_ payload: [UInt8], node: Int, at now: MonotonicInstant) {
        guard let message = try? ResponseMessage(payload.span) else {
            return counts.refuse(.message)
        }
        if let node = requests.takeHistory(message.id) {
            if message.status == .busy { requests.busy(node: node, table: nil, at: now) }
            guard message.status == .sent || message.status == .gone else { return }
            requests.haveHistory(node: node)
            return audit(node: node, at: now)
        }
        guard let group = requests.takeGroup(message.id) else { return }
        if message.status == .busy { resends.busy(group, at: now) }
        guard message.status == .gone else { return }
        nodes[group.node].tracker.giveUp(group.group)
        held.drop(node: group.node, group: group.group.group)
        _ = resends.settle(group)
        gaps.lose(group)
        isChanged = true
        settled.append((group.group, framesEnd))
        tellGap(group, .gone, isOpen: false)
    }

    /// An answer for a table. What waits for one that its node does not have is lost.
    mutating func takeTableResponse(_ payload: [UInt8], at now: MonotonicInstant) {
        guard let message = try? ResponseMessage(payload.span) else {
            return counts.refuse(.message)
        }
        guard let (node, table) = requests.takeTable(message.id) else { return }
        if message.status == .busy { requests.busy(node: node, table: table, at: now) }
        guard message.status == .gone else { return }
        requests.haveTable(table, node: node)
        var groups: Set<NodeGroup> = []
        for sink in sinks {
            let lost = sink.feed.waiting.filter { $0.key.node == node && $0.value.table == table }
            for group in lost.keys { sink.feed.waiting[group] = nil }
            sink.losses.groups += lost.count
            groups.formUnion(lost.keys)
        }
        for group in groups.sorted(by: { $0.group.group < $1.group.group }) {
            gaps.lose(group)
            tellGap(group, .gone, isOpen: false)
            isChanged = true
        }
    }

    mutating func askForHistory(_ stream: StreamID, node: Int, at now: MonotonicInstant) {
        guard settings.asksForHistory, !nodes[node].historyAsked.contains(stream) else { return }
        if nodes[node].historyAsked.count == KnownNode.historyLimit {
            nodes[node].historyAsked.removeFirst()
        }
        nodes[node].historyAsked.append(stream)
        requests.wantHistory(node: node, at: now + requests.jitter())
    }

    mutating func tellGap(_ group: NodeGroup, _ reason: GapMessage.Reason, isOpen: Bool) {
        let number = group.group.group
        let message = GapMessage(
            stream: group.group.stream, lane: group.group.lane, groups: number...number,
            reason: reason, by: settings.identifier, isOpen: isOpen)
        note(
            "gap",
            "node=\(nodes[group.node].prefix) group=\(number) reason=\(reason.rawValue) "
                + "state=\(isOpen ? "open" : "closed")")
        publish(.gap, message.payload, .notice, node: group.node)
    }

    mutating func sendAcknowledgements(_ batches: [AckPolicy.Batch]) {
        for batch in batches {
            var rest = batch.entries[...]
            while !rest.isEmpty {
                let part = rest.prefix(AcknowledgementMessage.entryLimit)
                rest = rest.dropFirst(part.count)
                let message = AcknowledgementMessage(
                    receiver: settings.identifier,
                    entries: part.map {
                        AcknowledgementMessage.Entry(group: $0.group, upTo: $0.upto)
                    })
                let topic = nodes[batch.node].prefix + NodeTopic.acknowledgement.suffix
                outbox.append(
                    (
                        batch.link,
                        Publication(topic: topic, payload: message.payload, purpose: .request)
                    ))
            }
        }
    }

    private mutating func ask(_ message: CommandMessage, node: Int) {
        counts.requests += 1
        publish(
            .command(verb: message.request.verb), message.payload, .request, node: node)
    }

    private mutating func publish(
        _ topic: NodeTopic, _ payload: [UInt8], _ purpose: Publication.Purpose, node: Int
    ) {
        outbox.append(
            (
                nodes[node].link,
                Publication(
                    topic: nodes[node].prefix + topic.suffix, payload: payload, purpose: purpose)
            ))
    }
}
