// SPDX-License-Identifier: Apache-2.0

extension AgentConfiguration {
    static let inputKeys: [Key<InputSettings>] = [
        Key(
            "from", \.place, .inputPlace,
            "- for stdin (not as a service), or a serial device with its speed: "
                + "\"/dev/ttyUSB0@9600\". Better: its lasting name below /dev/serial/by-id."),
        Key(
            "format", \.format, .word,
            "How lines are written: csv, jsonl, influx; auto takes it from the first line."),
        Key(
            "quota", \.quota, .integer(0...1_000_000),
            "Readings each second; more are dropped, but for those of P1 and P2. 0: no bound."),
    ]

    static func checkInputs(_ settings: AgentSettings, _ reading: inout TableReading) {
        for (i, input) in settings.inputs.enumerated()
        where settings.inputs[..<i].contains(where: { $0.device == input.device }) {
            reading.add(
                about: "input.from", .repeated(key: "input.from", value: input.device ?? "-"))
        }
    }
}

extension InputSettings {
    /// The path of the device; nil for stdin.
    fileprivate var device: String? {
        switch place {
        case .standardInput: nil
        case .serial(let path, _): path
        }
    }
}
