// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayConfiguration
internal import GatewayCore

/// Readings on `data/<sensor>` of one broker, each with the journal's place of its frame,
/// so that a checkpoint knows up to where the broker has everything.
final class TopicSink: ReadingSink {
    /// Readings that no broker has acknowledged; with so many nothing more is appended. One frame
    /// may go beyond.
    static let publicationLimit = 1 << 14

    let format = "mqtt"
    /// Host and port of the broker.
    let path: String
    let link: Int
    var feed = SinkFeed()
    let contexts = ContextPool(byteLimit: ReceiverPipeline.laggingContextBytes)
    var losses = SinkLosses()
    private(set) var lastProgress = MonotonicInstant(nanoseconds: 0)
    let isClosed = false

    private let settings: ReceiverSettings
    private var outbox: [Publication] = []
    /// Publications per place that no broker acknowledged yet, rising.
    private var waiting: [(place: UInt64, count: Int)] = []
    /// How many these are.
    private(set) var outstanding = 0
    private(set) var readings = 0
    /// Readings that a broker refused to take.
    private(set) var refused = 0

    /// For the broker of `link`; `settings` say how readings are written.
    init(link: Int, path: String, _ settings: ReceiverSettings) {
        self.link = link
        self.path = path
        self.settings = settings
    }

    func takes(link: Int) -> Bool { link == self.link }
    var hasRoom: Bool { outstanding < Self.publicationLimit }

    /// Everything below is with the broker.
    var safe: SafePoint {
        var point = SafePoint(offset: 0, feed: feed)
        if let place = waiting.first?.place, place < feed.place {
            point.feed.place = place
            point.feed.isCurrent = false
        }
        return point
    }

    /// What it has for its link.
    func takeOutbox() -> [Publication] {
        defer { outbox = [] }
        return outbox
    }

    func append(_ batch: borrowing ReadingBatch, _ frame: DecodedFrame) {
        readings += batch.count
        let before = outbox.count
        let isHistoryTopic = frame.isHistory && settings.hasHistoryTopics
        let messages = TopicMessages(frame, level: isHistoryTopic ? "hist/" : "data/")
        switch settings.topicFormat {
        case .object: messages.appendObjects(batch, to: &outbox)
        case .value: messages.appendValues(batch, to: &outbox)
        case .array: messages.appendArrays(batch, to: &outbox)
        case .influx: messages.appendInflux(batch, to: &outbox)
        }
        expect(outbox.count - before, of: frame.place)
        // Only what is new is a last value.
        if settings.keepsLast, !frame.isHistory {
            messages.appendLast(batch, age: settings.lastAge, to: &outbox)
        }
    }

    /// The broker answered for a reading of the frame at `place`.
    func settle(_ place: UInt64, isTaken: Bool, at now: MonotonicInstant) {
        if !isTaken { refused += 1 }
        guard let i = waiting.firstIndex(where: { $0.place == place }) else { return }
        lastProgress = now
        outstanding -= 1
        waiting[i].count -= 1
        if waiting[i].count == 0 { waiting.remove(at: i) }
    }

    func skip(to place: UInt64) { feed.skip(to: place) }

    private func expect(_ count: Int, of place: UInt64) {
        guard count > 0 else { return }
        outstanding += count
        // A group that waited for its table lies before what went out meanwhile.
        var i = waiting.count
        while i > 0, waiting[i - 1].place > place { i -= 1 }
        if i > 0, waiting[i - 1].place == place {
            waiting[i - 1].count += count
        } else {
            waiting.insert((place, count), at: i)
        }
    }
}
