// SPDX-License-Identifier: Apache-2.0

/// All that `alec run` is told, after flags, file and defaults were put together and checked.
package struct AgentSettings: Equatable, Sendable {
    /// Where the node stands; a level of every topic.
    package var site = "default"
    /// The name of this gateway; a level of every topic.
    package var node = "gateway"
    /// Where spool and counters live.
    package var stateDirectory = "/var/lib/alec"
    /// Brokers; only the first is used so far. None: readings are kept and not published.
    package var broker: BrokerSettings?
    /// Where readings come from.
    package var inputs: [InputSettings] = [InputSettings()]
    /// When a frame is forced to the disk.
    package var durability = Durability.balanced
    /// Whose word removes a group from the spool.
    package var delivery = Delivery.broker
    /// Receivers that must acknowledge; empty means the first that is heard.
    package var requiredReceivers: [String] = []
    /// The agent publishes `data/<sensor>` itself.
    package var publishesReadings = false
    /// When windows, frames and groups close.
    package var windows = WindowSettings()
    /// The bounds of the spool.
    package var spool = SpoolBounds()
    /// Which readings are critical.
    package var rules: [RangeRule] = []
    /// How long the end of the program waits for acknowledgements.
    package var drain = Duration.seconds(10)

    /// The defaults.
    package init() {}
}

/// When a frame is forced to the disk.
package enum Durability: String, CaseIterable, Sendable {
    /// Within a second.
    case strict
    /// Within five seconds.
    case balanced
    /// Never; the spool belongs into a file system in memory.
    case ram
}

/// Whose word removes a group from the spool.
package enum Delivery: String, CaseIterable, Sendable {
    /// The broker's PUBACK.
    case broker
    /// A receiver's `ack`.
    case receiver
}

/// How a broker is reached.
package struct BrokerSettings: Equatable, Sendable {
    /// A name or an address.
    package var host: String
    /// 1883 unless told otherwise.
    package var port: UInt16 = 1883
    /// nil for no user.
    package var user: String?
    /// Where the password is read from.
    package var passwordFile: String?
    /// The password itself, already read from its file.
    package var password: String?
    /// How long the line may be silent.
    package var keepAlive = Duration.seconds(30)

    /// The broker at `host` and `port`.
    package init(host: String, port: UInt16 = 1883) {
        self.host = host
        self.port = port
    }
}

/// One place where readings come from.
package struct InputSettings: Equatable, Sendable {
    /// What kind of place.
    package enum Place: Equatable, Sendable {
        case standardInput
        /// A serial device and its speed.
        case serial(path: String, baud: Int)
    }

    /// How readings are written.
    package enum Format: String, CaseIterable, Sendable {
        case auto
        case csv
        case jsonl
        case influx
    }

    /// Where.
    package var place = Place.standardInput
    /// How.
    package var format = Format.auto

    /// stdin, in whatever format its first line has.
    package init() {}
}

/// When windows, frames and groups close; the whole of it in Protocol.md.
package struct WindowSettings: Equatable, Sendable {
    /// A window of P3 closes when its first reading is so old.
    package var age = Duration.seconds(10)
    /// The same while no broker is connected.
    package var offlineAge = Duration.seconds(60)
    /// A window closes when its frame would be so large.
    package var frameBytes = 4096
    /// A group ends when one of its channels has so many samples.
    package var groupSamples = 600
    /// A group ends after so many frames.
    package var groupFrames = 300
    /// A group ends when it is so old.
    package var groupAge = Duration.seconds(600)
    /// A group ends when it would be larger.
    package var groupBytes = 256 << 10
    /// How long new sensors are gathered before a new channel table.
    package var tableDelay = Duration.seconds(1)

    /// The defaults.
    package init() {}
}

/// How much the spool may hold.
package struct SpoolBounds: Equatable, Sendable {
    /// Unacknowledged groups; at the bound the input waits.
    package var maximumBytes = 256 << 20
    /// A new segment begins when one is so large.
    package var segmentBytes = 1 << 20
    /// Acknowledged groups that late receivers may still ask for.
    package var historyBytes = 16 << 20

    /// The defaults.
    package init() {}
}

/// A reading outside the range is P1.
package struct RangeRule: Equatable, Sendable {
    /// The sensor's name.
    package var sensor: String
    /// The lowest value that is in order; minus infinity for none.
    package var low: Double
    /// The highest value that is in order; infinity for none.
    package var high: Double

    /// `sensor` is critical outside `low` to `high`.
    package init(sensor: String, low: Double = -.infinity, high: Double = .infinity) {
        self.sensor = sensor
        self.low = low
        self.high = high
    }
}
