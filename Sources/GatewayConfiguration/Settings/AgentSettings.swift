// SPDX-License-Identifier: Apache-2.0

/// All that `alec run` is told, after flags, file and defaults were put together and checked.
package struct AgentSettings: Equatable, Sendable {
    /// The set of defaults that the rest began with; nil for the usual ones.
    package var profile: Profile?
    /// How soon readings are to be there.
    package var latency = Latency.normal
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
    /// What is known of sensors.
    package var sensors: [SensorSettings] = []
    /// Only the sensors that are named may send.
    package var hasStrictSensors = false
    /// The percentage of an input that may be wrong in a minute before there is an alarm.
    package var rejectAlarm = 5.0
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
