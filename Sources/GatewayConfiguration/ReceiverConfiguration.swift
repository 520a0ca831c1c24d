// SPDX-License-Identifier: Apache-2.0

/// The settings of `alec receive`: flags over environment over file over defaults.
package enum ReceiverConfiguration {
    /// The most brokers that one receiver listens to.
    static let brokerLimit = 8
    /// The most sinks.
    static let sinkLimit = 8

    /// The options that lie over the file.
    package static var flags: [ConfigurationFlag] { table.flags.map(\.form) }

    /// The settings from the file at `path`; without one, from what `ALEC_CONFIG` names.
    /// `environment` gives the value of a variable.
    package static func load(
        path: String?, flags: [FlagValue] = [],
        environment: (String) -> String?
    ) throws(ConfigurationError) -> ReceiverSettings {
        try table.load(path: path, flags: flags, environment: environment).settings
    }

    /// The settings from the text of a file; `path` is for messages only.
    package static func read(
        _ text: [UInt8], path: String?, flags: [FlagValue] = [],
        environment: (String) -> String? = { _ in nil }
    ) throws(ConfigurationError) -> ReceiverSettings {
        try table.read(text, path: path, flags: flags, environment: environment).settings
    }

    /// The settings as they are in effect, and where each comes from.
    package static func tables(
        _ text: [UInt8], path: String?, flags: [FlagValue] = [],
        environment: (String) -> String?
    ) throws(ConfigurationError) -> [EffectiveTable] {
        try table.read(text, path: path, flags: flags, environment: environment).tables
    }

    static let table = ConfigurationTable(
        defaults: ReceiverSettings(), sections: sections, flags: flagTable, check: check
    ) { settings, reading, environment in
        for i in settings.brokers.indices {
            settings.brokers[i].readPassword(i, &reading, environment)
        }
    }

    private static let identifier = Key<ReceiverSettings>(
        "id", \.identifier, .topicLevel(),
        "What acknowledgements call this receiver; different for each one.")
    private static let stateDirectory = Key<ReceiverSettings>(
        "state_dir", \.stateDirectory, .path,
        "Where frames are kept until all sinks have them. One receiver, one directory.")
    private static let site = Key<ReceiverSettings>(
        "site", \.site, .topicLevel(orAny: true), "The site to listen to; + for all.")
    private static let node = Key<ReceiverSettings>(
        "node", \.node, .topicLevel(orAny: true), "The gateway to listen to; + for all.")

    private static let topKeys: [Key<ReceiverSettings>] = [
        identifier, stateDirectory, site, node,
        Key(
            "sinks", \.sinks, .list(of: .sink(fromRoot: true)),
            "Where readings go: mqtt (data/<sensor>), jsonl:FILE, csv:FILE, csv-wide:FILE, "
                + "influx:FILE. FILE begins with /, as a service below state_dir; - is stdout."),
        Key(
            "mqtt_format", \.topicFormat, .word,
            "What data/<sensor> has: object, array ([[ts,v],...]), value or influx."),
        Key(
            "history_topics", \.hasHistoryTopics, .boolean,
            "Publish backfill on hist/<sensor> and not on data/<sensor>."),
        Key(
            "last", \.keepsLast, .boolean,
            "Keep the newest reading of each sensor on last/<sensor>, for who comes late."),
        Key(
            "last_age", \.lastAge, .duration(.seconds(1)...(.seconds(86_400))),
            "How long such a reading is worth something, as it says itself."),
        Key(
            "journal_bytes", \.journalBytes, .size((1 << 20)...(1 << 40)),
            "How much of the disk is used for frames, with those that are history."),
        Key(
            "history", \.asksForHistory, .boolean,
            "Ask a gateway that is new to this receiver for what it sent before."),
    ]

    private static let sections: [Section<ReceiverSettings>] = [
        .top(topKeys, defaults: ReceiverSettings()),
        .list(
            "broker", \.brokers, BrokerSettings.keys, initial: BrokerSettings(host: ""),
            limit: brokerLimit,
            isNeeded: true, "An MQTT broker that gateways send to; one table for each."),
    ]

    private static let flagTable: [Flag<ReceiverSettings>] = [
        Flag(
            "--broker", "HOST[:PORT]", .address, sets: ["broker.address"], isRepeatable: true,
            "an MQTT broker that gateways send to (port 1883)"
        ) { addresses, settings in
            // A broker that the file describes keeps its login.
            let known = settings.brokers
            settings.brokers = addresses.map { address in
                known.first { $0.address == address }
                    ?? BrokerSettings(host: address.host, port: address.port)
            }
        },
        Flag("--id", "R", identifier, "what acknowledgements call this receiver"),
        Flag("--state-dir", "DIR", stateDirectory, "where frames are kept until sinks have them"),
        Flag("--site", "S", site, "the site to listen to (default + for all)"),
        Flag("--node", "N", node, "the gateway to listen to (default + for all)"),
        Flag(
            "--sink", "SINK", .sink(fromRoot: false), sets: ["sinks"], isRepeatable: true,
            "mqtt (default), or jsonl, csv, csv-wide, influx with :FILE; FILE - is stdout"
        ) { sinks, settings in
            settings.sinks = sinks
        },
    ]

    /// Whether both write into one file, in whatever format.
    private static func isSame(
        _ one: ReceiverSettings.Sink, _ other: ReceiverSettings.Sink
    ) -> Bool {
        switch (one, other) {
        case (.mqtt, .mqtt): true
        case (.lines(_, let a), .lines(_, let b)):
            a == b
                || a != "-" && b != "-"
                    && ReceiverSettings.absolute(a, in: "") == ReceiverSettings.absolute(b, in: "")
        case (.mqtt, .lines), (.lines, .mqtt): false
        }
    }

    private static func check(_ settings: ReceiverSettings, _ reading: inout TableReading) {
        if settings.brokers.isEmpty { reading.add(about: "broker", .missingKey("broker")) }
        if settings.sinks.isEmpty { reading.add(about: "sinks", .missingKey("sinks")) }
        if settings.sinks.count > sinkLimit {
            reading.add(about: "sinks", .tooMany(key: "sinks", limit: sinkLimit))
        }
        for (i, sink) in settings.sinks.enumerated()
        where settings.sinks[..<i].contains(where: { isSame($0, sink) }) {
            let text = ValueType<ReceiverSettings.Sink>.sink(fromRoot: false).write(sink)
            reading.add(about: "sinks", .repeated(key: "sinks", value: text))
        }
        for (i, broker) in settings.brokers.enumerated() { broker.check(i, &reading) }
        for (i, broker) in settings.brokers.enumerated()
        where settings.brokers[..<i].contains(where: { $0.address == broker.address }) {
            let text = ValueType<BrokerAddress>.address.write(broker.address)
            reading.add(
                about: "broker.address", element: i, .repeated(key: "broker.address", value: text))
        }
    }
}
