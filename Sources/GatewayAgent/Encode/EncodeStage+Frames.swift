// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayConfiguration
internal import GatewayCore
internal import LineProtocols
internal import StoreAndForward

extension EncodeStage {
    /// After the disk refused, it is asked again so often.
    private static let retryPause = Duration.seconds(1)

    /// What key frames and tables call the node.
    static func nodeHash(_ settings: AgentSettings) -> UInt32 {
        var checksum = Checksum()
        for byte in (settings.site + "/" + settings.node).utf8 { checksum.add(byte) }
        return checksum.value
    }

    /// The data window becomes a frame, or several where the broker takes no larger ones.
    mutating func closeData(at now: MonotonicInstant) {
        // While the spool is full the window stays, and grows no further than its limit.
        guard !data.window.isEmpty, !isBlocked else { return }
        tellCounts()
        makeTable()
        let estimate = data.policy.estimatedBytes(
            readings: data.window.count, isKey: groups.expectsKey)
        if let end = groups.end(before: estimate, at: now) { groups.requestEnd(end) }
        var window = ReadingWindow()
        swap(&window, &data.window)
        encodeData(&window, mark: .kept(read: readMark, open: [alert.mark]), at: now)
        swap(&window, &data.window)
        data.window.removeAll()
        data.emptied()
        carryOut(at: now)
        expectNext()
    }

    private mutating func encodeData(
        _ window: inout ReadingWindow, mark: InputMark, at now: MonotonicInstant
    ) {
        let isKey = groups.expectsKey || !data.encoder.canChain
        let count = window.count
        let copy = window
        var bytes: [UInt8] = []
        do throws(EncodeError) {
            let summary = try data.encoder.encode(
                &window, as: isKey ? .key(group: nextGroup) : .chained, into: &bytes)
            let group = GroupIdentity(stream: shared.stream, lane: .data, group: summary.group)
            if isKey {
                nextGroup &+= 1
                openGroup = group
            }
            data.policy.close(readings: count, bytes: bytes.count, isKey: isKey)
            groups.frameMade(isKey: isKey, bytes: bytes.count, at: now)
            let frame = FrameIdentity(group: group, index: summary.index)
            enqueueData(frame, bytes, copy, isKey: isKey, mark: mark)
        } catch {
            groups.requestEnd(.size)
            // Only the last part makes the window whole.
            let start = min(mark, data.mark ?? mark)
            split(&window, count) { stage, part, isLast in
                stage.encodeData(&part, mark: isLast ? mark : start, at: now)
            }
        }
    }

    private mutating func enqueueData(
        _ frame: FrameIdentity, _ bytes: [UInt8], _ window: ReadingWindow, isKey: Bool,
        mark: InputMark
    ) {
        var header = RecordHeader(kind: .frame, frame: frame)
        header.readings = UInt32(window.count)
        header.priorities[Int(Priority.normal.rawValue) - 1] = UInt32(window.count)
        header.firstTime = data.firstTime
        header.lastTime = data.lastTime
        header.prefix = shared.topicPrefix
        queue.add(
            .frame(
                FreshFrame(
                    header: header, window: window, bytes: bytes, isKey: isKey, mark: mark,
                    syncWithin: dataSync,
                    batch: Self.rehearse(bytes, frame, table?.table, &data.rehearsal))))
    }

    /// The alert window becomes a key frame that is a group of its own.
    mutating func closeAlert(at now: MonotonicInstant) {
        guard !alert.window.isEmpty, !isBlocked else { return }
        tellCounts()
        // An alert waits for no other sensors.
        makeTable()
        var window = ReadingWindow()
        swap(&window, &alert.window)
        encodeAlert(&window, mark: .kept(read: readMark, open: [data.mark]))
        swap(&window, &alert.window)
        alert.window.removeAll()
        alert.emptied()
        alert.expect(isKey: true)
        carryOut(at: now)
    }

    private mutating func encodeAlert(_ window: inout ReadingWindow, mark: InputMark) {
        let count = window.count
        let copy = window
        var bytes: [UInt8] = []
        do throws(EncodeError) {
            let summary = try alert.encoder.encode(
                &window, as: .key(group: nextGroup), into: &bytes)
            nextGroup &+= 1
            alert.policy.close(readings: count, bytes: bytes.count, isKey: true)
            let group = GroupIdentity(stream: shared.stream, lane: .alert, group: summary.group)
            enqueueAlert(FrameIdentity(group: group, index: 0), bytes, copy, mark: mark)
        } catch {
            let start = min(mark, alert.mark ?? mark)
            split(&window, count) { stage, part, isLast in
                stage.encodeAlert(&part, mark: isLast ? mark : start)
            }
        }
    }

