// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore
internal import LineProtocols

/// Decoded readings in the line protocol of InfluxDB:
///
///     temp,site=plant,node=n1 value=21.37,q="good",p=3i 1790000000123000000
///
/// A repeat is the same point again, so that it changes nothing in a database. NaN and infinities,
/// which the protocol does not have, come as a text field `err` and without `value`.
enum InfluxLines {
    static func append(
        _ batch: borrowing ReadingBatch, _ frame: DecodedFrame, sensor: Int? = nil,
        to text: inout TextBuffer
    ) {
        let channels = frame.table.entries
        var series = [[UInt8]?](repeating: nil, count: channels.count)
        func append(_ reading: Reading, _ number: Int, _ annotation: Annotation) {
            guard sensor == nil || sensor == reading.sensor else { return }
            let prefix =
                series[reading.sensor] ?? self.series(channels[reading.sensor].name, frame)
            series[reading.sensor] = prefix
            text.append(prefix.span)
            let mark = text.count
            text.append(" value=")
            if !NumberText.append(reading.value, to: &text) {
                text.truncate(to: mark)
                text.append(" err=\"")
                text.append(reading.value.isNaN ? "nan" : reading.value > 0 ? "inf" : "-inf")
                text.append("\"")
            }
            text.append(",q=\"")
            text.append(reading.value.isFinite ? annotation.quality.text : Quality.bad.text)
            text.append("\",p=")
            text.append(decimal: UInt64((annotation.priority ?? frame.basePriority).rawValue))
            text.append("i ")
            TimeText.append(reading.time, in: .nanoseconds, to: &text)
            text.append("\n")
        }
        batch.forEach(append)
    }

    private static func series(_ name: [UInt8], _ frame: DecodedFrame) -> [UInt8] {
        var bytes = escaped(name)
        bytes += Array(",site=".utf8) + escaped(frame.site)
        bytes += Array(",node=".utf8) + escaped(frame.node)
        return bytes
    }

    /// Commas, blanks and equals signs are escaped; what no escape helps for becomes the level of
    /// the topic, in which every byte is plain.
    private static func escaped(_ name: [UInt8]) -> [UInt8] {
        let isOdd = { (byte: UInt8) in byte < 0x20 || byte == UInt8(ascii: "\\") }
        guard name.first != UInt8(ascii: "#"), !name.contains(where: isOdd) else {
            return escaped(Array(TopicName.level(name).utf8))
        }
        return name.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: " "), UInt8(ascii: "="):
                [UInt8(ascii: "\\"), byte]
            default: [byte]
            }
        }
    }
}
