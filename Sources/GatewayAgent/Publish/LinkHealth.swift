// SPDX-License-Identifier: Apache-2.0

internal import GatewayCore
internal import StoreAndForward

/// Looks at link and spool now and then, and logs when the node's health changes.
struct LinkHealth {
    /// How often the spool is asked how full it is.
    private static let interval = Duration.seconds(10)

    /// The latest access to the spool failed.
    var isSpoolFailing = false
    private(set) var nextLook: MonotonicInstant
    private var health: HealthState

    /// What the spool may hold.
    var maximumBytes: Int

    init(at now: MonotonicInstant, maximumBytes: Int) {
        self.maximumBytes = maximumBytes
        health = HealthState(at: now)
        nextLook = now
    }

    /// Judges, if it is time.
    mutating func look(
        link: LinkMachine, machine: borrowing PublishMachine, spool: SharedSpool,
        shared: AgentShared, at now: MonotonicInstant
    ) {
        guard now >= nextLook else { return }
        nextLook = now + Self.interval
        var facts = HealthState.Facts()
        facts.offlineSince = link.downSince
        facts.isRefused = machine.isRefused
        facts.isUnheard = machine.isUnheard
        facts.isSpoolFailing = isSpoolFailing || shared.hasFault
        let bytes = spool.with { $0.statistics.pendingBytes }
        facts.spoolPercent = Int(Double(bytes) * 100 / Double(max(1, maximumBytes)))
        guard health.judge(facts, at: now) else { return }
        shared.setHealth(health)
        let level: AgentLog.Level =
            switch health.level {
            case .healthy, .unknown: .info
            case .degraded, .unhealthy: .warning
            }
        shared.log.write(
            level, "health.changed", "level=\(health.level) reason=\(health.reason.rawValue)")
    }
}
