// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration

extension Invocation {
    static func receive(_ reader: inout ArgumentReader) throws(UsageFault) -> Invocation {
        var options = Options.Receive()
        while let option = try reader.nextOption() {
            switch option {
            case "--config": options.path = try reader.value()
            case "--no-history": options.skipsHistory = true
            default:
                guard let flag = ReceiverConfiguration.flags.first(where: { $0.name == option })
                else { return try other(option, reader) }
                let value = flag.placeholder == nil ? "true" : try reader.value()
                options.flags.append(FlagValue(option, value))
            }
        }
        if let file = reader.file { throw .needlessFile(file, reader.command) }
        return .receive(options)
    }
}
