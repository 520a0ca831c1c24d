// SPDX-License-Identifier: Apache-2.0

internal import GatewayCore
internal import Glibc
internal import HostSystem

/// `alec serial`: what is plugged in, how fast it speaks, and what it says.
enum SerialCommand {
    static func run<Host: CommandHost>(
        _ options: Options.Serial, on host: inout Host, devices: DeviceFolders = .system
    ) throws(CommandError) -> CommandStatus {
        switch options.action {
        case .list: try list(devices, on: &host)
        case .probe(let path, let baud): try probe(path, baud, options, devices, on: &host)
        case .trace(let path, let baud): try trace(path, baud, options, devices, on: &host)
        }
    }

    private static func list<Host: CommandHost>(
        _ devices: DeviceFolders, on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        let all = devices.all()
        if all.isEmpty { host.tell(SerialPage.nothing) }
        try host.print(SerialPage.list(all))
        return .success
    }

    private static func interruption() throws(CommandError) -> SignalSource {
        do throws(SystemError) {
            return try SignalSource([SIGINT, SIGTERM])
        } catch {
            throw .cannotRead(path: nil, error)
        }
    }

    // MARK: probe

    private static func probe<Host: CommandHost>(
        _ path: String, _ baud: Int?, _ options: Options.Serial, _ devices: DeviceFolders,
        on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        let interruption = try interruption()
        var probe = SerialProbe()
        for rate in baud.map({ [$0] }) ?? SerialProbe.rates where probe.found == nil {
            guard
                let outcome = try attempt(
                    path, rate, options, devices, interruption, on: &host)
            else { return .success }
            let attempt = SerialProbe.Attempt(baud: rate, outcome: outcome)
            probe.add(attempt)
            try host.print(SerialPage.attempt(attempt))
        }
        if let found = probe.found {
            try host.print(SerialPage.table(path, found.baud, found.format))
            return .success
        }
        if let baud = probe.text {
            host.tell(SerialPage.unknown(baud: baud))
        } else {
            host.tell(probe.isSilent ? SerialPage.silence : SerialPage.noise)
        }
        return .damagedData
    }

    /// nil if someone interrupted.
    private static func attempt<Host: CommandHost>(
        _ path: String, _ baud: Int, _ options: Options.Serial, _ devices: DeviceFolders,
        _ interruption: borrowing SignalSource, on host: inout Host
    ) throws(CommandError) -> SerialProbe.Attempt.Outcome? {
        let port: SerialReader
        do throws(CommandError) {
            port = try SerialReader.open(path, SerialSettings(baud: baud), in: devices)
        } catch {
            if error == .cannotOpen(path: path, SystemError(code: EINVAL)) { return .unsupported }
            throw error
        }
        let start = now
        let end = start + (.seconds(options.seconds ?? 3))
        var trace = LineTrace(options.format, idle: .milliseconds(200), at: start)
        var tally = ProbeTally()
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !tally.isEnough {
            let due = min(trace.deadline ?? .distantFuture, end)
            let answer = try port.read(into: &buffer, until: due.nanoseconds, interruption)
            let wall = WallTime(nanoseconds: host.wallNanoseconds())
            var lines: [([UInt8], LineTrace.Finding)] = []
            switch answer {
            case .bytes(let count):
                tally.take(bytes: count)
                trace.take(buffer[..<count], at: now, wall: wall) { lines.append(($1, $2)) }
            case .late:
                if now >= end { return tally.outcome(trace.format) }
                trace.advance(to: now, wall: wall) { lines.append(($1, $2)) }
            case .gone: throw .cannotRead(path: path, SystemError(code: EIO))
            case .interrupted: return nil
            }
            for (line, finding) in lines { tally.take(line, finding) }
        }
        return tally.outcome(trace.format)
    }

    // MARK: trace

    private static func trace<Host: CommandHost>(
        _ path: String, _ baud: Int, _ options: Options.Serial, _ devices: DeviceFolders,
        on host: inout Host
    ) throws(CommandError) -> CommandStatus {
        let interruption = try interruption()
        let port = try SerialReader.open(path, SerialSettings(baud: baud), in: devices)
        let end = options.seconds.map { now + .seconds($0) } ?? .distantFuture
        var trace = LineTrace(options.format, idle: .milliseconds(200), at: now)
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let due = min(trace.deadline ?? .distantFuture, end)
            let answer = try port.read(into: &buffer, until: due.nanoseconds, interruption)
            let wall = host.wallNanoseconds()
            var text = ""
            let tell = { (trace: LineTrace, line: [UInt8], finding: LineTrace.Finding) in
                text += SerialPage.line(line, finding, in: trace, wall: wall)
            }
            switch answer {
            case .bytes(let count):
                trace.take(
                    buffer[..<count], at: now, wall: WallTime(nanoseconds: wall), tell: tell)
            case .late:
                if now >= end { return .success }
                trace.advance(to: now, wall: WallTime(nanoseconds: wall), tell: tell)
            case .gone: throw .cannotRead(path: path, SystemError(code: EIO))
            case .interrupted: return .success
            }
            try host.print(text)
        }
    }

    private static var now: MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64(clamping: MonotonicClock.nanoseconds))
    }
}
