// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayConfiguration
internal import GatewayCore
internal import HostSystem
internal import StoreAndForward

/// What the main thread does for people: it answers at the control socket and reads settings again.
struct ControlStage: ~Copyable {
    /// The settings that hold.
    private(set) var settings: AgentSettings

    private let surroundings: AgentSurroundings
    private let spool: SharedSpool
    private let shared: AgentShared
    private var server: ControlServer?

    /// Opens the socket; without it the agent runs all the same.
    init(
        _ settings: AgentSettings, _ surroundings: AgentSurroundings, spool: SharedSpool,
        shared: AgentShared
    ) {
        self.settings = settings
        self.surroundings = surroundings
        self.spool = spool
        self.shared = shared
        server = nil
        guard let path = surroundings.controlPath else { return }
        do throws(SystemError) {
            server = try ControlServer(path)
        } catch {
            shared.log.warning(
                "control.unavailable", "path=\(AgentLog.quoted(path)) errno=\(error.code)")
        }
    }

    /// What to poll.
    var items: [PollItem] {
        switch server {
        case .some(let server): server.items
        case nil: []
        }
    }

    /// When to look again.
    var deadline: MonotonicInstant {
        switch server {
        case .some(let server): server.deadline ?? .distantFuture
        case nil: .distantFuture
        }
    }

    /// Answers whoever can be answered now.
    mutating func serve(at now: MonotonicInstant, _ notifier: ServiceNotifier) {
        guard var server = server.take() else { return }
        server.serve(at: now) { line in answer(line, at: now, notifier) }
        self.server = consume server
    }

    /// The answer to a request.
    mutating func answer(
        _ line: Span<UInt8>, at now: MonotonicInstant, _ notifier: ServiceNotifier
    ) -> [UInt8] {
        do throws(ControlRequest.Fault) {
            switch try ControlRequest(line) {
            case .status: return page(at: now).json
            case .sources: return page(at: now).sourcesJSON
            case .spool: return page(at: now).spoolJSON
            case .dropFromSpool(let removal):
                return removal.carryOut(in: spool, shared)
            case .reload: return reload(notifier).json
            }
        } catch {
            var object = JSONObject()
            object.add("ok", false)
            object.add("error", error.rawValue)
            return object.line
        }
    }

    /// Reads the settings again. All that is right and allowed holds from now on; anything wrong
    /// changes nothing at all.
    mutating func reload(_ notifier: ServiceNotifier) -> ReloadOutcome {
        notifier.reloading()
        defer { notifier.ready() }
        let outcome = reread()
        outcome.tell(shared.log)
        return outcome
    }

    private mutating func reread() -> ReloadOutcome {
        guard let source = surroundings.source, shared.phase == .running else {
            return .unavailable
        }
        switch source.read() {
        case .faults(let faults): return .faults(faults)
        case .settings(let new):
            let change = SettingsChange(from: settings, to: new)
            guard change.settings != settings else { return .changed(change) }
            settings = change.settings
            let bounds = SpoolSettings(settings.spool, isDurable: settings.durability != .ram)
            spool.with { $0.setBounds(bounds) }
            // More room may be there now.
            shared.roomMayHaveAppeared()
            shared.release(settings)
            return .changed(change)
        }
    }

    private func page(at now: MonotonicInstant) -> StatusPage {
        StatusPage(
            settings, surroundings.software, spool: spool, shared: shared, at: now,
            wall: WallClock.time)
    }
}
