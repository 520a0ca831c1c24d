// SPDX-License-Identifier: Apache-2.0

package import GatewayConfiguration
internal import GatewayCore
package import HostSystem
internal import LineProtocols

/// The body of the ingest thread: waits for inputs, reads them, and lets the encoder work.
package struct IngestStage: ~Copyable {
    /// The watchdog wants to see the thread come by, also where nothing happens.
    private static let longestWait = Duration.seconds(5)

    /// How long commands may take to end when the agent does.
    private static let commandPatience = Duration.seconds(2)

    let shared: AgentShared
    private let hasBroker: Bool
    /// How long the end waits for room in a full spool.
    var patience: Duration
    /// The number of the settings that were taken last.
    var settingsVersion = 0
    /// Counts of inputs that other settings took away.
    var formerLines = LineCounts()
    let stream: OpenSource
    let devices: DeviceFolders
    var ports: [InputPort]
    var encode: EncodeStage
    /// Tells of devices that are plugged in; nil where none is awaited, or the kernel has no room.
    private var watch: FolderWatch?

    /// Reads the inputs of `settings`. `stream` stands for stdin.
    package init(
        _ settings: AgentSettings, stream: OpenSource, encode: consuming EncodeStage,
        shared: AgentShared, devices: DeviceFolders = .system
    ) {
        self.shared = shared
        self.encode = encode
        hasBroker = settings.broker != nil
        patience = settings.drain
        self.stream = stream
        self.devices = devices
        let now = MonotonicClock.instant
        let texts = TextValues(settings.sensors)
        ports = settings.inputs.map {
            InputPort(
                $0, texts: texts, stream: stream, devices: devices, log: shared.log, at: now)
        }
        watchDevices()
    }

    /// Numbers the inputs, and waits for what they read from.
    mutating func watchDevices() {
        for i in ports.indices { ports[i].lines.source = i }
        let folders = Set(ports.flatMap(\.watchedFolders)).sorted()
        do throws(SystemError) {
            watch = folders.isEmpty ? nil : try FolderWatch(folders)
        } catch {
            // Without it ports are found a few seconds later.
            watch = nil
            shared.log.warning("input.watch_failed", "errno=\(error.code)")
        }
    }

    /// Works until all inputs are over or the agent is to stop, then brings everything into the
    /// spool.
    package mutating func run() {
        while !isOver {
            let now = MonotonicClock.instant
            shared.beat(at: now)
            takeSettings(at: now)
            for i in ports.indices { ports[i].advance(to: now, into: &encode) }
            encode.isClockSynchronised = ClockStatus.isSynchronised
            encode.advance(to: now, wall: WallClock.time)
            if drainChunks(at: now) { continue }
            // Without a broker no room will ever appear.
            guard shared.phase == .running, hasBroker || !encode.isFull else { break }
            wait(until: min(encode.deadline, now + Self.longestWait))
        }
        finish()
        shared.ingestEnded()
    }

    private var isOver: Bool { ports.allSatisfy { $0.isOver && !$0.lines.hasChunk } }

    /// Takes up lines that waited for the spool; true if all of a chunk went through.
    private mutating func drainChunks(at now: MonotonicInstant) -> Bool {
        var isProgress = false
        for i in ports.indices where ports[i].lines.hasChunk && !encode.isBlocked {
            drain(i, at: now)
            if !ports[i].lines.hasChunk { isProgress = true }
        }
        return isProgress
    }

    mutating func drain(_ i: Int, at now: MonotonicInstant) {
        ports[i].lines.drain(into: &encode, at: now)
        tellRefusals(i)
    }

    private mutating func wait(until deadline: MonotonicInstant) {
        report()
        let start = MonotonicClock.instant
        let held = ports.map { isHeld($0) }
        var deadline = deadline
        var items = [
            PollItem(descriptor: shared.wakeIngest.descriptor),
            PollItem(descriptor: watchDescriptor),
        ]
        for (port, isHeld) in zip(ports, held) {
            items.append(PollItem(descriptor: isHeld ? -1 : port.descriptor))
            if isHeld {
                if port.isSerial { deadline = min(deadline, start + port.unreadSpan) }
            } else if let due = port.deadline {
                deadline = min(deadline, due)
            }
        }
        do throws(SystemError) {
            _ = try Poller.wait(on: &items, until: deadline.nanoseconds)
        } catch {
            shared.log.error("input.poll_failed", "errno=\(error.code)")
        }
        let now = MonotonicClock.instant
        if items[0].isReadable { shared.wakeIngest.clear() }
        for i in ports.indices {
            if held[i] { ports[i].held += now - start }
            read(i, items[i + 2])
        }
        // Behind the reads, which tell what was pulled out before something else came.
        if items[1].isReadable { lookForDevices(at: now) }
    }

    /// One chunk, so that no input keeps the others waiting.
    private mutating func read(_ i: Int, _ item: PollItem) {
        guard item.isReadable || item.isHungUp else { return }
        let now = MonotonicClock.instant
        guard
            ports[i].read(
                isHungUp: item.isHungUp, at: now, wall: WallClock.time, into: &encode)
        else { return }
        drain(i, at: now)
    }

    /// Whether a port is not to be read: while the spool takes nothing, pipes wait, and serial
    /// ports as long as the kernel has room for what comes.
    private func isHeld(_ port: InputPort) -> Bool {
        if port.lines.hasChunk { return true }
        guard encode.isBlocked else { return false }
        return port.isSerial ? port.canStayUnread : port.lines.canWait
    }

    private var watchDescriptor: CInt {
        switch watch {
        case .some(let watch): watch.descriptor
        case nil: -1
        }
    }

    private mutating func lookForDevices(at now: MonotonicInstant) {
        guard watch?.take() == true else { return }
        for i in ports.indices { ports[i].noticed(at: now) }
    }

    /// Tells of refused lines.
    mutating func tellRefusals(_ i: Int) {
        for refusal in ports[i].lines.takeRefusals() {
            let error =
                refusal.error.map {
                    " error=" + AgentLog.quoted(shared.log.words($0, refusal.sample))
                } ?? ""
            let sample = "\"" + LineSample.text(refusal.sample, quote: true) + "\""
            shared.log.warning(
                "input.line_refused",
                "input=\(ports[i].name) line=\(refusal.line) reason=\(refusal.reason)\(error) "
                    + "sample=\(sample)")
        }
    }

    /// Passes the counts on.
    private func report() {
        shared.setLines(ports.reduce(into: formerLines) { $0.add($1.lines.counts) })
        shared.setSources(ports.map(\.report))
    }

    /// All that was read goes into the spool, as far as it takes it in time.
    private mutating func finish() {
        defer { report() }
        stopCommands()
        var now = MonotonicClock.instant
        var deadline = now + patience
        var hasLastLines = false
        while true {
            shared.beat(at: now)
            encode.advance(to: now, wall: WallClock.time)
            let wasBlocked = encode.isBlocked
            for i in ports.indices where ports[i].lines.hasChunk { drain(i, at: now) }
            let isDrained = ports.allSatisfy { !$0.lines.hasChunk }
            if isDrained && !hasLastLines {
                hasLastLines = true
                takeLastLines(at: now)
            }
            encode.finish(at: now)
            if isDrained && encode.isEmpty { return }
            guard hasBroker || !encode.isFull, now < deadline else { break }
            if !(wasBlocked && encode.isBlocked) { deadline = now + patience }
            var items = [PollItem(descriptor: shared.wakeIngest.descriptor)]
            _ = try? Poller.wait(on: &items, until: min(deadline, encode.deadline).nanoseconds)
            shared.wakeIngest.clear()
            now = MonotonicClock.instant
        }
        shared.log.error("spool.refused", "readings=\(shared.readingCounts.open)")
    }

    private mutating func stopCommands() {
        for port in ports { port.terminate() }
        let deadline = MonotonicClock.instant + Self.commandPatience
        for i in ports.indices { ports[i].stop(by: deadline) }
    }

    /// Of streams that ended, the last line may lack its newline.
    private mutating func takeLastLines(at now: MonotonicInstant) {
        for i in ports.indices where ports[i].isOver {
            ports[i].lines.finish(into: &encode, at: now)
            tellRefusals(i)
        }
    }
}

extension MonotonicClock {
    /// The present moment.
    static var instant: MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64(clamping: nanoseconds))
    }
}

extension WallClock {
    /// The present time of day.
    static var time: WallTime { WallTime(nanoseconds: nanoseconds) }
}
