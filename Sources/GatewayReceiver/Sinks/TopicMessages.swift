// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore
internal import LineProtocols

/// The readings of one frame as messages for a broker.
struct TopicMessages {
    private let frame: DecodedFrame
    /// Behind the prefix of the node, with its slash.
    private let level: String
    private let writer: ReadingText

    init(_ frame: DecodedFrame, level: String) {
        self.frame = frame
        self.level = level
        writer = ReadingText(
            frame: frame.frame, basePriority: frame.basePriority, isHistory: frame.isHistory)
    }

    /// An object for each reading.
    func appendObjects(_ batch: borrowing ReadingBatch, to outbox: inout [Publication]) {
        appendEach(batch, to: &outbox) { reading, number, annotation, text in
            writer.append(
                reading, number: number, annotation: annotation,
                of: frame.table.entries[reading.sensor], to: &text)
        }
    }

    /// The number alone, as JSON has it: `null` for what is none.
    func appendValues(_ batch: borrowing ReadingBatch, to outbox: inout [Publication]) {
        appendEach(batch, to: &outbox) { reading, _, _, text in
            if !NumberText.append(reading.value, to: &text) { text.append("null") }
        }
    }

    /// `[[ts,v],...]` for each sensor: milliseconds, with a fraction where they are not whole.
    func appendArrays(_ batch: borrowing ReadingBatch, to outbox: inout [Publication]) {
        for column in batch.columns {
            var text = TextBuffer()
            for i in column.start..<column.start + column.count {
                text.append(i == column.start ? "[[" : ",[")
                TimeText.append(batch.times[i], in: .milliseconds, to: &text)
                text.append(",")
                if !NumberText.append(batch.values[i], to: &text) { text.append("null") }
                text.append("]")
            }
            text.append("]")
            outbox.append(publication(topic(level, column.sensor), text))
        }
    }

    /// Lines for each sensor.
    func appendInflux(_ batch: borrowing ReadingBatch, to outbox: inout [Publication]) {
        for column in batch.columns {
            var text = TextBuffer()
            InfluxLines.append(batch, frame, sensor: column.sensor, to: &text)
            outbox.append(publication(topic(level, column.sensor), text))
        }
    }

    /// The newest reading of each sensor, kept by the broker. It says itself how long it is worth
    /// something, in seconds, as the broker would keep it for ever.
    func appendLast(
        _ batch: borrowing ReadingBatch, age: Duration, to outbox: inout [Publication]
    ) {
        var newest = [Int?](repeating: nil, count: frame.table.entries.count)
        for column in batch.columns {
            newest[column.sensor] = (column.start..<column.start + column.count).max {
                (batch.times[$0], $0) < (batch.times[$1], $1)
            }
        }
        func append(_ reading: Reading, _ number: Int, _ annotation: Annotation) {
            guard newest[reading.sensor] == number else { return }
            var text = TextBuffer()
            writer.append(
                reading, number: number, annotation: annotation,
                of: frame.table.entries[reading.sensor], to: &text)
            text.truncate(to: text.count - 1)
            text.append(",\"age\":")
            text.append(decimal: UInt64(max(age.components.seconds, 0)))
            text.append("}")
            outbox.append(
                Publication(
                    topic: topic("last/", reading.sensor), payload: text.bytes, purpose: .notice,
                    isRetained: true))
        }
        batch.forEach(append)
    }

    private func appendEach(
        _ batch: borrowing ReadingBatch, to outbox: inout [Publication],
        _ write: (Reading, Int, Annotation, inout TextBuffer) -> Void
    ) {
        var topics = [String?](repeating: nil, count: frame.table.entries.count)
        var text = TextBuffer()
        outbox.reserveCapacity(outbox.count + batch.count)
        func append(_ reading: Reading, _ number: Int, _ annotation: Annotation) {
            let topic = topics[reading.sensor] ?? topic(level, reading.sensor)
            topics[reading.sensor] = topic
            text.removeAll()
            write(reading, number, annotation, &text)
            outbox.append(publication(topic, text))
        }
        batch.forEach(append)
    }

    private func topic(_ level: String, _ sensor: Int) -> String {
        frame.prefix + level + TopicName.level(frame.table.entries[sensor].name)
    }

    private func publication(_ topic: String, _ text: TextBuffer) -> Publication {
        Publication(topic: topic, payload: text.bytes, purpose: .reading(frame.place))
    }
}
