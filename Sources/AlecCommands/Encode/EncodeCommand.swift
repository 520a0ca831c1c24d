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
        var work = EncodeWork(options, on: &host)
        do throws(CommandError) {
            try work.encodeInput(on: &host)
        } catch {
            work.progress.clear(on: &host)
            guard error.isOfInput else { throw error }
            // What was read until here is whole; only the end mark is missing.
            work.stream.encodeRest(
                names: work.source.names, unit: work.source.reader.declaredUnit)
            try host.flush(&work.stream.output)
            throw error
        }
        work.stream.finish(names: work.source.names, unit: work.source.reader.declaredUnit)
        try host.flush(&work.stream.output)
        work.progress.clear(on: &host)
        work.report(nanoseconds: host.nanoseconds() - start, on: &host)
        return work.refused > 0 ? .dropped : .success
    }
}

/// What one run of `alec encode` holds.
private struct EncodeWork: ~Copyable {
    let options: Options.Encode
    var source: LineSource
    var stream: EncodedStream
    var progress: Progress
    /// Lines that were left out.
    var refused = 0

    init<Host: CommandHost>(_ options: Options.Encode, on host: inout Host) {
        self.options = options
        progress = Progress(on: &host)
        source = LineSource(
            path: options.path, format: options.format, chunkBytes: Host.chunkBytes)
        stream = EncodedStream(options, random: host.randomBits(), group: host.randomBits())
    }

    mutating func encodeInput<Host: CommandHost>(on host: inout Host) throws(CommandError) {
        while true {
            let count = try source.fill(on: &host)
            try encodeLines(on: &host)
            if count == 0 { return }
            try host.flush(&stream.output)
            progress.advance(count, readings: stream.statistics.readings, on: &host)
        }
    }

    private mutating func encodeLines<Host: CommandHost>(
        on host: inout Host
    ) throws(CommandError) {
        while true {
            do throws(LineFault) {
                guard try source.next() else { return }
                stream.append(
                    source.readings, names: source.names, unit: source.reader.declaredUnit)
            } catch {
                guard options.keepsGoing else { throw .badLine(error) }
                progress.clear(on: &host)
                refused += 1
                if refused == 1 { host.tell(Notes.firstRefused(error)) }
            }
        }
    }

    func report<Host: CommandHost>(nanoseconds: UInt64, on host: inout Host) {
        source.tellOmissions(on: &host)
        for setting in options.maximumErrors where !source.hasSensor(setting.sensor) {
            host.tell(Notes.unknownSensor(setting.sensor))
        }
        if refused > 0 { host.tell(Notes.refusedLines(refused)) }
        guard options.wantsStatistics else { return }
        var statistics = stream.statistics
        statistics.absentValues = source.absentValues
        statistics.skippedValues = source.skippedValues
        host.tell(statistics.json(nanoseconds: nanoseconds) + "\n")
    }
}

extension LineSource {
    /// Whether a sensor of this name has appeared.
    func hasSensor(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return names.find(bytes.span, from: 0, to: bytes.count) != nil
    }

    /// Says what of the lines was no reading.
    func tellOmissions<Host: CommandHost>(on host: inout Host) {
        if skippedValues > 0 { host.tell(Notes.skippedValues(skippedValues)) }
        // An empty cell of CSV is how a table says that there is no reading; a null is a word.
        if absentValues > 0, reader.format == .jsonLines {
            host.tell(Notes.absentValues(absentValues))
        }
    }
}
