// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayConfiguration
internal import GatewayCore
internal import LineProtocols

/// `alec classify`: lines of readings in, the priority of each out.
enum ClassifyCommand {
    static func run<Host: CommandHost>(
        _ options: Options.Classify, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        let settings = try settings(options)
        try host.openInput(options.path)
        var source = LineSource(
            path: options.path, format: options.format, chunkBytes: Host.chunkBytes)
        var page = ClassifyPage(options, settings)
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

    /// What the settings of the gateway say of sensors.
    private static func settings(
        _ options: Options.Classify
    ) throws(CommandError) -> [SensorSettings] {
        guard let path = options.configuration else { return [] }
        do throws(ConfigurationError) {
            return try AgentConfiguration.load(path: path, environment: { _ in nil }).sensors
        } catch {
            throw .configuration(error)
        }
    }
}

extension Options.Classify {
    /// The sensors that rules were given for.
    fileprivate var sensors: [String] { limits.map(\.sensor) + steps.map(\.sensor) }

    /// What was said of the sensor called `name`: arguments go before settings.
    func rule(of name: [UInt8], _ settings: [SensorSettings]) -> SensorRule {
        let text = String(decoding: name, as: UTF8.self)
        var rule = settings.settings(of: text)?.policy.rule ?? SensorRule()
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
