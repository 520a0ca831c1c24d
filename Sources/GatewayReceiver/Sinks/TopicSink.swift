// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore
internal import LineProtocols

/// Readings as JSON on `data/<sensor>` of one broker, each with the journal's place of its frame,
/// so that a checkpoint knows up to where the broker has everything.
final class TopicSink: ReadingSink {
    /// Readings that no broker has acknowledged; with so many nothing more is appended. One frame
    /// may go beyond.
    static let publicationLimit = 1 << 14

    let format = SinkFormat.mqtt
    /// Host and port of the broker.
    let path: String
    let link: Int
    var feed = SinkFeed()
    let contexts = ContextPool(byteLimit: ReceiverPipeline.laggingContextBytes)
    var losses = SinkLosses()
    private(set) var lastProgress = MonotonicInstant(nanoseconds: 0)
    let isClosed = false

    private var text = TextBuffer()
    private var outbox: [Publication] = []
    /// Publications per place that no broker acknowledged yet, rising.
    private var waiting: [(place: UInt64, count: Int)] = []
    /// How many these are.
    private(set) var outstanding = 0
    private(set) var readings = 0
    /// Readings that a broker refused to take.
    private(set) var refused = 0

    init(link: Int, path: String) {
        self.link = link
        self.path = path
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
        let writer = ReadingText(
            frame: frame.frame, basePriority: frame.basePriority, isHistory: frame.isHistory)
        let channels = frame.table.entries
        var topics = [String?](repeating: nil, count: channels.count)
        var text = text
        outbox.reserveCapacity(outbox.count + batch.count)
        func append(_ reading: Reading, _ number: Int, _ annotation: Annotation) {
            let channel = channels[reading.sensor]
            let topic =
                topics[reading.sensor]
                ?? frame.prefix + NodeTopic.data(sensor: channel.name).suffix
            topics[reading.sensor] = topic
            text.removeAll()
            writer.append(
                reading, number: number, annotation: annotation, of: channel, to: &text)
            outbox.append(
                Publication(topic: topic, payload: text.bytes, purpose: .reading(frame.place)))
        }
        batch.forEach(append)
        self.text = text
        readings += batch.count
        expect(batch.count, of: frame.place)
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
