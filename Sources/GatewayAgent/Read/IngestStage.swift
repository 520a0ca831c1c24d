// SPDX-License-Identifier: Apache-2.0

package import GatewayConfiguration
internal import GatewayCore
internal import HostSystem

/// The body of the ingest thread: waits for inputs, reads them, and lets the encoder work.
package struct IngestStage: ~Copyable {
    /// The watchdog wants to see the thread come by, also where nothing happens.
    private static let longestWait = Duration.seconds(5)

    let shared: AgentShared
    private let hasBroker: Bool
    /// How long the end waits for room in a full spool.
    var patience: Duration
    /// The number of the settings that were taken last.
    var settingsVersion = 0
    /// Counts of inputs that other settings took away.
    var formerLines = LineCounts()
    let stream: OpenSource
    var ports: [InputPort]
    var encode: EncodeStage

    /// Reads the inputs of `settings`. `stream` stands for stdin.
    package init(
        _ settings: AgentSettings, stream: OpenSource, encode: consuming EncodeStage,
        shared: AgentShared
    ) {
        self.shared = shared
        self.encode = encode
        hasBroker = settings.broker != nil
        patience = settings.drain
        self.stream = stream
        ports = settings.inputs.map { InputPort($0, stream: stream) }
    }

    /// Works until all inputs are over or the agent is to stop, then brings everything into the
    /// spool.
    package mutating func run() {
        while !isOver {
            let now = MonotonicClock.instant
            shared.beat(at: now)
            takeSettings(at: now)
            for i in ports.indices { ports[i].open(at: now, shared.log) }
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
        report(i)
    }

    private mutating func wait(until deadline: MonotonicInstant) {
        tellInputs()
        var items = [PollItem(descriptor: shared.wakeIngest.descriptor)]
        var deadline = deadline
        for port in ports {
            if let retry = port.retryAt { deadline = min(deadline, retry) }
            // While the spool is full, stdin waits in its pipe.
            let isHeld = port.lines.canWait && encode.isBlocked || port.lines.hasChunk
            items.append(PollItem(descriptor: isHeld ? -1 : port.descriptor))
        }
        do throws(SystemError) {
            _ = try Poller.wait(on: &items, until: deadline.nanoseconds)
        } catch {
            shared.log.error("input.poll_failed", "errno=\(error.code)")
        }
        if items[0].isReadable { shared.wakeIngest.clear() }
        for i in ports.indices where items[i + 1].isReadable || items[i + 1].isHungUp {
            let now = MonotonicClock.instant
            guard ports[i].read(at: now, wall: WallClock.time, shared.log) else { continue }
            drain(i, at: now)
        }
    }

    /// Tells of refused lines and passes the counts on.
    mutating func report(_ i: Int) {
        for refusal in ports[i].lines.takeRefusals() {
            let error =
                refusal.error.map {
                    " error=" + AgentLog.quoted(shared.log.words($0, refusal.sample))
                } ?? ""
            let sample = AgentLog.quoted(String(decoding: refusal.sample, as: UTF8.self))
            shared.log.warning(
                "input.line_refused",
                "input=\(ports[i].name) line=\(refusal.line) reason=\(refusal.reason)\(error) "
                    + "sample=\(sample)")
        }
        shared.setLines(ports.reduce(into: formerLines) { $0.add($1.lines.counts) })
    }

    /// All that was read goes into the spool, as far as it takes it in time.
    private mutating func finish() {
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

    /// Of streams that ended, the last line may lack its newline.
    private mutating func takeLastLines(at now: MonotonicInstant) {
        for i in ports.indices where ports[i].isOver {
            ports[i].lines.finish(into: &encode, at: now)
            report(i)
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
