// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

/// The JSON lines of `alec inspect --json`. Keys are only ever added.
enum InspectJSON {
    static func header(_ header: ContainerHeader) -> String {
        var json = JSONText()
        json.add("type", "header")
        json.add("version", 1)
        json.add("time_unit", header.timeUnit.symbol)
        return json.text
    }

    static func table(_ frame: ChannelTableFrame, _ record: ContainerRecord) -> String {
        var json = JSONText()
        json.add("type", "table")
        json.add("frame", record.number)
        json.add("offset", record.offset)
        json.add("bytes", record.bytes.count)
        json.add("id", CountText.hexadecimal(frame.table.id))
        json.add("stream", frame.stream.description)
        let entries = frame.table.entries.map(entry)
        json.addRaw("sensors", "[" + entries.joined(separator: ",") + "]")
        return json.text
    }

    private static func entry(_ channel: Channel) -> String {
        var json = JSONText()
        json.add("name", utf8: channel.name)
        if !channel.unit.isEmpty { json.add("unit", utf8: channel.unit) }
        json.add("kind", channel.kind.word)
        if let aggregate = channel.aggregate { json.add("aggregate_of", aggregate.sensor) }
        if let period = channel.expectedPeriod { json.add("period_ns", Int(period)) }
        if let error = channel.maximumError { json.addRaw("max_error", "\(error)") }
        return json.text
    }

    static func frame(_ frame: InspectedFrame) -> String {
        var json = JSONText()
        json.add("type", "frame")
        json.add("frame", frame.number)
        json.add("offset", frame.offset)
        json.add("group", Int(frame.group))
        json.add("index", Int(frame.index))
        json.add("key", frame.isKey)
        json.add("readings", frame.readings)
        json.add("sensors", frame.sensors)
        json.add("head_bytes", frame.headBytes)
        json.add("payload_bytes", frame.payloadBytes)
        json.add("bits_per_value", frame.bitsPerValue, places: 4)
        json.add("first_time_ns", Int(frame.firstTime))
        json.add("last_time_ns", Int(frame.lastTime))
        return json.text
    }

    static func damage(_ fault: StreamFault) -> String {
        var json = JSONText()
        json.add("type", "damage")
        if let frame = fault.frame { json.add("frame", frame) }
        json.add("offset", fault.offset)
        json.add("reason", FaultText.words(fault).what)
        return json.text
    }

    static func channel(
        _ index: Int, _ entry: Channel?, _ description: ChannelDescription?, _ readings: Int
    ) -> String {
        var json = JSONText()
        json.add("type", "channel")
        json.add("index", index)
        if let entry { json.add("name", utf8: entry.name) }
        json.add("readings", readings)
        guard let description else { return json.text }
        json.add("form", description.form.word)
        json.add("digits", description.digits)
        json.add("divisor", Int(description.divisor))
        if let step = description.latticeStep { json.addRaw("lattice_step", "\(step)") }
        json.add("set", description.usesSet)
        json.add("filter", description.usesFilter)
        if let reference = description.reference { json.add("reference", reference) }
        return json.text
    }

    static func totals(_ totals: InspectTotals) -> String {
        var json = JSONText()
        json.add("type", "total")
        json.add("readings", totals.readings)
        json.add("frames", totals.frames)
        json.add("groups", totals.groups)
        json.add("tables", totals.tables)
        json.add("payload_bytes", totals.payloadBytes)
        json.add("head_bytes", totals.headBytes)
        json.add("table_bytes", totals.tableBytes)
        json.add("container_bytes", totals.framingBytes)
        json.add("unknown_bytes", totals.ignoredBytes)
        json.add("damaged_bytes", totals.skippedBytes)
        json.add("file_bytes", totals.fileBytes)
        json.add("bits_per_value", 8 * totals.perReading(totals.payloadBytes), places: 4)
        json.add("damage", totals.faults)
        json.add("complete", totals.isComplete && totals.faults == 0)
        return json.text
    }
}

extension ChannelDescription.Form {
    var word: String {
        switch self {
        case .decimal: "decimal"
        case .decimalProduct: "decimal-product"
        case .floatDecimal: "float-decimal"
        case .float: "float"
        case .double: "double"
        case .noisy: "noisy"
        }
    }
}
