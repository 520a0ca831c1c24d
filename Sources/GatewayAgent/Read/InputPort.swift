// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration
internal import GatewayCore
internal import HostSystem
internal import LineProtocols

/// One input: opened, read, and opened again, as its machine says.
struct InputPort {
    let name: String
    let settings: InputSettings
    var lines: LineInput
    /// How long it was not read, as the spool took nothing.
    var held = Duration.zero
    private var machine: SourceMachine
    private var source: OpenSource?
    private let devices: DeviceFolders
    private let log: AgentLog

    /// An input that is opened when it is first looked at. `stream` stands for stdin.
    init(
        _ settings: InputSettings, texts: TextValues, stream: OpenSource, devices: DeviceFolders,
        log: AgentLog, at now: MonotonicInstant
    ) {
        self.settings = settings
        self.devices = devices
        self.log = log
        let kind = settings.place.kind
        machine = SourceMachine(kind, idle: settings.idle, at: now)
        lines = LineInput(settings, texts: texts)
        let isQuoted = settings.name == nil && settings.place.kind == .command
        name = isQuoted ? AgentLog.quoted(settings.label) : settings.label
        source = settings.place == .standardInput ? stream : nil
    }

    var isOver: Bool { machine.status.state == .over }

    var isSerial: Bool { settings.place.kind == .serial }

    /// What to poll; negative while there is nothing to.
    var descriptor: CInt {
        guard let source else { return -1 }
        return machine.status.state == .ending ? source.endDescriptor : source.descriptor
    }

    /// Where devices may appear.
    var watchedFolders: [String] {
        if case .serial(let path, _) = settings.place { return devices.watched(path) }
        return []
    }

    /// When `advance` has something to do; nil where only the source has. Lines that wait for
    /// the spool come before anything else.
    var deadline: MonotonicInstant? { lines.hasChunk ? nil : machine.deadline }

    /// How the input is.
    var report: SourceReport {
        var status = machine.status
        status.overlongLines = lines.counts.refused(.tooLong)
        return SourceReport(
            name: name, place: settings.place.text, status: status, lines: lines.counts,
            held: held)
    }

    /// A serial port whose bytes may stay in the kernel for now. What the kernel has no room for
    /// is lost without a count, so that bytes are read before.
    var canStayUnread: Bool {
        guard let count = source?.waitingBytes else { return false }
        return count < Self.kernelBytes / 2
    }

    /// How long half of the kernel's buffer lasts.
    var unreadSpan: Duration {
        guard case .serial(_, let baud) = settings.place else { return .seconds(1) }
        return .seconds(10 * Self.kernelBytes / 4) / baud
    }

    /// What a terminal holds of what was not read.
    private static let kernelBytes = 4096

    /// A device may have come.
    mutating func noticed(at now: MonotonicInstant) { machine.noticed(at: now) }

    /// Does what is due.
    mutating func advance(to now: MonotonicInstant, into stage: inout EncodeStage) {
        guard let due = deadline, now >= due else { return }
        // Bytes that nobody has read yet are no silence.
        if isSerial, machine.status.state == .open, source?.waitingBytes ?? 1 > 0 { return }
        while let order = machine.advance(to: now) {
            switch order {
            case .open: open(at: now)
            case .endLine: lines.finish(into: &stage, at: now)
            case .dropLine: if lines.skip() { machine.droppedPart() }
            case .beginLine:
                _ = lines.drop()
                machine.droppedPart()
            case .terminate: source?.terminate()
            case .kill: source?.kill()
            }
        }
    }

    /// Reads once; false where no lines came.
    mutating func read(
        isHungUp: Bool, at now: MonotonicInstant, wall: WallTime, into stage: inout EncodeStage
    ) -> Bool {
        guard let source else { return false }
        guard machine.status.state == .open else {
            if let reason = source.takeEnding() { ended(reason, at: now, into: &stage) }
            return false
        }
        do throws(SystemError) {
            switch try source.read(into: &lines.chunk) {
            case .bytes(let count):
                take(count, at: now, wall: wall)
                return lines.hasChunk
            case .nothing:
                guard let reason = machine.wokeInVain(isHungUp: isHungUp) else { return false }
                lose(reason, at: now)
            case .hungUp: lose(.hungUp, at: now)
            }
        } catch {
            lose(.system(error.code), at: now)
        }
        return false
    }

    /// Asks a command to end, as the agent does.
    func terminate() { source?.terminate() }

    /// Waits for a command that was asked to end.
    mutating func stop(by deadline: MonotonicInstant) {
        guard settings.place.kind == .command else { return }
        source?.stop(by: deadline)
        source = nil
    }

    private mutating func take(_ count: Int, at now: MonotonicInstant, wall: WallTime) {
        let hasNewline = isSerial && lines.hasNewline(in: count)
        switch machine.took(hasNewline: hasNewline, at: now) {
        case .keep: break
        case .skip: if lines.skip() { machine.droppedPart() }
        }
        lines.fill(count, arrival: wall)
    }

    private mutating func lose(_ reason: SourceReason, at now: MonotonicInstant) {
        switch machine.lost(reason, at: now) {
        case .ignore, .awaitEnd: break
        case .close:
            source = nil
            if isOver {
                log.info("input.ended", "input=\(name) reason=\(reason.text)")
            } else {
                if lines.drop() { machine.droppedPart() }
                log.warning("input.lost", "input=\(name) reason=\(reason.text)")
            }
        }
    }

    /// Of a command that did its work, the last line may lack its newline.
    private mutating func ended(
        _ reason: SourceReason, at now: MonotonicInstant, into stage: inout EncodeStage
    ) {
        source = nil
        machine.ended(reason, at: now)
        if reason == .exited(0) {
            lines.finish(into: &stage, at: now)
        } else if lines.drop() {
            machine.droppedPart()
        }
        log.warning("input.lost", "input=\(name) reason=\(reason.text)")
    }

    private mutating func open(at now: MonotonicInstant) {
        let opening =
            switch settings.place {
            case .standardInput: SourceOpening.refused(.absent)
            case .serial(let path, let baud):
                SourceOpening.serial(devices.candidates(path), settings.line(baud: baud))
            case .command(let text): SourceOpening.command(text)
            }
        switch opening {
        case .opened(let source, let path):
            self.source = source
            machine.opened(at: now)
            log.info("input.opened", "input=\(name) from=\(AgentLog.quoted(path))")
        case .refused(let reason):
            guard machine.refused(reason, at: now) else { return }
            log.warning("input.absent", "input=\(name) reason=\(reason.text)")
        }
    }
}

extension InputSettings {
    /// What messages call the input.
    var label: String {
        if let name { return name }
        return switch place {
        case .standardInput: "stdin"
        case .serial(let path, _): path
        case .command(let text): "exec:" + text
        }
    }
}
