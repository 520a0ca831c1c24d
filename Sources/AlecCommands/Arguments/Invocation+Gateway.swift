// SPDX-License-Identifier: Apache-2.0

extension Invocation {
    static func check(_ reader: inout ArgumentReader) throws(UsageFault) -> Invocation {
        var options = Options.Check()
        while let option = try reader.nextOption() {
            switch option {
            case "--receiver": options.isReceiver = true
            case "--sample": options.wantsSample = true
            default: return try other(option, reader)
            }
        }
        // Nobody types settings; a file that the program reads as a service is meant.
        let usual = options.isReceiver ? "/etc/alec/receiver.toml" : "/etc/alec/gateway.toml"
        options.path = reader.file == nil ? usual : reader.path
        return .check(options)
    }

    static func simulate(_ reader: inout ArgumentReader) throws(UsageFault) -> Invocation {
        var options = Options.Simulate()
        while let option = try reader.nextOption() {
            switch option {
            case "--sensors": options.sensors = try reader.number(in: 1...4096)
            case "--rate":
                options.periodNanoseconds = try reader.choice("a number from 0.001 to 1000") {
                    period(rate: $0)
                }
            case "--seconds": options.seconds = try reader.number(in: 1...1_000_000_000)
            case "--seed": options.seed = try reader.number(in: 0...Int.max)
            case "--format":
                options.format = try reader.choice("csv or jsonl") { .init(rawValue: $0) }
            case "--pace": options.pace = try reader.choice("real or none") { .init(rawValue: $0) }
            case "--start":
                // As far as times in milliseconds fit into nanoseconds.
                options.start = try reader.number(in: 0...8_000_000_000_000)
            default: return try other(option, reader)
            }
        }
        if let file = reader.file { throw .needlessFile(file, reader.command) }
        return .simulate(options)
    }

    private static func period(rate text: String) -> Int64? {
        guard let rate = Double(text), rate >= 0.001, rate <= 1000 else { return nil }
        return Int64((1e9 / rate).rounded())
    }
}
