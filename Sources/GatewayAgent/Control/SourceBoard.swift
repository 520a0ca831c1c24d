// SPDX-License-Identifier: Apache-2.0

internal import GatewayCore

/// What the ingest thread told of its inputs, with what follows from when it did.
struct SourceBoard {
    private struct Entry {
        var report: SourceReport
        var rate: RateGauge
    }

    private var entries: [Entry] = []

    /// The inputs are so now.
    mutating func update(_ reports: [SourceReport], at now: MonotonicInstant) {
        entries = reports.map { report in
            guard var entry = entries.first(where: { $0.report.name == report.name }) else {
                return Entry(report: report, rate: RateGauge(at: now))
            }
            entry.report = report
            entry.rate.note(report.lines.lines, at: now)
            return entry
        }
    }

    /// The inputs as a page shows them.
    func page(at now: MonotonicInstant) -> [StatusPage.Source] {
        entries.map { entry in
            let lines = entry.report.lines
            var source = StatusPage.Source(
                name: entry.report.name, state: "\(entry.report.status.state)")
            source.seconds = Int((now - entry.report.status.since).components.seconds)
            source.lines = lines.lines
            source.refused = lines.refused
            source.bytes = lines.bytes
            source.rate = entry.rate.perSecond(lines.lines, at: now)
            return source
        }
    }
}
