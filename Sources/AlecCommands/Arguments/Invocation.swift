// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import LineProtocols

/// What the arguments ask for.
enum Invocation: Equatable {
    /// nil: the program as a whole.
    case help(CommandName?)
    case version
    case encode(Options.Encode)
    case decode(Options.Decode)
    case inspect(Options.Inspect)
    case classify(Options.Classify)
    case run(Options.Run)
    case status(Options.Status)
    case reload(Options.Reload)
    case spool(Options.Spool)
    case serial(Options.Serial)
    case initialize(Options.Initialize)
    case check(Options.Check)
    case config(Options.Config)
    case simulate(Options.Simulate)
    case receive(Options.Receive)

    init(_ arguments: [String]) throws(CommandError) {
        do throws(UsageFault) {
            self = try Self.parse(arguments)
        } catch {
            throw .usage(error)
        }
    }

    private static func parse(_ arguments: [String]) throws(UsageFault) -> Invocation {
        guard let first = arguments.first else { return .help(nil) }
        if isHelp(first) { return .help(nil) }
        if first == "--version" { return .version }
        guard let command = CommandName(rawValue: first) else { throw .unknownCommand(first) }
        var reader = ArgumentReader(arguments.dropFirst(), of: command)
        switch command {
        case .help: return try help(arguments.dropFirst())
        case .encode: return try encode(&reader)
        case .decode: return try decode(&reader)
        case .inspect: return try inspect(&reader)
        case .classify: return try classify(&reader)
        case .run: return try run(&reader)
        case .status: return try status(&reader)
        case .reload: return try reload(&reader)
        case .spool: return try spool(arguments.dropFirst())
        case .serial: return try serial(arguments.dropFirst())
        case .`init`: return try initialize(&reader)
        case .check: return try check(&reader)
        case .config: return try config(arguments.dropFirst())
        case .simulate: return try simulate(&reader)
        case .receive: return try receive(&reader)
        }
    }

    static func isHelp(_ argument: String) -> Bool {
        argument == "--help" || argument == "-h"
    }

    private static func help(_ arguments: ArraySlice<String>) throws(UsageFault) -> Invocation {
        guard let topic = arguments.first, !isHelp(topic) else { return .help(nil) }
        guard let command = CommandName(rawValue: topic) else { throw .unknownCommand(topic) }
        return .help(command == .help ? nil : command)
    }

    private static func encode(_ reader: inout ArgumentReader) throws(UsageFault) -> Invocation {
        var options = Options.Encode()
        while let option = try reader.nextOption() {
            switch option {
            case "--format": options.format = try inputFormat(&reader)
            case "--frame": options.samples = try reader.number(in: 1...65_535)
            case "--group":
                options.frames = try reader.number(in: 1...Int(FrameHead.groupLimit))
            case "--max-error":
                options.maximumErrors.append(
                    try reader.setting("SENSOR=ERROR, an error above 0", positive))
            case "--stats": options.wantsStatistics = true
            case "--keep-going": options.keepsGoing = true
            default: return try other(option, reader)
            }
        }
        options.path = reader.path
        return .encode(options)
    }

    private static func decode(_ reader: inout ArgumentReader) throws(UsageFault) -> Invocation {
        var options = Options.Decode()
        while let option = try reader.nextOption() {
            switch option {
            case "--format":
                options.format = try reader.choice("csv, csv-wide, jsonl or influx") {
                    OutputFormat(rawValue: $0)
                }
            case "--time-unit": options.timeUnit = try reader.choice("s, ms, us or ns", unit)
            case "--keep-going": options.keepsGoing = true
            default: return try other(option, reader)
            }
        }
        options.path = reader.path
        return .decode(options)
    }

    private static func inspect(_ reader: inout ArgumentReader) throws(UsageFault) -> Invocation {
        var options = Options.Inspect()
        while let option = try reader.nextOption() {
            switch option {
            case "--json": options.isJSON = true
            default: return try other(option, reader)
            }
        }
        options.path = reader.path
        return .inspect(options)
    }

    private static func classify(_ reader: inout ArgumentReader) throws(UsageFault) -> Invocation {
        var options = Options.Classify()
        while let option = try reader.nextOption() {
            switch option {
            case "--format": options.format = try inputFormat(&reader)
            case "--explain": options.explains = true
            case "--config": options.configuration = try reader.value()
            case "--limit":
                let expected = "SENSOR=LOW..HIGH, where one of the two may be missing"
                options.limits.append(try reader.setting(expected, range))
            case "--step":
                options.steps.append(try reader.setting("SENSOR=STEP, a step above 0", positive))
            case "--keep-going": options.keepsGoing = true
            default: return try other(option, reader)
            }
        }
        options.path = reader.path
        return .classify(options)
    }

    /// What every command understands.
    static func other(
        _ option: String, _ reader: ArgumentReader
    ) throws(UsageFault) -> Invocation {
        if isHelp(option) { return .help(reader.command) }
        throw .unknownOption(option, reader.command)
    }

    static func inputFormat(
        _ reader: inout ArgumentReader
    ) throws(UsageFault) -> LineFormat? {
        try reader.choice("auto, csv, jsonl, influx or keyvalue") { word -> LineFormat?? in
            switch word {
            case "auto": .some(nil)
            case "csv": .csv
            case "jsonl": .jsonLines
            case "influx": .influx
            case "keyvalue": .keyValue
            default: nil
            }
        }
    }

    private static func unit(_ word: String) -> TimeUnit? {
        switch word {
        case "s": .seconds
        case "ms": .milliseconds
        case "us": .microseconds
        case "ns": .nanoseconds
        default: nil
        }
    }

    private static func positive(_ text: Substring) -> Double? {
        guard let number = Double(text), number > 0, number.isFinite else { return nil }
        return number
    }

    /// `LOW..HIGH`, `LOW..` or `..HIGH`.
    private static func range(_ text: Substring) -> ClosedRange<Double>? {
        // The library's search for a text would bring a megabyte of regular expressions along.
        guard let dots = text.indices.first(where: { text[$0...].hasPrefix("..") }) else {
            return nil
        }
        let low = text[..<dots]
        let high = text[dots...].dropFirst(2)
        guard !low.isEmpty || !high.isEmpty,
            let lowest = low.isEmpty ? -Double.infinity : Double(low),
            let highest = high.isEmpty ? Double.infinity : Double(high), lowest <= highest
        else { return nil }
        return lowest...highest
    }
}
