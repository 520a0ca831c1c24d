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
        guard !data.window.isEmpty, !isHeld else { return }
        tellCounts()
        makeTable()
        let estimate = data.policy.estimatedBytes(
            readings: data.window.count, isKey: groups.expectsKey)
        if let end = groups.end(before: estimate, at: now) { groups.requestEnd(end) }
        var window = data.takeWindow()
        encodeData(
            &window, mark: .kept(read: readMark, open: [alert.mark, deferred.mark]), at: now)
        data.emptied(window)
        carryOut(at: now)
        expectNext()
    }

    private mutating func encodeData(
        _ window: inout ReadingWindow, mark: InputMark, at now: MonotonicInstant
    ) {
        let isKey = groups.expectsKey || !data.encoder.canChain
        let count = window.count
        do throws(EncodeError) {
            let frame = try data.frame(
                &window, as: isKey ? .key(group: nextGroup) : .chained, frameSetting, mark: mark)
            if isKey {
                nextGroup &+= 1
                openGroup = frame.header.frame.group
            }
            groups.frameMade(isKey: isKey, bytes: frame.bytes.count, at: now)
            queue.add(.frame(frame))
        } catch {
            groups.requestEnd(.size)
            // Only the last part makes the window whole.
            let start = min(mark, data.mark ?? mark)
            split(&window, count) { stage, part, isLast in
                stage.encodeData(&part, mark: isLast ? mark : start, at: now)
            }
        }
    }

    private var frameSetting: FrameSetting {
        FrameSetting(
            stream: shared.stream, prefix: shared.topicPrefix, table: table?.table,
            dataSync: dataSync)
    }

    /// The alert window becomes a key frame that is a group of its own.
    mutating func closeAlert(at now: MonotonicInstant) {
        guard !alert.window.isEmpty, !isHeld else { return }
        tellCounts()
        // An alert waits for no other sensors.
        makeTable()
        var window = alert.takeWindow()
        let mark = InputMark.kept(read: readMark, open: [data.mark, deferred.mark])
        encodeAlone(.alert, &window, mark: mark)
        alert.emptied(window)
        alert.expect(isKey: true)
        carryOut(at: now)
    }

    /// So does what is kept until someone asks for it.
    mutating func closeDeferred(at now: MonotonicInstant) {
        guard !deferred.window.isEmpty, !isHeld else { return }
        tellCounts()
        makeTable()
        var window = deferred.takeWindow()
        let mark = InputMark.kept(read: readMark, open: [data.mark, alert.mark])
        encodeAlone(.deferred, &window, mark: mark)
        deferred.emptied(window)
        deferred.expect(isKey: true)
        carryOut(at: now)
    }

    private mutating func encodeAlone(
        _ lane: Lane, _ window: inout ReadingWindow, mark: InputMark
    ) {
        let count = window.count
        var start = mark
        do throws(EncodeError) {
            let role = FrameRole.key(group: nextGroup)
            let frame: FreshFrame
            switch lane {
            case .data: preconditionFailure("frames of the data lane are chained")
            case .alert:
                start = min(start, alert.mark ?? start)
                frame = try alert.frame(&window, as: role, frameSetting, mark: mark)
            case .deferred:
                start = min(start, deferred.mark ?? start)
                frame = try deferred.frame(&window, as: role, frameSetting, mark: mark)
            }
            nextGroup &+= 1
            queue.add(.frame(frame))
            queue.add(.close(frame.header.frame.group))
        } catch {
            split(&window, count) { stage, part, isLast in
                stage.encodeAlone(lane, &part, mark: isLast ? mark : start)
            }
        }
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

    /// Gives the sensors that have none a channel table, which ends the group.
    mutating func makeTable() {
        tableDelay.tableMade()
        // Readers may have met names of which no reading came yet.
        let entries = gate.channels
        guard entries.count > (table?.table.entries.count ?? 0) || isTableOld, !isHeld else {
            return
        }
        isTableOld = false
        // Cannot fail: `SensorNames` holds what a table may hold, and so do the settings.
        guard let made = try? ChannelTable(entries), made.id != table?.id else { return }
        let next = AgentTable(table: made, version: (table?.version ?? 0) + 1)
        table = next
        data.encoder.setTable(id: made.id, channels: entries.count)
        alert.encoder.setTable(id: made.id, channels: entries.count)
        deferred.encoder.setTable(id: made.id, channels: entries.count)
        for (sensor, entry) in entries.enumerated() {
            data.encoder.setMaximumError(of: sensor, to: entry.maximumError ?? 0)
            deferred.encoder.setMaximumError(of: sensor, to: entry.maximumError ?? 0)
        }
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
        if let retryAt, now < retryAt {
            boundMemory()
            return
        }
        retryAt = nil
        // Before the attempt, so that room that appears behind it is not missed.
        shared.awaitRoom()
        switch queue.carryOut(spool, shared) {
        case .done:
            if isFull || storeFault != nil { shared.log.info("spool.resumed") }
            if storeFault != nil { shared.setStoreFault(false) }
            isFull = false
            storeFault = nil
            isMemoryFull = false
        case .full:
            if !isFull { shared.log.warning("spool.full") }
            isFull = true
        case .sealed:
            encodeAgain(at: now)
        case .failed(let error):
            if storeFault == nil { shared.log.error("spool.failed", "error=\(error)") }
            storeFault = error
            isFull = false
            shared.setStoreFault(true)
            retryAt = now + Self.retryPause
            boundMemory()
        }
    }

    /// What waits for a disk that refuses stays within its bound.
    private mutating func boundMemory() {
        for dropped in queue.shrink() {
            shared.count { $0.drop(dropped.readings, .storeFailed) }
            if !isMemoryFull { shared.log.error("spool.memory_full", "bytes=\(queue.memoryLimit)") }
            isMemoryFull = true
            guard dropped.group == openGroup else { continue }
            // No frame may build on those that are gone.
            groups.requestEnd(.drop)
        }
    }

    /// The spool gave up the segment of a group whose next frame waits. No frame may build on it
    /// any more, so the readings that wait get a new group.
    private mutating func encodeAgain(at now: MonotonicInstant) {
        groups.requestEnd(.store)
        // A window may be open meanwhile, of which the frames to be made again know nothing.
        let policy = data.policy
        let orders = queue.takeAll()
        // All new frames name the newest table, so the tables go before them.
        for case .table(let header, let bytes, let table) in orders {
            queue.add(.table(header, bytes, table))
        }
        for order in orders {
            switch order {
            case .table: break
            case .close(let group): if group.lane != .data { queue.add(order) }
            case .frame(let frame):
                guard frame.header.frame.group.lane == .data else {
                    queue.add(order)
                    continue
                }
                var window = frame.window
                encodeData(&window, mark: frame.mark, at: now)
            }
        }
        if !data.window.isEmpty { data.policy.reopen(as: policy) }
        // Not at once, as a disk that breaks each new segment would keep this thread for ever.
        retryAt = now + Self.retryPause
    }

    /// Sets the size of the next windows by what their frames will be.
    mutating func expectNext() {
        let isKey = groups.expectsKey || !data.encoder.canChain
        data.expect(isKey: isKey)
        alert.expect(isKey: true)
        deferred.expect(isKey: true)
    }
}
