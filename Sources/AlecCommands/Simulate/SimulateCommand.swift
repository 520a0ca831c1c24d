// SPDX-License-Identifier: Apache-2.0

/// `alec simulate`: readings of sensors that do not exist.
enum SimulateCommand {
    /// Where time begins when nothing says otherwise and nothing waits: always the same.
    private static let epoch: Int64 = 1_790_000_000_000
    /// How long it goes when nothing says otherwise and nothing waits.
    private static let seconds = 60

    static func run<Host: CommandHost>(
        _ options: Options.Simulate, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        let isPaced = options.pace == .real
        let now = isPaced ? host.wallNanoseconds() / 1_000_000 : epoch
        var simulation = Simulation(
            options, start: options.start.map(Int64.init) ?? now,
            seconds: options.seconds ?? (isPaced ? nil : seconds))
        var text: [UInt8] = []
        simulation.appendHead(to: &text)
        let begin = host.nanoseconds()
        while let due = simulation.due {
            if isPaced {
                // What is due must not wait for what is not.
                let deadline = begin + UInt64(due)
                if host.nanoseconds() < deadline {
                    try host.flush(&text)
                    if host.wait(untilNanoseconds: deadline) { throw .outputClosed }
                }
            }
            simulation.appendRow(to: &text)
            if text.count >= Host.chunkBytes { try host.flush(&text) }
        }
        try host.flush(&text)
        return .success
    }
}
