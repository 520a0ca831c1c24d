// SPDX-License-Identifier: Apache-2.0

extension AgentConfiguration {
    /// What stands for a column that is left out.
    private static let skippedColumn = "_"
    /// More than a name can have, for what marks a column.
    private static let columnBytes = 80

    static let lineKeys: [Key<InputSettings>] = [
        Key(
            "columns", \.lines.columns, .list(of: .text(maximumBytes: columnBytes)),
            example: "[\"time_ms\", \"temp\", \"_\"]",
            "The cells of csv or number lines without a header, in their order: sensors, time, "
                + "time_s, time_ms, time_us or time_ns, and _ for what is left out. For nmea the "
                + "first is the sentence to take (GGA or GPGGA, _ for all), and lat:degrees "
                + "makes signed degrees of a field and the letter behind it."),
        Key(
            "sensor", optional: \.lines.sensor, .text(maximumBytes: 64), example: "\"temp\"",
            "The sensor of number lines; of several numbers on a line sensor.1, sensor.2, ..."),
        Key(
            "prefix", optional: \.lines.prefix, .text(maximumBytes: 63), example: "\"boiler.\"",
            "What is put before the names of all sensors of this input."),
        Key(
            "delimiter", \.lines.delimiter, .word,
            "What parts the cells of csv: comma, semicolon, tab, or space (any number of them)."),
        Key(
            "time", \.lines.time, .word,
            "line: the time in the line, and its arrival where it has none. arrival: always that, "
                + "where the device's clock is not to be trusted."),
        Key(
            "time_unit", \.lines.timeUnit, .word,
            "What times count that do not say so in their name: s, ms, us, ns. auto: ts and t are "
                + "ms, influx has ns, and the digits tell of a whole number under time: up to 11 "
                + "are s, up to 14 ms, up to 17 us, more ns. RFC 3339 is always understood."),
        Key(
            "time_path", optional: \.lines.timePath, .text(maximumBytes: 64),
            example: "\"header.time\"", "Where jsonl has its time, if not in time, ts or t."),
        Key(
            "checksum", \.lines.checksum, .boolean,
            "csv, keyvalue and number lines may end in * and two hexadecimal digits, the "
                + "exclusive or of what is before; a wrong one refuses the line. nmea always "
                + "has one."),
    ]

    static func checkLines(_ settings: AgentSettings, _ reading: inout TableReading) {
        for input in settings.inputs {
            let lines = input.lines
            if input.format == .number, lines.sensor == nil, lines.columns.isEmpty {
                reading.add(about: "input.format", .missingKey("input.sensor or input.columns"))
            }
            // Two columns of one name, or of the time, cannot both be right.
            let first = input.format == .nmea ? 1 : 0
            var seen: Set<String> = []
            for column in lines.columns.dropFirst(first) where column != skippedColumn {
                let key = isTime(column) ? "time" : column
                if !seen.insert(key).inserted {
                    reading.add(
                        about: "input.columns", .repeated(key: "input.columns", value: column))
                }
            }
        }
    }

    private static func isTime(_ column: String) -> Bool {
        ["time", "time_s", "time_ms", "time_us", "time_ns"].contains(column.lowercased())
    }
}
