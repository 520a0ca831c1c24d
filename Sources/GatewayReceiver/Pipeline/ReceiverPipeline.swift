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
///     message ─▶ judge ─▶ check ─▶ journal ─▶ decode ─▶ lines gathered
///                                     └── commit: sync ─▶ sinks written ─▶ acknowledged
///                                                  └── each second: sinks synced, checkpoint
///
/// Nothing that was decoded leaves before the journal has its frame on the disk.
struct ReceiverPipeline: ~Copyable {
    /// Lines are written when so many bytes wait.
    static let flushBytes = 1 << 20
    /// A checkpoint is made after so many bytes, or after a second.
    static let checkpointBytes = 4 << 20
    static let checkpointPause = Duration.seconds(1)
    /// The file that says how far the sinks are.
    static let checkpointName = "checkpoint"
    /// The most readings of a frame.
    static let readingLimit = 1 << 16
    /// Groups whose contexts live at a time.
    static let contextLimit = 64

    let settings: ReceiverSettings
    /// Has the checkpoint.
    let folder: any StateFiles
    var journal: Spool<ChosenStorage>
    var tables: TableStore
    var contexts = ContextPool(limit: contextLimit)
    /// For frames that nothing chains to.
    let single = LiveContext(
        NodeGroup(
            node: -1, group: GroupIdentity(stream: StreamID(random: 0), lane: .alert, group: 0)))
    var batch = ReadingBatch()
    var sinks: [TextSink]
    var topics: TopicSink?

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

    /// A sink or the disk takes nothing: nothing new is taken either.
    var isBlocked = false
    var isOutputClosed = false
    /// Why a sink or a checkpoint was not written last.
    var failure: SystemError?
    var isChanged = false
    var lastCheckpoint = MonotonicInstant(nanoseconds: 0)

    init(
        _ settings: ReceiverSettings, _ journal: consuming Spool<ChosenStorage>,
        _ folder: any StateFiles, _ tables: TableStore, _ sinks: [TextSink], seed: UInt64
    ) {
        self.settings = settings
        self.folder = folder
        self.journal = journal
        self.tables = tables
        self.sinks = sinks
        topics = settings.sinks.contains(.mqtt) ? TopicSink() : nil
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

    /// A broker answered for a reading.
    mutating func delivered(_ place: UInt64, isTaken: Bool) {
        topics?.settle(place, isTaken: isTaken)
        isChanged = true
    }

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
        defer { outbox.removeAll(keepingCapacity: true) }
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

    /// What is missing, as fields of a log line.
    var gapFields: String {
        "gaps=\(gaps.opened) filled=\(gaps.filled) lost=\(gaps.lost) open=\(gaps.openCount)"
    }
}
