// SPDX-License-Identifier: Apache-2.0

/// The settings of `alec run`: flags over environment over file over defaults.
package enum AgentConfiguration {
    /// The most places that readings come from.
    static let inputLimit = 16
    /// The most tables of sensors.
    static let sensorLimit = 1000

    /// The largest file, in bytes.
    package static var fileLimit: Int { ConfigurationTable<AgentSettings>.fileLimit }

    /// The options that lie over the file.
    package static var flags: [ConfigurationFlag] { table.flags.map(\.form) }

    /// The settings from the file at `path`; without one, from what `ALEC_CONFIG` names.
    /// `environment` gives the value of a variable.
    package static func load(
        path: String?, flags: [FlagValue] = [],
        environment: (String) -> String?
    ) throws(ConfigurationError) -> AgentSettings {
        try table.load(path: path, flags: flags, environment: environment).settings
    }

    /// The settings from the text of a file; `path` is for messages only.
    package static func read(
        _ text: [UInt8], path: String?, flags: [FlagValue] = [],
        environment: (String) -> String? = { _ in nil }
    ) throws(ConfigurationError) -> AgentSettings {
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
        defaults: AgentSettings(), sections: sections, flags: flagTable,
        presets: [
            Preset(key: profile) { $0.applyProfile() },
            Preset(key: latency) { $0.applyLatency() },
        ],
        check: check
    ) { settings, reading, environment in
        settings.broker?.readPassword(nil, &reading, environment)
    }

    private static let profile = Key<AgentSettings>(
        "profile", optional: \.profile, .word, example: "\"cellular\"",
        "A set of defaults for the line to the broker: lan (quick), cellular (often away), "
            + "metered (paid by the byte), radio (slow, with losses). Keys that are given go "
            + "before it; alec config show tells what comes out.")
    private static let latency = Key<AgentSettings>(
        "latency", \.latency, .word,
        "How soon readings are sent: normal as windows.age says, low within 1 s.")

    private static let site = Key<AgentSettings>(
        "site", \.site, .topicLevel(), "Where the gateway stands; a level of every topic."
    ).changing(.restart)
    private static let node = Key<AgentSettings>(
        "node", \.node, .topicLevel(),
        "The name of this gateway, different for each one of a site; a level of every topic."
    ).changing(.restart)
    private static let stateDirectory = Key<AgentSettings>(
        "state_dir", \.stateDirectory, .path,
        "Where readings are kept until they are delivered. One gateway, one directory."
    ).changing(.restart)
    private static let durability = Key<AgentSettings>(
        "durability", \.durability, .word,
        "When readings are forced to the disk: strict within 1 s, balanced within 5 s, "
            + "ram never (then state_dir belongs below /run). Critical readings: at once.")
    private static let delivery = Key<AgentSettings>(
        "delivery", \.delivery, .word,
        "Whose word removes readings from the disk: the broker's, or a receiver's "
            + "(needs alec receive, survives a broker that forgets)."
    ).changing(.restart)
    private static let readings = Key<AgentSettings>(
        "readings", \.publishesReadings, .boolean,
        "Also publish each reading as JSON on data/<sensor>, for subscribers without a receiver."
    ).changing(.restart)

    private static let topKeys: [Key<AgentSettings>] = [
        profile, latency, site, node, stateDirectory, durability, delivery,
        Key(
            "required_receivers", \.requiredReceivers, .list(of: .topicLevel()),
            "With delivery = \"receiver\": all that must have a reading; empty: whoever is first."
        ).changing(.restart),
        readings,
        Key(
            "drain", \.drain, .duration(.zero...(.seconds(3600))),
            "How long the end of the program waits for what is not yet acknowledged. "
                + "The rest is kept and sent at the next start."),
        Key(
            "strict_sensors", \.hasStrictSensors, .boolean,
            "Only sensors that a [[sensor]] names may send; others are dropped and counted."),
        Key(
            "reject_alarm", \.rejectAlarm, .percent,
            "An alarm when more of an input is wrong within a minute, in percent; 0: none."),
    ]

    private static let sections: [Section<AgentSettings>] = {
        let defaults = AgentSettings()
        return [
            .top(topKeys, defaults: defaults),
            .table(
                "broker", optional: \.broker, BrokerSettings.keys, defaults: defaults,
                initial: { $0.initialBroker }, changing: .reconnect,
                "The MQTT broker. Without this table readings are kept and not sent."),
            .list(
                "input", \.inputs, inputKeys, initial: InputSettings(), limit: inputLimit,
                changing: .reopen,
                "Where readings come from; one table for each place."),
            .list(
                "sensor", \.sensors, sensorKeys, initial: SensorSettings(name: ""),
                limit: sensorLimit,
                "What is known of a sensor: which values matter, which cannot be right, which "
                    + "need not be sent. One table for each; all but the name may be left out."),
            .table(
                "windows", \.windows, windowKeys, defaults: defaults,
                "When frames and groups of frames close. The defaults suit most."),
            .table(
                "spool", \.spool, spoolKeys, defaults: defaults, "How much of the disk is used."),
        ]
    }()

    private static let flagTable: [Flag<AgentSettings>] = [
        Flag(
            "--broker", "HOST[:PORT]", .address, sets: ["broker.address"],
            "the MQTT broker (port 1883)"
        ) { addresses, settings in
            var broker = settings.broker ?? settings.initialBroker
            if let address = addresses.last { broker.address = address }
            settings.broker = broker
        },
        Flag("--site", "S", site, "where the gateway stands; a level of every topic"),
        Flag("--node", "N", node, "the name of the gateway; a level of every topic"),
        Flag("--state-dir", "DIR", stateDirectory, "where readings are kept until delivered"),
        Flag(
            "--input", "PLACE", .inputPlace, sets: ["input.from"], isRepeatable: true,
            "- for stdin, a serial device: /dev/ttyUSB0@9600 (115200 without @), or exec:COMMAND"
        ) { places, settings in
            var input = settings.inputs.first ?? InputSettings()
            if places.count > 1 { input.name = nil }
            settings.inputs = places.map { place in
                input.place = place
                return input
            }
        },
        Flag(
            "--format", "FORMAT", .word, sets: ["input.format"],
            "auto, csv, jsonl, influx, keyvalue, number or nmea"
        ) {
            (formats: [InputSettings.Format], settings: inout AgentSettings) in
            guard let format = formats.last else { return }
            for i in settings.inputs.indices { settings.inputs[i].format = format }
        },
        Flag("--durability", "LEVEL", durability, "strict, balanced or ram"),
        Flag("--delivery", "WHO", delivery, "broker or receiver: whose word removes readings"),
        Flag("--profile", "NAME", profile, "lan, cellular, metered or radio: other defaults"),
        Flag("--readings", nil, readings, "also publish each reading as JSON"),
    ]

    private static func check(_ settings: AgentSettings, _ reading: inout TableReading) {
        settings.broker?.check(nil, &reading)
        checkWindows(settings, &reading)
        checkInputs(settings, &reading)
        checkSensors(settings, &reading)
    }
}
