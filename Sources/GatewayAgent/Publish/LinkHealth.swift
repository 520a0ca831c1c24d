// SPDX-License-Identifier: Apache-2.0

internal import GatewayCore
internal import StoreAndForward

/// Looks at link and spool now and then, and logs when the node's health changes.
struct LinkHealth {
    /// The latest access to the spool failed.
    var isSpoolFailing = false
    private(set) var nextLook: MonotonicInstant
    private var monitor: HealthMonitor

    /// What the spool may hold.
    var maximumBytes: Int

    init(at now: MonotonicInstant, maximumBytes: Int) {
        self.maximumBytes = maximumBytes
        monitor = HealthMonitor(at: now)
        nextLook = now
    }

    /// Judges, if it is time.
    mutating func look(
        link: LinkMachine, machine: borrowing PublishMachine, spool: SharedSpool,
        shared: AgentShared, at now: MonotonicInstant
    ) {
        guard now >= nextLook else { return }
        nextLook = now + HealthMonitor.interval
        var facts = LinkFacts()
        facts.downSince = link.downSince
        facts.breaker = machine.breakerMode
        facts.isUnheard = machine.isUnheard
        var store = SpoolFacts()
        store.isFailing = isSpoolFailing || shared.hasFault
        let bytes = spool.with { $0.statistics.pendingBytes }
        store.percent = Int(Double(bytes) * 100 / Double(max(1, maximumBytes)))
        log(monitor.report(.link, facts, at: now), shared)
        log(monitor.report(.spool, store, at: now), shared)
        shared.setHealth(monitor)
    }

    private func log(_ change: HealthMonitor.Change?, _ shared: AgentShared) {
        guard let change else { return }
        let level: AgentLog.Level =
            switch change.to.level {
            case .healthy, .unknown: .info
            case .degraded, .unhealthy: .warning
            }
        let component = change.component.map { " component=\($0.name)" } ?? ""
        shared.log.write(
            level, "health.changed",
            "level=\(change.to.level.rawValue) reason=\(change.to.reason.rawValue)\(component)")
    }
}
