// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration

extension Invocation {
    /// The longest that someone listens: a day.
    private static let longestListening = 86_400

    static func serial(_ arguments: ArraySlice<String>) throws(UsageFault) -> Invocation {
        var rest = arguments
        let action = rest.popFirst()
        if let action, isHelp(action) { return .help(.serial) }
        guard let action, actions.contains(action) else {
            throw .unknownAction(action, known: actions, .serial)
        }
        var reader = ArgumentReader(rest, of: .serial)
        var options = Options.Serial()
        while let option = try reader.nextOption() {
            switch option {
            case "--seconds": options.seconds = try reader.number(in: 1...longestListening)
            case "--format": options.format = try inputFormat(&reader)
            default: return try other(option, reader)
            }
        }
        options.action = try self.action(action, reader)
        return .serial(options)
    }

    private static let actions = ["list", "probe", "trace"]

    private static func action(
        _ word: String, _ reader: ArgumentReader
    ) throws(UsageFault) -> Options.Serial.Action {
        if word == "list" {
            if let file = reader.file { throw .needlessFile(file, .serial) }
            return .list
        }
        guard let text = reader.file else { throw .missingValue(option: word, .serial) }
        guard case .serial(let path, let baud) = InputSettings.Place(text) else {
            throw .badValue(
                option: word, value: text,
                expected: "a device like /dev/ttyUSB0, /dev/ttyUSB0@9600 or usb:0403:6001@9600",
                .serial)
        }
        if word == "trace" { return .trace(path: path, baud: baud) }
        return .probe(path: path, baud: InputSettings.Place.split(text)?.baud)
    }
}
