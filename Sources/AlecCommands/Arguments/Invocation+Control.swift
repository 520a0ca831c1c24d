// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration

extension Invocation {
    static func status(_ reader: inout ArgumentReader) throws(UsageFault) -> Invocation {
        var options = Options.Status()
        while let option = try reader.nextOption() {
            switch option {
            case "--json": options.isJSON = true
            case "--state-dir": options.place.stateDirectory = try reader.value()
            case "--socket": options.place.socket = try reader.value()
            default: return try other(option, reader)
            }
        }
        if let file = reader.file { throw .needlessFile(file, reader.command) }
        return .status(options)
    }

    static func reload(_ reader: inout ArgumentReader) throws(UsageFault) -> Invocation {
        var options = Options.Reload()
        while let option = try reader.nextOption() {
            switch option {
            case "--state-dir": options.place.stateDirectory = try reader.value()
            case "--socket": options.place.socket = try reader.value()
            default: return try other(option, reader)
            }
        }
        if let file = reader.file { throw .needlessFile(file, reader.command) }
        return .reload(options)
    }

    static func initialize(_ reader: inout ArgumentReader) throws(UsageFault) -> Invocation {
        while let option = try reader.nextOption() { return try other(option, reader) }
        var options = Options.Initialize()
        if let file = reader.file { options.file = file }
        return .initialize(options)
    }

    static func config(_ arguments: ArraySlice<String>) throws(UsageFault) -> Invocation {
        var rest = arguments
        let word = rest.popFirst()
        if let word, isHelp(word) { return .help(.config) }
        let known = Options.Config.Action.allCases.map(\.rawValue)
        guard let word, let action = Options.Config.Action(rawValue: word) else {
            throw .unknownAction(word, known: known, .config)
        }
        var options = Options.Config()
        options.action = action
        options.isReceiver = rest.contains("--receiver")
        var reader = ArgumentReader(rest, of: .config)
        while let option = try reader.nextOption() {
            if option == "--receiver" { continue }
            let flags =
                options.isReceiver ? ReceiverConfiguration.flags : AgentConfiguration.flags
            guard action == .show, let flag = flags.first(where: { $0.name == option }) else {
                return try other(option, reader)
            }
            let value = flag.placeholder == nil ? "true" : try reader.value()
            options.flags.append(FlagValue(option, value))
        }
        if action == .schema, let file = reader.file { throw .needlessFile(file, .config) }
        let usual = options.isReceiver ? "/etc/alec/receiver.toml" : "/etc/alec/gateway.toml"
        options.path = reader.file == nil ? usual : reader.path
        return .config(options)
    }
}
