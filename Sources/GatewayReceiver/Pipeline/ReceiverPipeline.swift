// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayConfiguration
internal import GatewayCore
internal import HostSystem
internal import MosquittoClient
internal import StoreAndForward

/// From message to sink, without sockets and threads: what links bring comes in, what is to be
/// published goes out, and time is an argument.
///
///     message ─▶ judge ─▶ check ─▶ journal ─▶ decode ─▶ sinks that are at the end of the journal
///                                     ├── commit: sync ─▶ acknowledged, sinks written
///                                     │            └── each second: sinks synced, checkpoint
///                                     └── read again ─▶ sinks that lag, each at its own place
///
/// Nothing that was decoded leaves before the journal has its frame on the disk. What is in the
/// journal is acknowledged, whatever the sinks do.
struct ReceiverPipeline: ~Copyable {
    /// A checkpoint is made after so many bytes, or after a second.
    static let checkpointBytes = 4 << 20
    static let checkpointPause = Duration.seconds(1)
    /// The largest checkpoint that is read: a stream takes about 100 bytes, so this is room for all
    /// streams of all nodes at their limits.
    static let checkpointLimit = 512 << 20
    /// The file that says how far the sinks are.
    static let checkpointName = "checkpoint"
    /// The most readings of a frame.
    static let readingLimit = 1 << 16
    /// A batch with more readings gives its memory back.
    static let batchLimit = 1 << 13
    /// With so many readings decoded a turn ends, however small the frames were.
    static let turnReadings = 1 << 16
    /// Records of the journal that a sink which lags passes over in a turn.
    static let turnRecords = 512
    /// What the contexts of live groups take at most.
    static let contextBytes = 128 << 20
    /// The same for the groups that one sink reads again.
    static let laggingContextBytes = 16 << 20
    /// Groups that were found to be unreadable and are remembered, so that each sink that comes
    /// upon one does not count it again.
    static let unreadableLimit = 256

    let settings: ReceiverSettings
    /// Has the checkpoint.
    let folder: any StateFiles
    var journal: Spool<ChosenStorage>
    var tables: TableStore
    var contexts = ContextPool(byteLimit: contextBytes)
    /// For frames that nothing chains to.
    let single = LiveContext(
        NodeGroup(
            node: -1, group: GroupIdentity(stream: StreamID(random: 0), lane: .alert, group: 0)))
    var batch = ReadingBatch()
    var sinks: [any ReadingSink]

    var nodes: [KnownNode] = []
    var nodePlaces: [String: Int] = [:]
    var held = HeldFrames()
    var resends = ResendPolicy()
    var gaps = GapLedger()
    var acks = AckPolicy()
    var requests: OpenRequests
    var counts = ReceiverCounts()

    /// Frames in the journal, not yet synced, to be acknowledged.
    var unsynced: [(frame: FrameIdentity, node: Int, link: Int)] = []
    /// Groups that are whole, and where the journal ended then.
    var settled: [(group: GroupIdentity, place: UInt64)] = []
    /// Groups of ended streams: no longer kept in the journal for their next frame from then on.
    var ending: [(group: NodeGroup, due: MonotonicInstant)] = []
    /// Groups whose past is not in the journal any more; a resend builds their context again.
    var lostContexts: [NodeGroup] = []
    /// What is to be published.
    var outbox: [(link: Int, publication: Publication)] = []
    /// Lines for the log.
    var notes: [String] = []

    /// Groups that cannot be read.
    var unreadable: [NodeGroup] = []
    /// Where the last frame of the journal ends.
    var framesEnd: UInt64 = 0
    /// Readings decoded since the last commit.
    var readingsOfTurn = 0
    /// A sink that lags can go on at once.
    var hasMore = false
    /// When to try to read the journal again.
    var feedAt = MonotonicInstant.distantFuture
    /// Sinks that did not take their bytes last time, by name.
    var failingSinks: Set<String> = []

    /// The journal's disk takes nothing, or no sink does and the journal is full: nothing new is
    /// taken either.
    var isBlocked = false
    /// Why a checkpoint was not written last.
    var failure: SystemError?
    var isChanged = false
    var lastCheckpoint = MonotonicInstant(nanoseconds: 0)
    var now = MonotonicInstant(nanoseconds: 0)

    init(
        _ settings: ReceiverSettings, _ journal: consuming Spool<ChosenStorage>,
        _ folder: any StateFiles, _ tables: TableStore, _ sinks: [any ReadingSink], seed: UInt64
    ) {
        self.settings = settings
        self.folder = folder
        self.journal = journal
        self.tables = tables
        self.sinks = sinks
        if settings.sinks.contains(.mqtt) {
            for link in 0..<max(settings.brokers.count, 1) {
                let broker = settings.brokers.isEmpty ? nil : settings.brokers[link]
                let path = broker.map { "\($0.host):\($0.port)" } ?? "-"
                self.sinks.append(TopicSink(link: link, path: path, settings))
            }
        }
        requests = OpenRequests(receiver: settings.identifier, seed: seed)
    }

