// SPDX-License-Identifier: Apache-2.0

extension AgentConfiguration {
    static let inputKeys: [Key<InputSettings>] =
        placeKeys + serialKeys + boundKeys + formatKeys
        + lineKeys

    private static let placeKeys: [Key<InputSettings>] = [
        Key(
            "from", \.place, .inputPlace,
            "- for stdin (not as a service), a serial device with its speed as "
                + "\"/dev/ttyUSB0@9600\", \"usb:0403:6001@9600\" (alec serial list tells) or "
                + "\"/dev/ttyUSB*@9600\", or a command as \"exec:/usr/bin/sensor --all\"."),
        Key(
            "name", optional: \.name, .topicLevel(), example: "\"roof\"",
            "What messages call the input; without it, what they read from."),
    ]

    private static let serialKeys: [Key<InputSettings>] = [
        Key("data_bits", \.dataBits, .integer(5...8), "Of a byte on the serial line."),
        Key("parity", \.parity, .word, "none, even or odd."),
        Key("stop_bits", \.stopBits, .integer(1...2), "Behind a byte on the serial line."),
        Key("flow", \.flow, .word, "How the device is held back: none, rtscts or xonxoff."),
        Key("exclusive", \.isExclusive, .boolean, "Whether other programs are kept away from it."),
        Key(
            "init", optional: \.greeting, .text(maximumBytes: 256), example: "\"START\\r\\n\"",
            "Sent to the device each time that it is opened."),
        Key(
            "idle", \.idle, .duration(.zero...(.seconds(60))),
            "A device that never sends a newline ends its lines by so long a silence; "
                + "\"0s\" for never."),
    ]

    private static let boundKeys: [Key<InputSettings>] = [
        Key(
            "line_bytes", optional: \.lineBytes, .size(64...(1 << 20)), example: "\"4KiB\"",
            "The most bytes of a line: 4KiB of a serial device and 1MiB otherwise, if not given."),
        Key(
            "quota", \.quota, .integer(0...1_000_000),
            "Readings per second that are kept of the input; critical and important ones always "
                + "are. 0 for all."),
    ]

    private static let formatKeys: [Key<InputSettings>] = [
        Key(
            "format", \.format, .word,
            "How lines are written: csv, jsonl, influx, keyvalue (temp=21.5 or temp:21.5), "
                + "number, nmea; auto takes it from the first line.")
    ]

    static func checkInputs(_ settings: AgentSettings, _ reading: inout TableReading) {
        checkLines(settings, &reading)
        // The file's tables are counted where they are read, options are not.
        if settings.inputs.count > inputLimit {
            reading.add(about: "input", .tooMany(key: "input", limit: inputLimit))
        }
        for (i, input) in settings.inputs.enumerated() {
            let earlier = settings.inputs[..<i]
            if earlier.contains(where: { $0.place.device == input.place.device }) {
                reading.add(
                    about: "input.from",
                    .repeated(key: "input.from", value: input.place.device))
            }
            if let name = input.name, earlier.contains(where: { $0.name == name }) {
                reading.add(about: "input.name", .repeated(key: "input.name", value: name))
            }
        }
    }
}

extension InputSettings.Place {
    /// What cannot be read twice: without its speed.
    fileprivate var device: String {
        switch self {
        case .standardInput, .command: text
        case .serial(let path, _): path
        }
    }
}
