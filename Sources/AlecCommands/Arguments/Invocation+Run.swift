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
        guard action == "ls" else { throw .unknownAction(action, known: ["ls"], .spool) }
        var reader = ArgumentReader(rest, of: .spool)
        while let option = try reader.nextOption() { return try other(option, reader) }
        var options = Options.Spool()
        if let path = reader.path { options.stateDirectory = path }
        return .spool(options)
    }
}
