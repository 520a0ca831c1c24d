// SPDX-License-Identifier: Apache-2.0

/// All that `alec receive` is told, after flags, file and defaults were put together and checked.
package struct ReceiverSettings: Equatable, Sendable {
    /// Where decoded readings go.
    package enum Sink: Equatable, Sendable {
        /// `data/<sensor>` on the broker that the frame came from.
        case mqtt
        /// JSON lines into a file; `-` is stdout.
        case jsonLines(path: String)
        /// Long CSV into a file; `-` is stdout.
        case csv(path: String)
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
    /// How much the journal may hold.
    package var journalBytes = 256 << 20
    /// Whether readings that were sent before this receiver knew the node are asked for.
    package var asksForHistory = true

    /// The defaults.
    package init() {}
}
