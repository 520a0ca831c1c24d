// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayConfiguration
internal import GatewayCore
internal import LineProtocols

/// Decoded readings as lines of a file.
struct ReadingLines {
    static let csvHeader: StaticString = "time_ns,node,sensor,value,quality,priority,id\n"

    private let format: ReceiverSettings.LineFormat
    /// The table whose sensors the last header of wide CSV names.
    private var header: [[UInt8]]?

    init(_ format: ReceiverSettings.LineFormat) { self.format = format }

    /// The output is empty.
    mutating func begin(_ text: inout TextBuffer) {
        switch format {
        case .csv: text.append(Self.csvHeader)
        case .jsonLines, .csvWide, .influx: break
        }
    }

    mutating func append(
        _ batch: borrowing ReadingBatch, _ frame: DecodedFrame, to text: inout TextBuffer
    ) {
        switch format {
        case .jsonLines: appendJSON(batch, frame, to: &text)
        case .csv: appendCSV(batch, frame, to: &text)
        case .csvWide: appendWide(batch, frame, to: &text)
        case .influx: InfluxLines.append(batch, frame, to: &text)
        }
    }

    /// A line for each time of the frame. Where the sensors are others than before, and after a
    /// restart, a header comes first: it begins like the first line of the file.
    private mutating func appendWide(
        _ batch: borrowing ReadingBatch, _ frame: DecodedFrame, to text: inout TextBuffer
    ) {
        let names = frame.table.entries.map(\.name)
        if names != header {
            header = names
            text.append("time_ns,node,frame")
            for name in names {
                text.append(",")
                CSVWriter.appendName(name.span, to: &text)
            }
            text.append("\n")
        }
        var readings: [Reading] = []
        readings.reserveCapacity(batch.count)
        func append(_ reading: Reading, _ number: Int, _ annotation: Annotation) {
            readings.append(reading)
        }
        batch.forEach(append)
        // Not stable, so the order of the frame is part of the key: sensors, then their order.
        let order = readings.indices.sorted {
            (readings[$0].time, $0) < (readings[$1].time, $1)
        }
        var values = [Double?](repeating: nil, count: names.count)
        var time: Int64?
        func finish(_ text: inout TextBuffer) {
            guard let time else { return }
            TimeText.append(time, in: .nanoseconds, to: &text)
            text.append(",")
            CSVWriter.appendName(frame.node.span, to: &text)
            text.append(",")
            frame.frame.append(to: &text)
            for sensor in values.indices {
                text.append(",")
                if let value = values[sensor] { NumberText.appendForCSV(value, to: &text) }
                values[sensor] = nil
            }
            text.append("\n")
        }
        for i in order {
            let reading = readings[i]
            // A second one of a sensor at the same time gets a line of its own.
            if reading.time != time || values[reading.sensor] != nil { finish(&text) }
            time = reading.time
            values[reading.sensor] = reading.value
        }
        finish(&text)
    }

    private func appendJSON(
        _ batch: borrowing ReadingBatch, _ frame: DecodedFrame, to text: inout TextBuffer
    ) {
        let writer = ReadingText(
            frame: frame.frame, basePriority: frame.basePriority, isHistory: frame.isHistory,
            node: frame.node)
        let channels = frame.table.entries
        func append(_ reading: Reading, _ number: Int, _ annotation: Annotation) {
            writer.append(
                reading, number: number, annotation: annotation, of: channels[reading.sensor],
                to: &text)
            text.append("\n")
        }
        batch.forEach(append)
    }

    private func appendCSV(
        _ batch: borrowing ReadingBatch, _ frame: DecodedFrame, to text: inout TextBuffer
    ) {
        let channels = frame.table.entries
        let node = frame.node
        func append(_ reading: Reading, _ number: Int, _ annotation: Annotation) {
            TimeText.append(reading.time, in: .nanoseconds, to: &text)
            text.append(",")
            CSVWriter.appendName(node.span, to: &text)
            text.append(",")
            let name = channels[reading.sensor].name
            CSVWriter.appendName(name.span, to: &text)
            text.append(",")
            NumberText.appendForCSV(reading.value, to: &text)
            text.append(",")
            text.append(annotation.quality.text)
            text.append(",")
            text.append(decimal: UInt64((annotation.priority ?? frame.basePriority).rawValue))
            text.append(",")
            frame.frame.append(to: &text)
            text.append(".")
            text.append(decimal: UInt64(number))
            text.append("\n")
        }
        batch.forEach(append)
    }
}
