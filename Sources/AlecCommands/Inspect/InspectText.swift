// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

/// The lines of the page for people.
enum InspectText {
    static let heading =
        "frame           byte       group  index  kind     readings  sensors  head"
        + "   payload  bits/value"

    static let channelHeading =
        "sensor  name                 kind         values                    set  filter"
        + "  with    readings"

    static func table(_ frame: ChannelTableFrame, _ record: ContainerRecord) -> String {
        "id \(CountText.hexadecimal(frame.table.id)), "
            + CountText.counted(frame.table.entries.count, "sensor", "sensors")
            + ", stream \(frame.stream), "
            + CountText.counted(record.bytes.count, "byte", "bytes")
    }

    static func frame(_ frame: InspectedFrame) -> String {
        [
            CountText.left(String(frame.number), 9),
            CountText.right(String(frame.offset), 11),
            CountText.right(String(frame.group), 12),
            CountText.right(String(frame.index), 7) + " ",
            CountText.left(frame.isKey ? " key" : " chained", 9),
            CountText.right(String(frame.readings), 8),
            CountText.right(String(frame.sensors), 9),
            CountText.right(String(frame.headBytes), 6),
            CountText.right(String(frame.payloadBytes), 10),
            CountText.right(CountText.fixed(frame.bitsPerValue, places: 2), 12),
        ].joined()
    }

    static func channel(
        _ index: Int, _ entry: Channel?, _ description: ChannelDescription?, _ readings: Int
    ) -> String {
        let name = entry.map { String(decoding: $0.name, as: UTF8.self) } ?? "?\(index)"
        let values = description.map(values) ?? "not in the last group"
        return [
            CountText.left(String(index), 8),
            CountText.left(name, 21),
            CountText.left(entry?.kind.word ?? "", 13),
            CountText.left(values, 26),
            CountText.left(description.map { $0.usesSet ? "yes" : "no" } ?? "", 5),
            CountText.left(description.map { $0.usesFilter ? "yes" : "no" } ?? "", 6),
            CountText.right(description?.reference.map { String($0) } ?? "-", 6),
            CountText.right(String(readings), 12),
        ].joined()
    }

    /// What the integers of a channel stand for.
    private static func values(_ description: ChannelDescription) -> String {
        if let step = description.latticeStep { return "steps of \(step)" }
        let multiple = description.divisor > 1 ? " x \(description.divisor)" : ""
        let places = CountText.counted(description.digits, "place", "places")
        return switch description.form {
        case .decimal: "decimal, " + places + multiple
        case .decimalProduct: "product, " + places + multiple
        case .floatDecimal: "float, " + places + multiple
        case .float: "float" + multiple
        case .double: "double" + multiple
        case .noisy: "double, noisy"
        }
    }

    static func totals(_ totals: InspectTotals) -> [String] {
        var parts = [
            ("payload", totals.payloadBytes), ("heads of frames", totals.headBytes),
            ("tables", totals.tableBytes), ("file", totals.framingBytes),
        ]
        if totals.ignoredBytes > 0 { parts.append(("unknown frames", totals.ignoredBytes)) }
        if totals.skippedBytes > 0 { parts.append(("damaged", totals.skippedBytes)) }
        parts.append(("in all", totals.fileBytes))
        var lines = ["", "bytes                          per reading"]
        for (name, bytes) in parts {
            lines.append(
                CountText.left(name, 16) + CountText.right(CountText.grouped(bytes), 14)
                    + CountText.right(
                        CountText.fixed(totals.perReading(bytes), places: 4), 12))
        }
        lines.append("")
        lines.append(
            CountText.counted(totals.readings, "reading", "readings") + " in "
                + CountText.counted(totals.frames, "frame", "frames") + ", "
                + CountText.counted(totals.groups, "group", "groups") + ", "
                + CountText.counted(totals.tables, "table", "tables"))
        if totals.parts > 1 { lines.append("\(totals.parts) files joined end to end") }
        if totals.faults > 0 {
            lines.append(CountText.counted(totals.faults, "place is", "places are") + " damaged")
        } else if totals.isComplete {
            lines.append("complete: what the end mark counts is there")
        }
        return lines
    }
}

extension Channel.Kind {
    var word: String {
        switch self {
        case .measurement: "measurement"
        case .counter: "counter"
        case .state: "state"
        }
    }
}
