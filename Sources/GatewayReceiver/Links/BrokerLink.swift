// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration
internal import GatewayCore
internal import HostSystem
internal import MosquittoClient
internal import Synchronization

/// One broker, and the thread that owns the connection to it. Its trouble is nobody else's.
final class BrokerLink: Sendable {
    private struct Shared {
        var outbox: [Publication] = []
        var deliveries: [Delivery] = []
        var isConnected = false
        /// Publications on their way to the broker.
        var backlog = 0
        var droppedMessages = 0
        /// When to end, however much waits; nil while it runs.
        var endBy: MonotonicInstant?
    }

    /// With so many publications on their way notices are dropped: only readings wait as long as
    /// they must, and of them there are never so many.
    private static let backlogLimit = 100_000

    let broker: BrokerSettings
    let clientID: String
    let filters: [String]
    /// What came, for the main thread.
    let events: BatchRing<LinkEvent>
    /// Wakes this thread.
    let wake: EventFlag
    /// Wakes the main thread.
    let news: EventFlag
    private let shared = Mutex(Shared())

    init(
        _ broker: BrokerSettings, clientID: String, filters: [String], news: EventFlag
    ) throws(SystemError) {
        self.broker = broker
        self.clientID = clientID
        self.filters = filters
        self.news = news
        events = try BatchRing(capacity: 4096)
        wake = try EventFlag()
    }

    // MARK: the main thread

    /// Hands publications over. Requests are dropped where there is no connection.
    func send(_ publications: [Publication]) {
        shared.withLock { shared in
            for publication in publications {
                switch publication.purpose {
                case .request where !shared.isConnected: continue
                case .notice where shared.backlog >= Self.backlogLimit: continue
                case .request, .notice, .reading: break
                }
                shared.outbox.append(publication)
                shared.backlog += 1
            }
        }
        wake.raise()
    }

    func takeDeliveries() -> [Delivery] {
        shared.withLock { shared in
            defer { shared.deliveries = [] }
            return shared.deliveries
        }
    }

    /// Messages that came while the main thread was too far behind; they are asked for again.
    var droppedMessages: Int { shared.withLock { $0.droppedMessages } }

    /// Ends the thread once everything is acknowledged, or at `instant`.
    func end(by instant: MonotonicInstant) {
        shared.withLock { $0.endBy = instant }
        wake.raise()
    }

    // MARK: the link's own thread

    func takeOutbox() -> [Publication] {
        shared.withLock { shared in
            defer { shared.outbox = [] }
            return shared.outbox
        }
    }

    func setConnected(_ isConnected: Bool) {
        shared.withLock { $0.isConnected = isConnected }
    }

    /// A publication is over, one way or the other.
    func settle(_ publication: Publication, isTaken: Bool) {
        shared.withLock { shared in
            shared.backlog -= 1
            if case .reading(let place) = publication.purpose {
                shared.deliveries.append(Delivery(place: place, isTaken: isTaken))
            }
        }
        news.raise()
    }

    func countDroppedMessage() { shared.withLock { $0.droppedMessages += 1 } }

    var endBy: MonotonicInstant? { shared.withLock { $0.endBy } }
}