    /// Takes one message from a link.
    mutating func take(_ message: ClientMessage, link: Int, at now: MonotonicInstant) {
        counts.messages += 1
        guard message.topic.utf8.count <= 240, let address = NodeAddress(message.topic) else {
            return counts.refuse(.topic)
        }
        switch address.topic {
        case .frame(let topic):
            guard let node = place(of: address) else { return counts.refuse(.nodes) }
            takeFrame(message.payload, topic, node: node, link: link, at: now)
        case .heads:
            guard let node = place(of: address) else { return counts.refuse(.nodes) }
            nodes[node].link = link
            takeHeads(message.payload, node: node, at: now)
        case .response(let verb) where verb == "resend":
            guard let node = place(of: address) else { return counts.refuse(.nodes) }
            takeResponse(message.payload, node: node, at: now)
        case .response(let verb) where verb == "rebirth":
            takeTableResponse(message.payload, at: now)
        case .state:
            guard let node = place(of: address) else { return counts.refuse(.nodes) }
            nodes[node].link = link
            takeState(message, node: node, at: now)
        case .birth, .health, .gap, .event, .acknowledgement, .data, .command, .response:
            break
        }
    }

    /// A link has its connection: its nodes may be asked again.
    mutating func connected(link: Int, at now: MonotonicInstant) {
        requests.auditAt = now + .seconds(2)
        for node in nodes.indices where nodes[node].link == link {
            resends.hurry(node: node, at: now, delay: requests.jitter())
            requests.hurry(node: node, at: now + requests.jitter())
        }
    }

    /// The broker of `link` answered for a reading.
    mutating func delivered(
        _ place: UInt64, isTaken: Bool, link: Int, at now: MonotonicInstant
    ) {
        for sink in sinks {
            guard let sink = sink as? TopicSink, sink.takes(link: link) else { continue }
            let hadRoom = sink.hasRoom
            sink.settle(place, isTaken: isTaken, at: now)
            if !hadRoom, sink.hasRoom { hasMore = true }
        }
        isChanged = true
    }

    /// The turn is long enough: what came must be written before more is taken.
    var isTurnFull: Bool { readingsOfTurn >= Self.turnReadings }

    /// The number of the node; nil for one too many.
    mutating func place(of address: NodeAddress) -> Int? {
        if let place = nodePlaces[address.prefix] { return place }
        guard nodes.count < KnownNode.limit else { return nil }
        nodes.append(KnownNode(address))
        nodePlaces[address.prefix] = nodes.count - 1
        return nodes.count - 1
    }

    mutating func note(_ event: String, _ fields: String) {
        guard notes.count < 1000 else { return }
        notes.append(event + " " + fields)
    }

    /// What is to be published, for each link; the caller does it.
    mutating func takeOutbox() -> [(link: Int, publication: Publication)] {
        // Readings only once their frames are on the disk.
        if isJournalOnDisk {
            for case let sink as TopicSink in sinks {
                outbox += sink.takeOutbox().map { (sink.link, $0) }
            }
        }
        defer { outbox = [] }
        return outbox
    }

    mutating func takeNotes() -> [String] {
        defer { notes = [] }
        return notes
    }

    /// Acknowledges what may wait, as there is no later.
    mutating func acknowledgeAll() {
        sendAcknowledgements(acks.take(at: .distantFuture))
    }

    /// Every sink has everything, as far as its output can tell.
    var isDelivered: Bool {
        sinks.allSatisfy { $0.isClosed || ($0 as? TopicSink != nil) || isAtEnd($0) }
    }

    /// The broker has everything that is for MQTT.
    var isPublished: Bool {
        sinks.allSatisfy { $0 as? TopicSink == nil || isAtEnd($0) }
    }

    /// Nobody takes anything any more.
    var isOutputClosed: Bool { !sinks.isEmpty && sinks.allSatisfy(\.isClosed) }

    private func isAtEnd(_ sink: any ReadingSink) -> Bool {
        let feed = sink.safe.feed
        return feed.owed.isEmpty && feed.place >= framesEnd
    }

    /// Something waits for its channel table.
    var isWaitingForTables: Bool { sinks.contains { !$0.feed.waiting.isEmpty } }

    /// What is missing, as fields of a log line.
    var gapFields: String {
        "gaps=\(gaps.opened) filled=\(gaps.filled) lost=\(gaps.lost) open=\(gaps.openCount)"
    }
}
