// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

/// `alec inspect`: tells what is in an `.alec` file, frame by frame.
enum InspectCommand {
    static func run<Host: CommandHost>(
        _ options: Options.Inspect, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        try host.openInput(options.path)
        var stream = FrameStream()
        var page = InspectPage(isJSON: options.isJSON)
        var chunk = [UInt8](repeating: 0, count: Host.chunkBytes)
        while true {
            switch stream.next() {
            case .needsBytes:
                try host.flush(&page.output)
                let count = try host.readInput(options.path, into: &chunk)
                if count == 0 { stream.finish() }
                stream.append(chunk.span.extracting(0..<count))
                page.totals.fileBytes += count
            case .header(let header): page.header(header)
            case .table(let frame, let record): page.table(frame, record)
            case .frame(let head, let record): page.frame(head, record, stream.batch)
            case .ignored(let record): page.ignored(record)
            case .fault(let fault):
                // Without a header there is nothing to tell.
                if case .header = fault.reason {
                    throw .damagedFile(fault, path: options.path)
                }
                page.fault(fault)
            case .resumed(let offset, let skipped): page.resumed(offset, skipped)
            case .lostEnd(_, let bytes): page.lostEnd(bytes)
            case .end: page.totals.ends += 1
            case .finished:
                page.finish(stream.table, stream.decoder.context)
                try host.flush(&page.output)
                return page.totals.faults > 0 ? .dropped : .success
            }
        }
    }
}
