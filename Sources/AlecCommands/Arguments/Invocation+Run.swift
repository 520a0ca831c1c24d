// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration

extension Invocation {
    /// The longest drain time: a day.
    private static let longestDrain = 86_400

    static func run(_ reader: inout ArgumentReader) throws(UsageFault) -> Invocation {
        var options = Options.Run()
        while let option = try reader.nextOption() {
            if option == "--config" {
                options.configuration = try reader.value()
            } else if option == "--drain" {
                options.drainSeconds = try reader.number(in: 0...longestDrain)
            } else if let flag = AgentConfiguration.flags.first(where: { $0.name == option }) {
                let value = flag.placeholder == nil ? "true" : try reader.value()
                options.flags.append(Options.Run.Flag(name: option, value: value))
            } else {
                return try other(option, reader)
            }
        }
        if let file = reader.path { throw .needlessFile(file, .run) }
        return .run(options)
    }

    static func spool(_ arguments: ArraySlice<String>) throws(UsageFault) -> Invocation {
        var rest = arguments
        let action = rest.popFirst()
        if let action, isHelp(action) { return .help(.spool) }
        guard let known = action.flatMap({ Options.Spool.Action(rawValue: $0) }) else {
            let actions = Options.Spool.Action.allCases.map(\.rawValue)
            throw .unknownAction(action, known: actions, .spool)
        }
        var reader = ArgumentReader(rest, of: .spool)
        var options = Options.Spool()
        options.action = known
        while let option = try reader.nextOption() {
            let isKnown =
                switch known {
                case .list, .verify: false
                case .cat: try cat(option, &reader, &options)
                case .export: try export(option, &reader, &options)
                case .drop: try drop(option, &reader, &options)
                }
            guard isKnown else { return try other(option, reader) }
        }
        if let path = reader.path { options.stateDirectory = path }
        return .spool(options)
    }

    /// Whether `option` is one of `alec spool cat`.
    private static func cat(
        _ option: String, _ reader: inout ArgumentReader, _ options: inout Options.Spool
    ) throws(UsageFault) -> Bool {
        switch option {
        case "--group": options.group = try reader.number(in: 0...Int(UInt32.max))
        case "--json": options.isJSON = true
        default: return false
        }
        return true
    }

    /// Whether `option` is one of `alec spool export`.
    private static func export(
        _ option: String, _ reader: inout ArgumentReader, _ options: inout Options.Spool
    ) throws(UsageFault) -> Bool {
        switch option {
        case "--format":
            options.format = try reader.choice("csv, jsonl or influx") {
                // A wide table would need the names of all sensors before the first reading.
                OutputFormat(rawValue: $0).flatMap { $0 == .csvWide ? nil : $0 }
            }
        case "--history": options.includesHistory = true
        default: return false
        }
        return true
    }

    /// Whether `option` is one of `alec spool drop`.
    private static func drop(
        _ option: String, _ reader: inout ArgumentReader, _ options: inout Options.Spool
    ) throws(UsageFault) -> Bool {
        switch option {
        case "--all": options.dropsAll = true
        case "--yes": options.isConfirmed = true
        case "--priority": options.dropPriority = try reader.number(in: 1...5)
        case "--group": options.dropGroup = try reader.number(in: 0...Int(UInt32.max))
        case "--before":
            let seconds = try reader.number(in: 0...9_000_000_000)
            options.dropBefore = Int64(seconds) * 1_000_000_000
        default: return false
        }
        return true
    }
}
