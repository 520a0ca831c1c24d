// SPDX-License-Identifier: Apache-2.0

/// All that `alec receive` is told, after flags, file and defaults were put together and checked.
package struct ReceiverSettings: Equatable, Sendable {
    /// Where decoded readings go.
    package enum Sink: Equatable, Sendable {
        /// `data/<sensor>` on the broker that the frame came from.
        case mqtt
        /// Lines in a file; `-` is stdout.
        case lines(LineFormat, path: String)
    }

    /// How a file has readings.
    package enum LineFormat: String, CaseIterable, Sendable {
        /// An object a line.
        case jsonLines = "jsonl"
        /// A reading a line.
        case csv
        /// A time a line, with a column for each sensor.
        case csvWide = "csv-wide"
        /// The line protocol of InfluxDB and Telegraf.
        case influx
    }

    /// How a broker gets readings.
    package enum TopicFormat: String, CaseIterable, Sendable {
        /// One object for each.
        case object
        /// `[[ts,v],...]`, one message for each sensor of a frame.
        case array
        /// The number alone.
        case value
        /// Lines of the Influx protocol, one message for each sensor of a frame.
        case influx
    }

    /// What acknowledgements call this receiver.
    package var identifier = "receiver"
    /// The brokers that frames come from; at least one.
    package var brokers: [BrokerSettings] = []
    /// Where journal and checkpoints live.
    package var stateDirectory = "/var/lib/alec-receiver"
    /// The sites and nodes that are of interest, as in a topic filter.
    package var site = "+"
    package var node = "+"
    /// Where decoded readings go; MQTT if nothing else is asked for.
    package var sinks: [Sink] = [.mqtt]
    /// How readings are written on `data/<sensor>`.
    package var topicFormat = TopicFormat.object
    /// Backfill goes to `hist/<sensor>` instead.
    package var hasHistoryTopics = false
    /// The newest reading of each sensor is kept on `last/<sensor>`.
    package var keepsLast = false
    /// How long such a reading is worth something, as it says itself.
    package var lastAge = Duration.seconds(300)
    /// How much of the disk the journal takes, with everything.
    package var journalBytes = 256 << 20
    /// Whether readings that were sent before this receiver knew the node are asked for.
    package var asksForHistory = true

    /// The defaults.
    package init() {}

    /// The same with paths that hold wherever the process works: relative ones begin at `folder`.
    /// A checkpoint knows files by their paths.
    package func absolute(in folder: String) -> ReceiverSettings {
        var settings = self
        settings.stateDirectory = Self.absolute(stateDirectory, in: folder)
        settings.sinks = sinks.map { sink in
            switch sink {
            case .lines(let format, let path) where path != "-":
                .lines(format, path: Self.absolute(path, in: folder))
            case .lines, .mqtt: sink
            }
        }
        return settings
    }

    /// `.` and empty parts go. `..` stays: what it means is up to the links on the way.
    static func absolute(_ path: String, in folder: String) -> String {
        let whole = path.hasPrefix("/") ? path : folder + "/" + path
        return "/" + whole.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
}
