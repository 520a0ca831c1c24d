// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayConfiguration
internal import GatewayCore
internal import LineProtocols
internal import StoreAndForward

extension StatusPage {
    /// How the agent is now.
    init(
        _ settings: AgentSettings, _ software: String, spool stored: SharedSpool,
        shared: AgentShared, at now: MonotonicInstant, wall: WallTime
    ) {
        self.init()
        site = settings.site
        node = settings.node
        self.software = software
        stream = shared.stream.string
        time = wall.milliseconds
        uptimeSeconds = Self.seconds(from: shared.start, to: now)
        phase = Self.word(shared.phase)
        spool = Spool(settings, stored, wall)
        spool.isFailing = shared.hasFault
        link = settings.broker == nil ? nil : Link(shared.linkReport, at: now)
        lanes = Self.lanes.map { lane in
            let totals = shared.frameTotals(of: lane)
            return Lane(name: lane.text, frames: totals.frames, bytes: totals.bytes)
        }
        sources = shared.sources(at: now)
        readings = Self.counts(shared.readingCounts)
        lines = Self.counts(shared.lineCounts)
        judge(shared, at: now)
    }

    private static let lanes: [AlecCodec.Lane] = [.data, .alert, .deferred]

    static func seconds(from start: MonotonicInstant, to now: MonotonicInstant) -> Int {
        max(0, Int((now - start).components.seconds))
    }

    private static func word(_ phase: AgentPhase) -> String {
        switch phase {
        case .running: "running"
        case .stopping: "stopping"
        case .draining: "draining"
        case .ended: "ended"
        }
    }

    private static func counts(_ readings: ReadingCounts) -> [Count] {
        var counts = [
            Count(name: "read", value: readings.read),
            Count(name: "recovered", value: readings.recovered),
            Count(name: "open", value: readings.open),
            Count(name: "stored", value: readings.stored),
            Count(name: "in_flight", value: readings.inFlight),
            Count(name: "acknowledged", value: readings.acknowledged),
            Count(name: "quarantined", value: readings.quarantined),
            Count(name: "deferred", value: readings.deferred),
            Count(name: "suppressed", value: readings.suppressed),
            Count(name: "dropped", value: readings.dropped),
        ]
        for rule in SuppressionRule.allCases where readings.suppressed(rule) > 0 {
            counts.append(Count(name: "suppressed_\(rule)", value: readings.suppressed(rule)))
        }
        for reason in DropReason.allCases where readings.dropped(reason) > 0 {
            counts.append(Count(name: "dropped_\(reason)", value: readings.dropped(reason)))
        }
        return counts
    }

    private static func counts(_ lines: LineCounts) -> [Count] {
        var counts = [
            Count(name: "lines", value: lines.lines), Count(name: "bytes", value: lines.bytes),
            Count(name: "skipped_values", value: lines.skipped),
            Count(name: "refused", value: lines.refused),
        ]
        for reason in RefusalReason.allCases where lines.refused(reason) > 0 {
            counts.append(Count(name: "refused_\(reason)", value: lines.refused(reason)))
        }
        return counts
    }

    /// The link thread judges now and then; what is true at this moment is added.
    private mutating func judge(_ shared: AgentShared, at now: MonotonicInstant) {
        var findings: [HealthFinding] = []
        if let link {
            var facts = LinkFacts()
            facts.downSince = link.isConnected ? nil : shared.linkReport.since
            facts.breaker = link.isBreakerClosed ? .closed : .open
            facts.isUnheard = link.isUnheard
            findings.append(facts.finding(at: now))
        }
        var store = SpoolFacts()
        store.isFailing = spool.isFailing
        store.percent = Int(Double(spool.bytes) * 100 / Double(max(1, spool.maximumBytes)))
        findings.append(store.finding(at: now))
        let level = findings.map(\.level).max() ?? .healthy
        health.level = level.rawValue
        if let known = shared.health, known.overall.level == level {
            health.seconds = Self.seconds(from: known.since, to: now)
        }
        health.causes = findings.filter { $0.level > .healthy }.map(\.reason.rawValue)
        for source in sources where source.state == "waiting" {
            health.causes.append("source:" + source.name)
            if health.level == "healthy" {
                health.level = "degraded"
                health.seconds = source.seconds
            }
        }
    }
}

extension StatusPage.Link {
    init(_ report: LinkReport, at now: MonotonicInstant) {
        broker = report.broker
        isConnected = report.isConnected
        seconds = StatusPage.seconds(from: report.since, to: now)
        connections = Int(report.connections)
        failures = Int(clamping: report.failures)
        fault = report.fault
        isBreakerClosed = report.isBreakerClosed
        isUnheard = report.isUnheard
    }
}

extension StatusPage.Spool {
    init(_ settings: AgentSettings, _ spool: SharedSpool, _ wall: WallTime) {
        let (statistics, oldest) = spool.with { spool in
            (spool.statistics, (try? spool.next(from: 0, includingHistory: false)) ?? nil)
        }
        readings = statistics.pendingReadings
        bytes = statistics.pendingBytes
        frames = statistics.pendingFrames
        groups = statistics.pendingGroups
        maximumBytes = settings.spool.maximumBytes
        historyBytes = statistics.historyBytes
        segments = statistics.segments
        writtenBytes = statistics.bytesWritten
        writeErrors = statistics.writeErrors
        priorities = statistics.pendingPriorities
        if let oldest, statistics.pendingReadings > 0 {
            let age = (wall.nanoseconds &- oldest.header.firstTime) / 1_000_000_000
            oldestSeconds = Int(max(0, age))
        }
    }
}
