// SPDX-License-Identifier: Apache-2.0

/// A part of the agent whose health is judged by itself.
package enum HealthComponent: Hashable, Sendable {
    case codec
    case spool
    case source(String)
    case link
    case clock
    case process

    /// What it is called in reports.
    package var name: String {
        switch self {
        case .codec: "codec"
        case .spool: "spool"
        case .source(let name): "source/\(name)"
        case .link: "link"
        case .clock: "clock"
        case .process: "process"
        }
    }
}

/// How a node is: that of the worst of its components, with what that is due to.
///
/// A component becomes worse after it was worse for ten seconds, and better after it was better
/// for thirty, so that what comes and goes is told of once. What is not heard of for a while is
/// unknown: a thread that died reports nothing, and must not look healthy for that.
package struct HealthMonitor: Sendable {
    /// A component as it is shown.
    package struct Entry: Equatable, Sendable {
        package var component: HealthComponent
        /// What holds.
        package var finding: HealthFinding
        /// Since when the level is so.
        package var since: MonotonicInstant
        /// Since when what is reported differs in level from what holds.
        var differsSince: MonotonicInstant?
        /// Whether it differs for the worse.
        var isWorsening = false
        var reportedAt: MonotonicInstant
    }

    /// A change of the node's health, to be told once.
    package struct Change: Equatable, Sendable {
        package var from: HealthFinding
        package var to: HealthFinding
        /// The worst component; nil while none is worse than healthy.
        package var component: HealthComponent?
    }

    /// How often components are to report.
    package static let interval = Duration.seconds(10)
    /// Worse for so long is worse.
    package static let worseAfter = Duration.seconds(10)
    /// Better for so long is better.
    package static let betterAfter = Duration.seconds(30)
    /// Without a report for longer, nothing is known.
    package static let silenceLimit = Duration.seconds(35)
    /// Components at most; further ones are not judged.
    package static let componentLimit = 72

    /// What is known, in the order of the first reports.
    package private(set) var entries: [Entry] = []
    /// The health of the node.
    package private(set) var overall = HealthFinding(.unknown, .starting)
    /// The component that it is due to.
    package private(set) var worst: HealthComponent?
    /// Since when its level is so.
    package private(set) var since: MonotonicInstant
    /// Reports of components beyond the limit.
    package private(set) var overflows: UInt64 = 0

    /// Nothing is known.
    package init(at now: MonotonicInstant) { since = now }

    /// A component says how it is. The answer is not nil if that changes the health of the node.
    package mutating func report(
        _ component: HealthComponent, _ facts: some HealthCheckable, at now: MonotonicInstant
    ) -> Change? {
        let finding = facts.finding(at: now)
        if let i = entries.firstIndex(where: { $0.component == component }) {
            entries[i].reportedAt = now
            entries[i].take(finding, at: now)
        } else if entries.count < Self.componentLimit {
            // The first report is all that is known: there is nothing to hold on to.
            entries.append(
                Entry(component: component, finding: finding, since: now, reportedAt: now))
        } else {
            overflows += 1
        }
        return judge(at: now)
    }

    /// A component is no more: an input that was taken out of the settings.
    package mutating func remove(
        _ component: HealthComponent, at now: MonotonicInstant
    ) -> Change? {
        entries.removeAll { $0.component == component }
        return judge(at: now)
    }

    /// Time has passed; to be called each `interval`.
    package mutating func tick(at now: MonotonicInstant) -> Change? {
        for i in entries.indices where now - entries[i].reportedAt > Self.silenceLimit {
            entries[i].show(HealthFinding(.unknown, .noReport), at: now)
        }
        return judge(at: now)
    }

    private mutating func judge(at now: MonotonicInstant) -> Change? {
        let before = overall
        var worst: Entry?
        for entry in entries where entry.finding.level > worst?.finding.level ?? .healthy {
            worst = entry
        }
        self.worst = worst?.component
        overall = worst?.finding ?? (entries.isEmpty ? before : .healthy)
        guard overall != before else { return nil }
        if overall.level != before.level { since = now }
        return Change(from: before, to: overall, component: self.worst)
    }
}

extension HealthMonitor.Entry {
    fileprivate mutating func take(_ new: HealthFinding, at now: MonotonicInstant) {
        guard new.level != finding.level else {
            finding.reason = new.reason
            differsSince = nil
            return
        }
        // A report is better than none.
        guard finding.level != .unknown else { return show(new, at: now) }
        let isWorse = new.level > finding.level
        if differsSince == nil || isWorse != isWorsening {
            differsSince = now
            isWorsening = isWorse
        }
        let hold = isWorse ? HealthMonitor.worseAfter : HealthMonitor.betterAfter
        if let start = differsSince, now - start >= hold { show(new, at: now) }
    }

    fileprivate mutating func show(_ new: HealthFinding, at now: MonotonicInstant) {
        if new.level != finding.level { since = now }
        finding = new
        differsSince = nil
    }
}