    private mutating func enqueueAlert(
        _ frame: FrameIdentity, _ bytes: [UInt8], _ window: ReadingWindow, mark: InputMark
    ) {
        var header = RecordHeader(kind: .frame, frame: frame)
        header.readings = UInt32(window.count)
        header.priorities[Int(Priority.critical.rawValue) - 1] = UInt32(window.count)
        header.firstTime = alert.firstTime
        header.lastTime = alert.lastTime
        header.prefix = shared.topicPrefix
        queue.add(
            .frame(
                FreshFrame(
                    header: header, window: window, bytes: bytes, isKey: true, mark: mark,
                    syncWithin: .zero,
                    batch: Self.rehearse(bytes, frame, table?.table, &alert.rehearsal))))
        queue.add(.close(frame.group))
    }

    /// A window whose frame came out too large is tried in halves; a single reading that does not
    /// fit is given up.
    private mutating func split(
        _ window: inout ReadingWindow, _ count: Int,
        _ encode: (inout EncodeStage, inout ReadingWindow, Bool) -> Void
    ) {
        guard count > 1 else {
            shared.count { $0.drop(count, .frameLimit) }
            shared.log.error("reading.dropped", "reason=frame_limit")
            return
        }
        var (first, second) = window.halves()
        window = ReadingWindow()
        encode(&self, &first, false)
        encode(&self, &second, true)
    }

    private static func rehearse(
        _ bytes: [UInt8], _ frame: FrameIdentity, _ table: ChannelTable?,
        _ decoder: inout FrameDecoder?
    ) -> PublishedBatch? {
        guard decoder != nil, let table else { return nil }
        var batch = ReadingBatch()
        // Cannot fail: it was encoded a moment ago, after the frame before it.
        guard case .decoded? = try? decoder?.decode(bytes.span, into: &batch) else { return nil }
        return PublishedBatch(frame: frame, batch: batch, table: table)
    }

    /// Gives the sensors that have none a channel table, which ends the group.
    mutating func makeTable() {
        tableDelay.tableMade()
        guard names.count > (table?.table.entries.count ?? 0), !isBlocked else { return }
        let entries = (0..<names.count).map {
            Channel(name: Array(names.text[names.range(of: $0)]))
        }
        // Cannot fail: `SensorNames` holds what a table may hold.
        guard let made = try? ChannelTable(entries) else { return }
        let next = AgentTable(table: made, version: (table?.version ?? 0) + 1)
        table = next
        data.encoder.setTable(id: made.id, channels: entries.count)
        alert.encoder.setTable(id: made.id, channels: entries.count)
        groups.requestEnd(.table)
        let group = GroupIdentity(stream: shared.stream, lane: .data, group: made.id)
        var header = RecordHeader(kind: .table, frame: FrameIdentity(group: group, index: 0))
        header.prefix = shared.topicPrefix
        var bytes: [UInt8] = []
        ChannelTableFrame(stream: shared.stream, nodeHash: nodeHash, table: made).append(to: &bytes)
        queue.add(.table(header, bytes, next))
    }

    /// The next data frame is a key frame, and what the group has is complete.
    mutating func endGroup(_ end: GroupPolicy.End) {
        groups.endGroup(end)
        guard let group = openGroup else { return }
        openGroup = nil
        queue.add(.close(group))
    }

    /// Carries out what waits for the spool.
    mutating func carryOut(at now: MonotonicInstant) {
        if let retryAt, now < retryAt { return }
        retryAt = nil
        // Before the attempt, so that room that appears behind it is not missed.
        shared.awaitRoom()
        switch queue.carryOut(spool, shared) {
        case .done:
            if isFull || storeFault != nil { shared.log.info("spool.resumed") }
            if storeFault != nil { shared.setStoreFault(false) }
            isFull = false
            storeFault = nil
        case .full:
            if !isFull { shared.log.warning("spool.full") }
            isFull = true
        case .sealed:
            encodeAgain(at: now)
        case .failed(let error):
            if storeFault == nil { shared.log.error("spool.failed", "error=\(error)") }
            storeFault = error
            shared.setStoreFault(true)
            retryAt = now + Self.retryPause
        }
    }

    /// The spool gave up the segment of a group whose next frame waits. No frame may build on it
    /// any more, so the readings that wait get a new group.
    private mutating func encodeAgain(at now: MonotonicInstant) {
        groups.requestEnd(.store)
        // A window may be open meanwhile, of which the frames to be made again know nothing.
        let (times, policy) = ((data.firstTime, data.lastTime), data.policy)
        for order in queue.takeAll() {
            switch order {
            case .table: queue.add(order)
            case .close(let group): if group.lane != .data { queue.add(order) }
            case .frame(let frame):
                guard frame.header.frame.group.lane == .data else {
                    queue.add(order)
                    continue
                }
                var window = frame.window
                (data.firstTime, data.lastTime) = (frame.header.firstTime, frame.header.lastTime)
                encodeData(&window, mark: frame.mark, at: now)
            }
        }
        (data.firstTime, data.lastTime) = times
        if !data.window.isEmpty { data.policy.reopen(as: policy) }
        // Not at once, as a disk that breaks each new segment would keep this thread for ever.
        retryAt = now + Self.retryPause
    }

    /// Sets the size of the next windows by what their frames will be.
    mutating func expectNext() {
        let isKey = groups.expectsKey || !data.encoder.canChain
        data.expect(isKey: isKey)
        alert.expect(isKey: true)
    }
}
