// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration
internal import GatewayCore
internal import HostSystem

/// One input: opened, read, opened again.
///
/// stdin ends once and for all. A serial port that is absent or pulled out is tried again, later
/// each time, for as long as the program runs.
struct InputPort {
    private enum State {
        case open(OpenSource)
        case absent(until: MonotonicInstant, pause: Duration)
        case over
    }

    private static let firstPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(30)

    let name: String
    let settings: InputSettings
    var lines: LineInput
    private var state: State

    /// An input that is opened when it is first looked at. `stream` stands for stdin.
    init(_ settings: InputSettings, stream: OpenSource) {
        self.settings = settings
        switch settings.place {
        case .standardInput:
            name = "stdin"
            lines = LineInput(settings, canWait: true, hasMarks: true)
            state = .open(stream)
        case .serial(let path, _):
            name = path
            lines = LineInput(settings, canWait: false, hasMarks: false)
            state = .absent(until: MonotonicInstant(nanoseconds: 0), pause: Self.firstPause)
        }
    }

    var isOver: Bool {
        if case .over = state { return true }
        return false
    }

    /// What to poll; negative while there is nothing to.
    var descriptor: CInt {
        if case .open(let source) = state { return source.descriptor }
        return -1
    }

    /// When to try to open it again; nil while it is open or over.
    var retryAt: MonotonicInstant? {
        if case .absent(let until, _) = state { return until }
        return nil
    }

    /// Opens the port if its time has come.
    mutating func open(at now: MonotonicInstant, _ log: AgentLog) {
        guard case .absent(let until, let pause) = state, now >= until,
            case .serial(let path, let baud) = settings.place
        else { return }
        do throws(SystemError) {
            switch try SerialPort.open(path, baud: baud) {
            case .opened(let port):
                state = .open(OpenSource(port: port))
                lines.reset()
                log.info("input.opened", "input=\(name) baud=\(baud)")
                return
            case .absent: tell("absent", pause, log)
            case .busy: tell("busy", pause, log)
            case .unsupportedRate: tell("unsupported_rate", pause, log)
            }
        } catch {
            tell("errno_\(error.code)", pause, log)
        }
        state = .absent(until: now + pause, pause: min(pause * 2, Self.longestPause))
    }

    /// Reads once; false where nothing came.
    mutating func read(at now: MonotonicInstant, wall: WallTime, _ log: AgentLog) -> Bool {
        guard case .open(let source) = state else { return false }
        do throws(SystemError) {
            switch try source.read(into: &lines.chunk) {
            case .bytes(let count):
                lines.fill(count, arrival: wall)
                return true
            case .nothing:
                return false
            case .hungUp:
                close("ended", at: now, log)
            }
        } catch {
            close("errno_\(error.code)", at: now, log)
        }
        return false
    }

    private mutating func close(_ reason: String, at now: MonotonicInstant, _ log: AgentLog) {
        switch settings.place {
        case .standardInput:
            state = .over
            log.info("input.ended", "input=\(name) reason=\(reason)")
        case .serial:
            state = .absent(until: now + Self.firstPause, pause: Self.firstPause)
            log.warning("input.lost", "input=\(name) reason=\(reason)")
        }
    }

    /// Once each time that the port goes, not at each attempt.
    private func tell(_ reason: String, _ pause: Duration, _ log: AgentLog) {
        guard pause == Self.firstPause else { return }
        log.warning("input.absent", "input=\(name) reason=\(reason)")
    }
}
