// SPDX-License-Identifier: Apache-2.0

internal import LineProtocols

/// `alec encode`: lines of readings in, an `.alec` file out.
enum EncodeCommand {
    static func run<Host: CommandHost>(
        _ options: Options.Encode, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        guard !host.outputIsTerminal else { throw .usage(.outputIsTerminal) }
        try host.openInput(options.path)
        let start = host.nanoseconds()
        var progress = Progress(on: &host)
        var source = LineSource(
            path: options.path, format: options.format, chunkBytes: Host.chunkBytes)
        var stream = EncodedStream(
            options, random: host.randomBits(), group: host.randomBits())
        var refused = 0
        while true {
            let count = try source.fill(on: &host)
            var hasLine = true
            while hasLine {
                do throws(LineFault) {
                    hasLine = try source.next()
                    guard hasLine else { break }
                    stream.append(
                        source.readings, names: source.names, unit: source.reader.declaredUnit)
                } catch {
                    progress.clear(on: &host)
                    guard options.keepsGoing else {
                        // What was read until here is whole; only the end mark is missing.
                        stream.close(names: source.names, unit: source.reader.declaredUnit)
                        try host.flush(&stream.output)
                        throw .badLine(error)
                    }
                    refused += 1
                    if refused == 1 { host.tell(Notes.firstRefused(error)) }
                }
            }
            if count == 0 { break }
            try host.flush(&stream.output)
            progress.advance(count, readings: stream.statistics.readings, on: &host)
        }
        stream.finish(names: source.names, unit: source.reader.declaredUnit)
        try host.flush(&stream.output)
        progress.clear(on: &host)
        return report(options, source, stream.statistics, refused, since: start, on: &host)
    }

    private static func report<Host: CommandHost>(
        _ options: Options.Encode, _ source: LineSource, _ statistics: EncodeStatistics,
        _ refused: Int, since start: UInt64, on host: inout Host
    ) -> CommandStatus {
        if source.skippedValues > 0 { host.tell(Notes.skippedValues(source.skippedValues)) }
        for setting in options.maximumErrors where !source.hasSensor(setting.sensor) {
            host.tell(Notes.unknownSensor(setting.sensor))
        }
        if refused > 0 { host.tell(Notes.refusedLines(refused)) }
        if options.wantsStatistics {
            host.tell(statistics.json(nanoseconds: host.nanoseconds() - start) + "\n")
        }
        return refused > 0 ? .dropped : .success
    }
}

extension LineSource {
    /// Whether a sensor of this name has appeared.
    func hasSensor(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return names.find(bytes.span, from: 0, to: bytes.count) != nil
    }
}
