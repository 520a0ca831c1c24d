// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration
internal import GatewayCore
internal import HostSystem

/// What came of opening an input.
enum SourceOpening {
    /// `from` is what was opened.
    case opened(OpenSource, from: String)
    case refused(SourceReason)

    /// Opens the first of the devices that can be.
    static func serial(_ candidates: [String], _ settings: SerialSettings) -> SourceOpening {
        var reason = SourceReason.absent
        for path in candidates {
            do throws(SystemError) {
                switch try SerialPort.open(path, settings) {
                case .opened(let port): return .opened(OpenSource(port: port), from: path)
                case .absent: break
                case .busy: reason = .busy
                case .denied: reason = .denied
                case .unsupportedRate: reason = .unsupportedRate
                }
            } catch {
                reason = .system(error.code)
            }
        }
        return .refused(reason)
    }

    /// Starts a command.
    static func command(_ text: String) -> SourceOpening {
        do throws(SystemError) {
            let process = try ChildProcess.start(CommandWords.split(text) ?? [])
            return .opened(OpenSource(command: process), from: "exec:" + text)
        } catch {
            if error.isAbsence { return .refused(.absent) }
            return .refused(error.isDenial ? .denied : .system(error.code))
        }
    }
}

extension InputSettings.Place {
    var kind: SourceMachine.Kind {
        switch self {
        case .standardInput: .stream
        case .serial: .serial
        case .command: .command
        }
    }
}

extension InputSettings {
    /// How the line is spoken at `baud`.
    func line(baud: Int) -> SerialSettings {
        var line = SerialSettings(baud: baud)
        line.dataBits = dataBits
        line.stopBits = stopBits
        line.isExclusive = isExclusive
        line.greeting = Array((greeting ?? "").utf8)
        switch parity {
        case .none: line.parity = .none
        case .even: line.parity = .even
        case .odd: line.parity = .odd
        }
        switch flow {
        case .none: line.flow = .none
        case .rtscts: line.flow = .rtscts
        case .xonxoff: line.flow = .xonxoff
        }
        return line
    }
}
