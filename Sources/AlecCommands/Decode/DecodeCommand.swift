// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import LineProtocols

/// `alec decode`: an `.alec` file in, lines of readings out.
enum DecodeCommand {
    static func run<Host: CommandHost>(
        _ options: Options.Decode, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        try host.openInput(options.path)
        var progress = Progress(on: &host)
        var stream = FrameStream()
        var printer = ReadingPrinter(format: options.format, unit: options.timeUnit)
        var damage = DamageReport(path: options.path, keepsGoing: options.keepsGoing)
        var chunk = [UInt8](repeating: 0, count: Host.chunkBytes)
        var readings = 0
        while true {
            switch stream.next() {
            case .needsBytes:
                try host.flush(&printer.text)
                let count: Int
                do throws(CommandError) {
                    count = try host.readInput(options.path, into: &chunk)
                } catch {
                    progress.clear(on: &host)
                    printer.finish()
                    try host.flush(&printer.text)
                    throw error
                }
                if count == 0 { stream.finish() }
                stream.append(chunk.span.extracting(0..<count))
                progress.advance(count, readings: readings, on: &host)
            case .header(let header): printer.begin(header.timeUnit)
            case .table, .ignored: continue
            case .frame(let head, _):
                printer.append(
                    stream.batch, head, table: stream.table,
                    channels: stream.decoder.context.channelCount)
                readings += stream.batch.count
                if printer.text.count >= Host.chunkBytes { try host.flush(&printer.text) }
            case .fault(let fault):
                progress.clear(on: &host)
                printer.finish()
                try host.flush(&printer.text)
                try damage.take(fault, on: &host)
            case .resumed(let offset, let skipped):
                damage.resume(offset: offset, skipped: skipped, on: &host)
            case .lostEnd(_, let bytes): damage.lostEnd(bytes: bytes, on: &host)
            case .end(let expected, let found): damage.end(expected: expected, found: found)
            case .finished:
                printer.finish()
                try host.flush(&printer.text)
                progress.clear(on: &host)
                damage.finish(on: &host)
                if stream.ignored > 0 { host.tell(Notes.unknownFrames(stream.ignored)) }
                return report(printer, options, damage, on: &host)
            }
        }
    }

    private static func report<Host: CommandHost>(
        _ printer: ReadingPrinter, _ options: Options.Decode, _ damage: DamageReport,
        on host: inout Host
    ) -> CommandStatus {
        if printer.alteredNaNs > 0 { host.tell(Notes.alteredNaNs(printer.alteredNaNs)) }
        if printer.dropped > 0 {
            host.tell(Notes.droppedReadings(printer.dropped, options.format))
        }
        return printer.dropped > 0 || damage.isDamaged ? .dropped : .success
    }
}
