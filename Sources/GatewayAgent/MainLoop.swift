// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration
internal import GatewayCore
internal import HostSystem

/// The body of the first thread: signals, the watchdog, and the order in which a run ends.
///
///     running ──signal──▶ stopping ──ingest over──▶ draining ──link over, or time──▶ ended
///        └──────────────inputs over──────────────────▲           (the second signal: no time)
struct MainLoop: ~Copyable {
    /// The ingest thread comes by every few seconds unless something holds it for good.
    private static let longestSilence = Duration.seconds(60)

    let shared: AgentShared
    let signals: SignalSource
    let notifier: ServiceNotifier
    let hasLink: Bool
    var control: ControlStage
    private var nextPing: MonotonicInstant?
    private var requests = StopRequests()

    init(
        shared: AgentShared, signals: consuming SignalSource, notifier: ServiceNotifier,
        control: consuming ControlStage, hasLink: Bool
    ) {
        self.shared = shared
        self.signals = signals
        self.notifier = notifier
        self.control = control
        self.hasLink = hasLink
        if notifier.watchdogNanoseconds != nil { nextPing = MonotonicClock.instant }
    }

    /// Returns when all threads are told to end and the link has.
    mutating func run() {
        while true {
            let now = MonotonicClock.instant
            shared.wakeMain.clear()
            takeSignals()
            ping(at: now)
            control.serve(at: now, notifier)
            var deadline = min(nextPing ?? .distantFuture, control.deadline)
            switch shared.phase {
            case .running, .stopping:
                if shared.ended.ingest {
                    notifier.stopping()
                    let span = requests.isDrainCut ? .zero : control.settings.drain
                    shared.advance(to: .draining(until: now + span))
                    continue
                }
            case .draining(let until):
                guard hasLink, !shared.ended.link, now < until + Self.linkGrace else {
                    shared.advance(to: .ended)
                    return
                }
                deadline = min(deadline, until + Self.linkGrace)
            case .ended:
                return
            }
            wait(until: deadline)
        }
    }

    /// The link looks at the drain time itself and says goodbye to the broker after it.
    private static let linkGrace = Duration.seconds(2)

    private func wait(until deadline: MonotonicInstant) {
        var items =
            [
                PollItem(descriptor: signals.descriptor),
                PollItem(descriptor: shared.wakeMain.descriptor),
            ] + control.items
        let until = deadline == .distantFuture ? nil : deadline.nanoseconds
        // A poll that fails comes round again, with the same flags.
        _ = try? Poller.wait(on: &items, until: until)
    }

    private mutating func takeSignals() {
        while let signal = (try? signals.next()) ?? nil {
            shared.log.info("run.signal", "number=\(signal)")
            switch requests.take(signal, in: shared.phase) {
            case .nothing: break
            case .reload: _ = control.reload(notifier)
            case .stop:
                notifier.stopping()
                shared.advance(to: .stopping)
            case .cutDrain:
                // Not the end at once: the link says goodbye first.
                shared.advance(to: .draining(until: MonotonicClock.instant))
            }
        }
    }

    /// Tells the watchdog that all is well, unless the ingest thread is stuck.
    private mutating func ping(at now: MonotonicInstant) {
        guard let interval = notifier.watchdogNanoseconds, let due = nextPing, now >= due else {
            return
        }
        nextPing = now + .nanoseconds(interval / 3)
        if shared.ended.ingest || now - shared.heartbeat < Self.longestSilence {
            notifier.watchdog()
        }
    }
}
