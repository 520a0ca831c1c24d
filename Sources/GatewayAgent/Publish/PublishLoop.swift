// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration
internal import GatewayCore
internal import HostSystem
internal import MosquittoClient
internal import StoreAndForward

/// Owns the connection and carries out what the machines decide.
///
/// One turn: look at what the other threads say, let the link machine and the publish machine
/// decide until both wait, wait for the broker or a flag, tell the machines what happened.
struct PublishLoop<Client: BrokerConnection & ~Copyable>: ~Copyable {
    /// Orders carried out in one turn, so that the connection is served between them.
    private static var ordersPerTurn: Int { 64 }
    /// How long the goodbye may take; the main thread waits for two seconds.
    private static var goodbye: Duration { .seconds(1) }
    /// After a failure of the spool it is left alone for so long.
    private static var spoolPause: Duration { .seconds(1) }

    var settings: AgentSettings
    var broker: BrokerSettings
    /// The number of the settings that were taken last.
    var settingsVersion = 0
    let spool: SharedSpool
    let shared: AgentShared
    /// With its slash at the end.
    let prefix: String
    var client: Client
    var link: LinkMachine
    /// What is told to people.
    var report = LinkReport()
    var machine: PublishMachine
    var surroundings: LinkSurroundings
    var health: LinkHealth
    var readings = ReadingQueue()
    /// The version of the table that the last `birth` told of.
    var bornVersion = 0
    /// Readings in flight as the counts know them.
    private var countedInFlight = 0
    private var payload: [UInt8] = []
    private var spoolPausedUntil: MonotonicInstant?
    private var nextTrim = MonotonicInstant(nanoseconds: 0)
    /// Why the library did not take a frame; logged once.
    private var refusal: ClientError?
    /// Something happened since the machines were asked: they must be asked again.
    private var hasNews = false
    /// The publish machine has ended.
    private var isOver = false

    init(
        _ settings: AgentSettings, _ broker: BrokerSettings, spool: SharedSpool,
        shared: AgentShared, client: consuming Client,
        surroundings: LinkSurroundings = LinkSurroundings()
    ) {
        self.settings = settings
        self.broker = broker
        self.spool = spool
        self.shared = shared
        prefix = String(decoding: shared.topicPrefix, as: UTF8.self)
        var policy = PublishPolicy(stream: shared.stream)
        policy.waitsForReceivers = settings.delivery == .receiver
        policy.requiredReceivers = settings.requiredReceivers
        machine = PublishMachine(policy)
        link = LinkMachine(retry: Self.retry(broker))
        health = LinkHealth(
            at: surroundings.instant(), maximumBytes: settings.spool.maximumBytes)
        self.client = client
        self.surroundings = surroundings
    }

    mutating func run() {
        while let deadline = step() { wait(until: deadline) }
        sayGoodbye()
    }

    /// Does what there is to do; until when there is nothing else, or nil at the end.
    mutating func step() -> MonotonicInstant? {
        // Before anything is looked at, so that what happens meanwhile is not missed.
        shared.wakeLink.clear()
        let now = surroundings.instant()
        guard takePhase() else { return nil }
        let deadline = turn(at: now)
        return isOver ? nil : deadline
    }

    /// False when the agent has ended.
    private mutating func takePhase() -> Bool {
        switch shared.phase {
        case .running, .stopping: return true
        case .draining(let until):
            // Each time, as a signal may cut it short.
            machine.finish(by: until)
            return true
        case .ended: return false
        }
    }

    /// Decides and acts until there is nothing to do; when to look again.
    private mutating func turn(at now: MonotonicInstant) -> MonotonicInstant {
        hasNews = false
        takeSettings(at: now)
        var deadline = tendLink(at: now)
        takeTable()
        deadline = min(deadline, publish(at: now))
        readings.send(from: shared.readings, over: &client, prefix: prefix)
        takeEvents()
        settleCounts()
        health.look(link: link, machine: machine, spool: spool, shared: shared, at: now)
        tellStatus(at: now)
        return hasNews ? now : min(deadline, health.nextLook)
    }

    /// Waits for the broker, a flag or the moment.
    mutating func wait(until deadline: MonotonicInstant) {
        do throws(ClientError) {
            try client.run(
                until: deadline.nanoseconds, wake: shared.wakeLink.descriptor)
        } catch {
            shared.log.warning("link.failed", "error=\(error)")
            client.drop()
            connectionEnded()
        }
        takeEvents()
        settleCounts()
    }

