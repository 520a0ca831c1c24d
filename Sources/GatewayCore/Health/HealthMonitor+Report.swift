// SPDX-License-Identifier: Apache-2.0

internal import LineProtocols

extension HealthMonitor {
    /// The report for programs, and the retained `health` of a node.
    ///
    ///     {"level":"degraded","reason":"breaker","component":"link","for":12,
    ///      "components":[{"name":"link","level":"degraded","reason":"breaker","for":12}]}
    ///
    /// `for` is in whole seconds: the clock of the monitor has no time of day.
    package func payload(at now: MonotonicInstant) -> [UInt8] {
        var writer = MessageWriter(into: TextBuffer(capacity: 128 + 96 * entries.count))
        writer.append(finding: overall)
        if let worst {
            writer.key("component")
            writer.value(Array(worst.name.utf8))
        }
        writer.key("for")
        writer.value(Self.wholeSeconds(since, now))
        writer.open("components", UInt8(ascii: "["))
        for entry in entries {
            writer.openElement()
            writer.key("name")
            writer.value(Array(entry.component.name.utf8))
            writer.append(finding: entry.finding)
            writer.key("for")
            writer.value(Self.wholeSeconds(entry.since, now))
            writer.close(UInt8(ascii: "}"))
        }
        writer.close(UInt8(ascii: "]"))
        return writer.finish()
    }

    /// The report for people: a line for the node, and one for each component, the worst first.
    ///
    ///     degraded breaker 12 s
    ///     link degraded breaker 12 s
    ///     spool healthy 300 s
    package func text(at now: MonotonicInstant) -> [UInt8] {
        var text = TextBuffer(capacity: 64 * (entries.count + 1))
        text.append(overall, Self.wholeSeconds(since, now))
        for level in HealthLevel.allCases.sorted().reversed() {
            for entry in entries where entry.finding.level == level {
                text.append(entry.component.name.utf8)
                text.append(" ")
                text.append(entry.finding, Self.wholeSeconds(entry.since, now))
            }
        }
        return text.bytes
    }

    private static func wholeSeconds(_ since: MonotonicInstant, _ now: MonotonicInstant) -> Int64 {
        max(0, (now - since).components.seconds)
    }
}

extension MessageWriter {
    fileprivate mutating func append(finding: HealthFinding) {
        key("level")
        value(Array(finding.level.rawValue.utf8))
        key("reason")
        value(Array(finding.reason.rawValue.utf8))
    }
}

extension TextBuffer {
    fileprivate mutating func append(_ bytes: String.UTF8View) {
        for byte in bytes { append(byte) }
    }

    fileprivate mutating func append(_ finding: HealthFinding, _ seconds: Int64) {
        append(finding.level.rawValue.utf8)
        if finding.reason != .none {
            append(" ")
            append(finding.reason.rawValue.utf8)
        }
        append(" ")
        append(number: seconds)
        append(" s\n")
    }
}
