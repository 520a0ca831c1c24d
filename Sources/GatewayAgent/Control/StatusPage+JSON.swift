// SPDX-License-Identifier: Apache-2.0

package import LineProtocols

extension StatusPage {
    /// The page as a line.
    package var json: [UInt8] {
        var page = JSONObject()
        page.add("site", site)
        page.add("node", node)
        page.add("software", software)
        page.add("sid", stream)
        page.add("time_ms", time)
        page.add("uptime_s", uptimeSeconds)
        page.add("phase", phase)
        var judged = JSONObject()
        judged.add("level", health.level)
        judged.add("since_s", health.seconds)
        judged.add("causes", texts: health.causes)
        page.add("health", judged)
        if let link { page.add("link", link.object) }
        page.add("spool", spool.object)
        page.add("lanes", lanes.map(\.object))
        page.add("sources", sources.map(\.object))
        page.add("readings", Self.object(readings))
        page.add("lines", Self.object(lines))
        return page.line
    }

    /// The inputs alone, as a line.
    package var sourcesJSON: [UInt8] {
        var page = JSONObject()
        page.add("sources", sources.map(\.object))
        return page.line
    }

    /// The spool alone, as a line.
    package var spoolJSON: [UInt8] {
        var page = JSONObject()
        page.add("spool", spool.object)
        return page.line
    }

    private static func object(_ counts: [Count]) -> JSONObject {
        var object = JSONObject()
        for count in counts { object.add(count.name, count.value) }
        return object
    }

    /// What a page says; fields that are missing have their defaults, as those of another version.
    package init(_ value: JSONValue) {
        self.init()
        site = value.text("site")
        node = value.text("node")
        software = value.text("software")
        stream = value.text("sid")
        time = value["time_ms"]?.integer ?? 0
        uptimeSeconds = value.number("uptime_s")
        phase = value.text("phase")
        if let judged = value["health"] {
            health.level = judged.text("level")
            health.seconds = judged.number("since_s")
            health.causes = judged["causes"]?.elements?.compactMap(\.text) ?? []
        }
        link = value["link"].map { Link($0) }
        if let stored = value["spool"] { spool = Spool(stored) }
        lanes = value["lanes"]?.elements?.map { Lane($0) } ?? []
        sources = value["sources"]?.elements?.map { Source($0) } ?? []
        readings = Self.counts(value["readings"])
        lines = Self.counts(value["lines"])
    }

    /// The way of readings and lines through the agent; objects have no order of their own.
    private static let order = [
        "read", "recovered", "open", "stored", "in_flight", "acknowledged", "quarantined",
        "deferred", "suppressed", "dropped", "lines", "bytes", "skipped_values", "refused",
    ]

    private static func counts(_ value: JSONValue?) -> [Count] {
        guard case .object(let members)? = value else { return [] }
        let names = members.keys.filter { !order.contains($0) }.sorted()
        return (order.filter { members[$0] != nil } + names).map { name in
            Count(name: name, value: value?.number(name) ?? 0)
        }
    }
}

extension JSONValue {
    fileprivate func text(_ key: String) -> String { self[key]?.text ?? "" }
    fileprivate func number(_ key: String) -> Int { Int(clamping: self[key]?.integer ?? 0) }
    fileprivate func flag(_ key: String) -> Bool { self[key]?.boolean ?? false }
}

extension StatusPage.Link {
    var object: JSONObject {
        var object = JSONObject()
        object.add("broker", broker)
        object.add("connected", isConnected)
        object.add("since_s", seconds)
        object.add("connections", connections)
        object.add("failures", failures)
        if let fault {
            var told = JSONObject()
            told.add("kind", fault.kind.rawValue)
            told.add("code", fault.code)
            object.add("fault", told)
        }
        object.add("breaker", isBreakerClosed ? "closed" : "open")
        object.add("unheard", isUnheard)
        return object
    }

    init(_ value: JSONValue) {
        broker = value.text("broker")
        isConnected = value.flag("connected")
        seconds = value.number("since_s")
        connections = value.number("connections")
        failures = value.number("failures")
        if let told = value["fault"],
            let kind = StatusPage.LinkFault.Kind(rawValue: told.text("kind"))
        {
            fault = StatusPage.LinkFault(kind: kind, code: told.number("code"))
        }
        isBreakerClosed = value.text("breaker") != "open"
        isUnheard = value.flag("unheard")
    }
}

extension StatusPage.Spool {
    var object: JSONObject {
        var object = JSONObject()
        object.add("pending_readings", readings)
        object.add("pending_bytes", bytes)
        object.add("pending_frames", frames)
        object.add("pending_groups", groups)
        object.add("max_bytes", maximumBytes)
        object.add("history_bytes", historyBytes)
        object.add("segments", segments)
        object.add("written_bytes", writtenBytes)
        object.add("write_errors", writeErrors)
        object.add("failing", isFailing)
        if let oldestSeconds { object.add("oldest_s", oldestSeconds) }
        var waiting = JSONObject()
        for (i, count) in priorities.enumerated() { waiting.add("p\(i + 1)", count) }
        object.add("pending_priorities", waiting)
        return object
    }

    init(_ value: JSONValue) {
        readings = value.number("pending_readings")
        bytes = value.number("pending_bytes")
        frames = value.number("pending_frames")
        groups = value.number("pending_groups")
        maximumBytes = value.number("max_bytes")
        historyBytes = value.number("history_bytes")
        segments = value.number("segments")
        writtenBytes = value.number("written_bytes")
        writeErrors = value.number("write_errors")
        isFailing = value.flag("failing")
        oldestSeconds = value["oldest_s"]?.integer.map { Int(clamping: $0) }
        if let waiting = value["pending_priorities"] {
            priorities = (1...5).map { waiting.number("p\($0)") }
        }
    }
}

extension StatusPage.Lane {
    var object: JSONObject {
        var object = JSONObject()
        object.add("name", name)
        object.add("frames", frames)
        object.add("bytes", bytes)
        return object
    }

    init(_ value: JSONValue) {
        self.init(
            name: value.text("name"), frames: value.number("frames"),
            bytes: value.number("bytes"))
    }
}

extension StatusPage.Source {
    var object: JSONObject {
        var object = JSONObject()
        object.add("name", name)
        object.add("state", state)
        object.add("since_s", seconds)
        object.add("lines", lines)
        object.add("refused", refused)
        object.add("bytes", bytes)
        object.add("lines_per_s", tenths: rate)
        return object
    }

    init(_ value: JSONValue) {
        self.init(name: value.text("name"), state: value.text("state"))
        seconds = value.number("since_s")
        lines = value.number("lines")
        refused = value.number("refused")
        bytes = value.number("bytes")
        rate =
            switch value["lines_per_s"] {
            case .number(let number): number
            case .integer(let number): Double(number)
            case .null, .boolean, .text, .array, .object, nil: 0
            }
    }
}
