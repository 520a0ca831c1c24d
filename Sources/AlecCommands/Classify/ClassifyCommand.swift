// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import LineProtocols

/// `alec classify`: lines of readings in, the priority of each out.
enum ClassifyCommand {
    static func run<Host: CommandHost>(
        _ options: Options.Classify, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        try host.openInput(options.path)
        var source = LineSource(
            path: options.path, format: options.format, chunkBytes: Host.chunkBytes)
        var page = ClassifyPage(options)
        var refused = 0
        while true {
            let count = try source.fill(on: &host)
            var hasLine = true
            while hasLine {
                do throws(LineFault) {
                    hasLine = try source.next()
                    guard hasLine else { break }
                    page.append(
                        source.readings.items, source.names, unit: source.reader.declaredUnit)
                } catch {
                    // What stood before the bad line is worth seeing.
                    try host.flush(&page.text)
                    guard options.keepsGoing else { throw .badLine(error) }
                    refused += 1
                    if refused == 1 { host.tell(Notes.firstRefused(error)) }
                }
                if page.text.count >= Host.chunkBytes { try host.flush(&page.text) }
            }
            try host.flush(&page.text)
            if count == 0 { break }
        }
        source.tellOmissions(on: &host)
        for sensor in options.sensors where !source.hasSensor(sensor) {
            host.tell(Notes.unknownSensor(sensor))
        }
        if refused > 0 { host.tell(Notes.refusedLines(refused)) }
        if options.explains { host.tell(Notes.priorities(page.counts)) }
        return refused > 0 ? .dropped : .success
    }
}

extension Options.Classify {
    /// The sensors that rules were given for.
    fileprivate var sensors: [String] { limits.map(\.sensor) + steps.map(\.sensor) }

    /// What was said of the sensor called `name`.
    func rule(of name: [UInt8]) -> SensorRule {
        var rule = SensorRule()
        for limit in limits where Array(limit.sensor.utf8) == name {
            rule.low = limit.value.lowerBound
            rule.high = limit.value.upperBound
        }
        for step in steps where Array(step.sensor.utf8) == name {
            rule.maximumStep = step.value
        }
        return rule
    }
}
