// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore
internal import LineProtocols

/// Readings as JSON on `data/<sensor>`, each with the journal's place of its frame, so that a
/// checkpoint knows up to where brokers have everything.
struct TopicSink {
    private var text = TextBuffer()
    /// Publications per place that no broker acknowledged yet, rising.
    private var waiting: [(place: UInt64, count: Int)] = []
    private(set) var readings = 0
    /// Readings that a broker refused to take.
    private(set) var refused = 0

    /// Everything below is with a broker; nil where nothing waits.
    var oldestPlace: UInt64? { waiting.first?.place }

    /// The publications for the readings of a frame.
    mutating func publications(
        _ batch: borrowing ReadingBatch, _ frame: DecodedFrame
    ) -> [Publication] {
        let writer = ReadingText(
            frame: frame.frame, basePriority: frame.basePriority, isHistory: frame.isHistory)
        let channels = frame.table.entries
        var topics = [String?](repeating: nil, count: channels.count)
        var result: [Publication] = []
        result.reserveCapacity(batch.count)
        var text = text
        func append(_ reading: Reading, _ number: Int, _ annotation: Annotation) {
            let channel = channels[reading.sensor]
            let topic =
                topics[reading.sensor]
                ?? frame.prefix + NodeTopic.data(sensor: channel.name).suffix
            topics[reading.sensor] = topic
            text.removeAll()
            writer.append(
                reading, number: number, annotation: annotation, of: channel, to: &text)
            result.append(
                Publication(topic: topic, payload: text.bytes, purpose: .reading(frame.place)))
        }
        batch.forEach(append)
        self.text = text
        readings += result.count
        guard !result.isEmpty else { return result }
        if waiting.last?.place == frame.place {
            waiting[waiting.count - 1].count += result.count
        } else {
            // A group that waited for its table lies before what went out meanwhile.
            let place = waiting.firstIndex { $0.place > frame.place } ?? waiting.count
            waiting.insert((frame.place, result.count), at: place)
        }
        return result
    }

    /// A broker answered for a reading of the frame at `place`.
    mutating func settle(_ place: UInt64, isTaken: Bool) {
        if !isTaken { refused += 1 }
        guard let i = waiting.firstIndex(where: { $0.place == place }) else { return }
        waiting[i].count -= 1
        if waiting[i].count == 0 { waiting.remove(at: i) }
    }
}
