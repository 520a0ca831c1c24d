// SPDX-License-Identifier: Apache-2.0

package import GatewayCore

/// One input as the ingest thread sees it.
package struct InputReport: Equatable, Sendable {
    package var name: String
    /// `open`, `waiting` or `over`.
    package var state: String
    package var lines: LineCounts

    /// An input called `name`.
    package init(name: String, state: String, lines: LineCounts) {
        self.name = name
        self.state = state
        self.lines = lines
    }
}

/// What the ingest thread told of its inputs, with what follows from when it did.
struct SourceBoard {
    private struct Entry {
        var report: InputReport
        var since: MonotonicInstant
        var rate: RateGauge
    }

    private var entries: [Entry] = []

    /// The inputs are so now.
    mutating func update(_ reports: [InputReport], at now: MonotonicInstant) {
        entries = reports.map { report in
            guard var entry = entries.first(where: { $0.report.name == report.name }) else {
                return Entry(report: report, since: now, rate: RateGauge(at: now))
            }
            if entry.report.state != report.state { entry.since = now }
            entry.report = report
            entry.rate.note(report.lines.lines, at: now)
            return entry
        }
    }

    /// The inputs as a page shows them.
    func page(at now: MonotonicInstant) -> [StatusPage.Source] {
        entries.map { entry in
            let lines = entry.report.lines
            var source = StatusPage.Source(name: entry.report.name, state: entry.report.state)
            source.seconds = Int((now - entry.since).components.seconds)
            source.lines = lines.lines
            source.refused = lines.refused
            source.bytes = lines.bytes
            source.rate = entry.rate.perSecond(lines.lines, at: now)
            return source
        }
    }
}
