// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration
internal import GatewayCore
internal import HostSystem
internal import MosquittoClient

/// What the thread of a link does: dial, subscribe, hand over what comes, publish what it is given.
struct LinkStage: ~Copyable {
    /// Publications that wait for their PUBACK.
    private static let window = 32
    /// Messages that wait for the main thread, besides those in the ring.
    private static let backlogLimit = 4096

    private let link: BrokerLink
    private var client: MosquittoClient
    private var machine = LinkMachine()
    private var random = SystemRandomNumberGenerator()
    /// Questions, acknowledgements and notices: they never wait behind readings.
    private var urgent: [Publication] = []
    private var queue: [Publication] = []
    private var queueStart = 0
    private var inFlight: [Int32: Publication] = [:]
    private var events: [LinkEvent] = []

    init(_ link: BrokerLink) throws(ClientError) {
        self.link = link
        var settings = ClientSettings(clientID: link.clientID)
        settings.user = link.broker.user
        settings.password = link.broker.password
        settings.keepAliveSeconds = max(Int(link.broker.keepAlive.components.seconds), 5)
        client = try MosquittoClient(settings)
    }

    /// Runs until the link is told to end.
    mutating func run() {
        while true {
            link.wake.clear()
            sort(link.takeOutbox())
            let now = Self.now
            if let endBy = link.endBy, now >= endBy || isIdle || !machine.isConnected {
                return finish()
            }
            let until = dial(at: now)
            publish()
            handOver()
            do throws(ClientError) {
                try client.run(until: until.nanoseconds, wake: link.wake.descriptor)
            } catch {
                lose(at: Self.now)
            }
            takeEvents()
        }
    }

    private static var now: MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64(MonotonicClock.nanoseconds))
    }

    private var isIdle: Bool {
        urgent.isEmpty && queueStart == queue.count && inFlight.isEmpty
    }

    private mutating func sort(_ publications: [Publication]) {
        for publication in publications {
            if case .reading = publication.purpose {
                queue.append(publication)
            } else {
                urgent.append(publication)
            }
        }
    }

    /// Does what the machine wants; until when there is nothing else.
    private mutating func dial(at now: MonotonicInstant) -> MonotonicInstant {
        let soon = now + .seconds(1)
        switch machine.next(at: now, using: &random) {
        case .wait(let until):
            return events.isEmpty ? min(until, soon) : now + .milliseconds(20)
        case .hangUp:
            client.drop()
            return soon
        case .dial:
            do throws(ClientError) {
                try client.connect(host: link.broker.host, port: link.broker.port)
            } catch {
                events.append(.disconnected(reason: -1))
                machine.failed(at: Self.now, using: &random)
            }
            return soon
        }
    }

    private mutating func publish() {
        var sent = 0
        while sent < urgent.count, publish(urgent[sent]) { sent += 1 }
        urgent.removeFirst(sent)
        while queueStart < queue.count, publish(queue[queueStart]) { queueStart += 1 }
        if queueStart > 1024 || queueStart == queue.count {
            queue.removeFirst(queueStart)
            queueStart = 0
        }
    }

    /// Whether the publication is off the queue.
    private mutating func publish(_ publication: Publication) -> Bool {
        guard machine.isConnected, inFlight.count < Self.window else { return false }
        do throws(ClientError) {
            let id = try client.publish(
                publication.topic, publication.payload.span, quality: 1,
                isRetained: publication.isRetained)
            inFlight[id] = publication
            return true
        } catch .tooLarge {
            // The broker will never take it.
            link.settle(publication, isTaken: false)
            return true
        } catch {
            return false
        }
    }

    private mutating func takeEvents() {
        while let event = client.nextEvent() {
            let now = Self.now
            switch event {
            case .connected:
                machine.connected(at: now)
                link.setConnected(true)
                events.append(.connected)
                // What fails here ends the connection, which is the next event.
                try? client.subscribe(link.filters)
            case .refused(let reason):
                events.append(.refused(reason: reason))
                lose(at: now)
            case .disconnected(let reason):
                events.append(.disconnected(reason: reason))
                lose(at: now)
            case .acknowledged(let id, let reason):
                guard let publication = inFlight.removeValue(forKey: id) else { continue }
                link.settle(publication, isTaken: reason < 0x80)
            case .subscribed(let grants):
                if let refusal = grants.first(where: { $0 >= 0x80 }) {
                    events.append(.notSubscribed(reason: refusal))
                }
            case .message(let message):
                if events.count < Self.backlogLimit {
                    events.append(.message(message))
                } else {
                    link.countDroppedMessage()
                }
            }
        }
        handOver()
    }

    /// The connection is over: what was in flight may have arrived or not, and is sent again.
    private mutating func lose(at now: MonotonicInstant) {
        link.setConnected(false)
        machine.failed(at: now, using: &random)
        let again = inFlight.keys.sorted().compactMap { inFlight[$0] }
        inFlight = [:]
        let waiting = urgent + queue[queueStart...]
        urgent = []
        queue = []
        queueStart = 0
        for publication in again + waiting where publication.purpose == .request {
            link.settle(publication, isTaken: false)
        }
        sort((again + waiting).filter { $0.purpose != .request })
    }

    private mutating func handOver() {
        var count = 0
        while count < events.count, link.events.offer(events[count]) { count += 1 }
        events.removeFirst(count)
        if count > 0 { link.news.raise() }
    }

    private mutating func finish() {
        client.disconnect()
        let limit = Self.now + .seconds(1)
        while client.isConnected, Self.now < limit {
            guard (try? client.run(until: limit.nanoseconds, wake: -1)) != nil else { return }
            while client.nextEvent() != nil {}
        }
    }
}
