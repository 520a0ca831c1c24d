// SPDX-License-Identifier: Apache-2.0

internal import GatewayAgent
internal import GatewayCore
internal import HostSystem

/// What `alec status` shows: one screen, what is wrong first.
enum StatusText {
    private static let width = 10

    static func page(_ page: StatusPage) -> String {
        var text = row(
            "node",
            "\(page.site)/\(page.node), \(page.software), \(page.phase) for "
                + span(page.uptimeSeconds))
        text += health(page)
        text += link(page.link)
        text += spool(page.spool)
        text += row("lanes", lanes(page.lanes))
        for source in page.sources { text += row("source", line(source)) }
        text += row("readings", counts(page.readings))
        text += row("lines", counts(page.lines))
        return text
    }

    private static func row(_ name: String, _ text: String) -> String {
        CountText.left(name, width) + text + "\n"
    }

    // MARK: health

    private static func health(_ page: StatusPage) -> String {
        var text = row("health", "\(page.health.level) for \(span(page.health.seconds))")
        for cause in page.health.causes {
            let words = words(cause, page)
            text += row("", words.what) + row("", "next: " + words.next)
        }
        return text
    }

    /// A cause in words, and what to do about it.
    private static func words(
        _ cause: String, _ page: StatusPage
    ) -> (what: String, next: String) {
        if cause.hasPrefix("source:") {
            return (
                "the input \(cause.dropFirst("source:".count)) gives nothing",
                "plug it in, and check its name and who may read it"
            )
        }
        let broker = page.link?.broker ?? "the broker"
        switch HealthReason(rawValue: cause) {
        case nil, .some(.none): return (cause, "nothing is known of that")
        case .starting, .noReport: return ("not all is known yet", "ask again in a while")
        case .offline, .outage:
            return (
                "there is no connection to \(broker); readings are kept",
                page.link?.fault.map { LinkText.words($0).next } ?? "check broker and network"
            )
        case .unstable: return ("the connection is lost again and again", "check the network")
        case .needsOperator, .breaker:
            return ("\(broker) refuses what it is sent", "look into the log of the broker")
        case .slow, .queue: return ("\(broker) takes long to answer", "check broker and network")
        case .unheard:
            return ("nobody subscribes to this gateway", "start alec receive, or subscribe")
        case .backlog, .filling:
            return ("the spool fills up", "bring the broker back, or raise spool.max_bytes")
        case .full:
            return ("the spool is full", "bring the broker back, or raise spool.max_bytes")
        case .failing: return ("the spool cannot be written", "check the disk: alec spool ls")
        case .damaged:
            return ("a file of the spool is damaged", "alec spool verify says what is lost")
        case .alertsLost:
            return ("critical readings were lost within the hour", "alec spool verify says which")
        case .stale: return ("a sensor is silent", "look at the log: sensor.stale")
        case .badLines:
            return ("many lines cannot be read", "look at the log: input.line_refused")
        case .reopening, .sourceLost:
            return ("an input is gone", "plug it in, and check its name and who may read it")
        case .unsynchronised, .clockJump:
            return ("the clock is not known to be right", "start a time service")
        case .lag, .stalled: return ("it cannot keep up", "look what else the machine does")
        case .memory: return ("memory is short", "look what else the machine does")
        }
    }

    // MARK: rows

    private static func link(_ link: StatusPage.Link?) -> String {
        guard let link else { return row("link", "no broker is named: readings are only kept") }
        let state = link.isConnected ? "connected" : "not connected"
        var text = row("link", "\(link.broker): \(state) for \(span(link.seconds))")
        text += row(
            "",
            CountText.counted(link.connections, "connection", "connections") + ", "
                + CountText.counted(link.failures, "failure", "failures"))
        if let fault = link.fault { text += row("", "last: " + LinkText.words(fault).what) }
        return text
            + row("breaker", link.isBreakerClosed ? "closed: all passes" : "open: frames wait")
    }

    private static func spool(_ spool: StatusPage.Spool) -> String {
        let share = Double(spool.bytes) * 100 / Double(max(1, spool.maximumBytes))
        var waiting = CountText.counted(spool.readings, "reading", "readings") + " wait in "
        waiting += "\(bytes(spool.bytes)), \(CountText.fixed(share, places: 1)) % of "
        waiting += bytes(spool.maximumBytes)
        if let age = spool.oldestSeconds { waiting += "; the oldest is \(span(age)) old" }
        var text = row("spool", waiting)
        let priorities = spool.priorities.enumerated().filter { $0.element > 0 }
        if !priorities.isEmpty {
            let parts = priorities.map { "P\($0.offset + 1) \(CountText.grouped($0.element))" }
            text += row("", parts.joined(separator: ", "))
        }
        text += row(
            "",
            "\(bytes(spool.historyBytes)) of history, "
                + "\(bytes(spool.writtenBytes)) written since the start")
        if spool.isFailing { text += row("", "the last write or sync failed") }
        return text
    }

    private static func lanes(_ lanes: [StatusPage.Lane]) -> String {
        lanes.map { lane in
            "\(lane.name) " + CountText.counted(lane.frames, "frame", "frames")
                + " of \(bytes(lane.bytes))"
        }.joined(separator: ", ")
    }

    private static func line(_ source: StatusPage.Source) -> String {
        "\(source.name): \(source.state) for \(span(source.seconds)), "
            + CountText.counted(source.lines, "line", "lines") + ", "
            + "\(CountText.grouped(source.refused)) refused, "
            + "\(CountText.fixed(source.rate, places: 1)) lines/s"
    }

    private static func counts(_ counts: [StatusPage.Count]) -> String {
        let told = counts.filter { $0.value > 0 }
        guard !told.isEmpty else { return "none" }
        return told.map { "\($0.name) \(CountText.grouped($0.value))" }.joined(separator: ", ")
    }

    // MARK: numbers

    /// The largest unit and what is left in the next.
    static func span(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(max(0, seconds)) s"
        case ..<3600: "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        default: "\(seconds / 86_400) d \(seconds % 86_400 / 3600) h"
        }
    }

    private static func bytes(_ count: Int) -> String {
        for (unit, scale) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        where count >= scale {
            let places = count % scale == 0 ? 0 : 1
            return CountText.fixed(Double(count) / Double(scale), places: places) + " " + unit
        }
        return "\(count) B"
    }

    // MARK: nobody answers

    static func noAnswer(_ path: String, _ error: SystemError) -> RunText.Words {
        let what = "alec: no agent answers at \(path)"
        if error.isMissingFile {
            return (
                what, "there is no such socket: no alec run uses this state directory",
                "start it, or name its directory with --state-dir"
            )
        }
        if error.isDenied {
            return (what, "this user may not ask it", "ask as root, or as the user that runs it")
        }
        return (what, error.name, "look after it: systemctl status alec-gateway")
    }
}