    // MARK: the link

    private mutating func tendLink(at now: MonotonicInstant) -> MonotonicInstant {
        switch link.next(at: now, using: &surroundings) {
        case .wait(let until): return until
        case .hangUp:
            shared.log.warning("link.silent", "broker=\(broker.host):\(broker.port)")
            report.fault = StatusPage.LinkFault(kind: .silent, code: 0)
            client.drop()
            return now
        case .dial:
            client.settings.will = Will(
                topic: prefix + NodeTopic.state.suffix, payload: state(isOnline: false, next: 1))
            do throws(ClientError) {
                try client.connect(host: broker.host, port: broker.port)
            } catch {
                shared.log.warning("link.failed", "error=\(error)")
                report.fault = StatusPage.LinkFault(error)
                link.failed(at: now, using: &surroundings)
            }
            return now
        }
    }

    private mutating func takeEvents() {
        let now = surroundings.instant()
        while let event = client.nextEvent() {
            hasNews = true
            switch event {
            case .connected(let answer): connected(answer, at: now)
            case .refused(let reason): refused(reason)
            case .disconnected(let reason):
                let isNews = link.isConnected
                report.fault = StatusPage.LinkFault(disconnected: reason, client.systemCode)
                connectionEnded()
                shared.log.write(
                    isNews ? .warning : .debug, "link.down",
                    "reason=\(reason) errno=\(client.systemCode)")
            case .acknowledged(let publication, let reason):
                if !readings.answered(publication) {
                    _ = machine.answered(publication, reason: reason, at: now)
                }
            case .subscribed(let grants):
                if grants.contains(where: { $0 >= 0x80 }) {
                    shared.log.warning("link.subscription_refused", "grants=\(grants)")
                }
            case .message(let message): take(message, at: now)
            }
        }
    }

    private mutating func connected(_ answer: ConnectAnswer, at now: MonotonicInstant) {
        link.connected(at: now)
        do throws(SpoolError) {
            try spool.with { spool throws(SpoolError) in
                try machine.connected(at: now, to: &spool)
            }
        } catch {
            shared.log.error("spool.failed", "error=\(error)")
            client.drop()
            connectionEnded()
            return
        }
        shared.log.info("link.up", "broker=\(broker.host):\(broker.port)")
        shared.setLink(
            LinkState(isConnected: true, frameLimit: frameLimit(answer.maximumPacketBytes)))
        subscribe()
        say(.state, state(isOnline: true, next: 0), isRetained: true)
        if shared.table != nil { publishBirth() }
    }

    private mutating func refused(_ reason: UInt8) {
        shared.log.warning("link.refused", "reason=\(reason)")
        report.fault = StatusPage.LinkFault(kind: .refused, code: Int(reason))
        // What an older broker says to MQTT 5, in its own words or in those of MQTT 5.
        if reason == 0x01 || reason == 0x84, client.settings.version == .v5 {
            client.settings.version = .v311
        }
        connectionEnded()
    }

    /// Whatever was under way is unknown.
    mutating func connectionEnded() {
        hasNews = true
        machine.disconnected()
        readings.connectionEnded()
        link.failed(at: surroundings.instant(), using: &surroundings)
        // The next broker is most likely the same.
        let link = shared.link
        if link.isConnected { shared.setLink(LinkState(frameLimit: link.frameLimit)) }
        settleCounts()
    }

    // MARK: orders of the publish machine

    /// Carries out what the machine wants until it waits; when it must be asked again.
    private mutating func publish(at now: MonotonicInstant) -> MonotonicInstant {
        if let until = spoolPausedUntil, now < until { return until }
        for _ in 0..<Self.ordersPerTurn {
            let order: PublishOrder
            do throws(SpoolError) {
                order = try nextOrder(at: now)
            } catch {
                shared.log.error("spool.failed", "error=\(error)")
                health.isSpoolFailing = true
                spoolPausedUntil = now + Self.spoolPause
                return now + Self.spoolPause
            }
            health.isSpoolFailing = false
            switch order {
            case .publish(let item, let topic): publish(item, topic, at: now)
            case .acknowledge(let group): acknowledge(group, at: now)
            case .publishHeads(let heads): say(.heads, heads.payload, isRetained: true)
            case .publishBirth: publishBirth()
            case .releaseDeferred: break
            case .endGroup: shared.requestGroupEnd()
            case .answer(let verb, let response):
                say(.response(verb: verb), response.payload, isRetained: false)
            case .reconnect:
                shared.log.warning("link.silent", "broker=\(broker.host):\(broker.port)")
                client.drop()
                connectionEnded()
            case .wait(let until): return until
            case .finished(let isComplete):
                isOver = !isComplete || readings.isEmpty(shared.readings)
                return now + .milliseconds(50)
            }
            settleCounts()
        }
        return now
    }

    /// With the bytes of a frame that is to be published in `payload`.
    private mutating func nextOrder(at now: MonotonicInstant) throws(SpoolError) -> PublishOrder {
        try spool.with { spool throws(SpoolError) in
            while true {
                let order = try machine.next(at: now, in: &spool)
                // Before the encoder can store another one, so that the count is exact.
                if order == .releaseDeferred { shared.count { $0.release($0.deferred) } }
                guard case .publish(let item, _) = order else { return order }
                do throws(SpoolError) {
                    if try spool.readFrame(at: item.place, into: &payload) { return order }
                } catch {
                    machine.notHandedOver()
                    throw error
                }
                shared.log.error("spool.damaged", "place=\(item.place)")
                machine.unreadable()
            }
        }
    }

    private mutating func publish(
        _ item: StoredFrame, _ topic: FrameTopic, at now: MonotonicInstant
    ) {
        let bytes = payload
        do throws(ClientError) {
            let publication = try client.publish(
                prefix + NodeTopic.frame(topic).suffix, bytes.span, quality: 1,
                isRetained: false)
            machine.handedOver(publication)
            shared.noteProgress(published: item.place)
        } catch .tooLarge {
            // The frame waits for a broker that takes it.
            shared.log.warning("link.frame_too_large", "bytes=\(bytes.count)")
            machine.doesNotFit(at: now)
        } catch .notConnected {
            machine.notHandedOver()
            takeEvents()
        } catch {
            // A broker that takes no QoS 1, for one. Asked again at once it would say the same.
            machine.notHandedOver()
            if refusal != error { shared.log.error("link.failed", "error=\(error)") }
            refusal = error
            client.drop()
            connectionEnded()
        }
    }

    private mutating func acknowledge(_ group: GroupIdentity, at now: MonotonicInstant) {
        do throws(SpoolError) {
            let end = try spool.with { spool throws(SpoolError) -> UInt64? in
                let end = try spool.find(group)?.upperBound
                let readings = try spool.acknowledge(group) ?? 0
                shared.count { $0.acknowledge(readings) }
                return end
            }
            machine.acknowledged(group)
            shared.noteProgress(acknowledged: end)
            shared.requestSync(within: .seconds(5))
            if now >= nextTrim {
                nextTrim = now + .seconds(1)
                try spool.with { spool throws(SpoolError) in try spool.trim() }
            }
            shared.roomMayHaveAppeared()
        } catch {
            shared.log.warning("spool.failed", "error=\(error)")
            machine.notAcknowledged(group, at: now)
        }
    }

    /// Tells the counts what is in flight now.
    private mutating func settleCounts() {
        let now = machine.readingsInFlight
        let change = now - countedInFlight
        if change == 0 { return }
        countedInFlight = now
        shared.count { change > 0 ? $0.publish(change) : $0.settle(-change) }
    }

    // MARK: the end

    /// Tells readers that the node is gone, so that they need not wait for the will.
    mutating func sayGoodbye() {
        guard client.isConnected else {
            client.drop()
            return
        }
        let deadline = surroundings.instant() + Self.goodbye
        let publication = say(.state, state(isOnline: false, next: 0), isRetained: true)
        var isTold = publication == nil
        while !isTold, client.isConnected, surroundings.instant() < deadline {
            if (try? client.run(until: deadline.nanoseconds, wake: -1)) == nil { break }
            while let event = client.nextEvent() {
                if case .acknowledged(let known, _) = event, known == publication { isTold = true }
            }
        }
        client.disconnect()
        while client.nextEvent() != nil {}
        machine.disconnected()
        settleCounts()
        shared.setLink(LinkState(frameLimit: shared.link.frameLimit))
    }
}
