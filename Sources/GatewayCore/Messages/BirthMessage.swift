// SPDX-License-Identifier: Apache-2.0

package import AlecCodec

/// `birth`, retained: what a node has, for people and for Home Assistant. Nobody needs it to
/// decode, so it leaves out whatever is the usual.
///
///     {"sid":"k3f9abcd","software":"alec-gateway 0.3","format":1,"decoder":"receiver",
///      "table":305419896,"sensors":[{"name":"temp","unit":"°C"}]}
package struct BirthMessage: Equatable, Sendable {
    /// The life of the encoder.
    package var stream: StreamID
    /// Name and version of the program.
    package var software: String
    /// The node publishes `data/<sensor>` itself; otherwise a receiver does.
    package var publishesReadings: Bool
    /// The node's sensors; nil before the first reading.
    package var table: ChannelTable?

    /// What `software` with `table` has to say.
    package init(
        stream: StreamID, software: String, publishesReadings: Bool, table: ChannelTable?
    ) {
        self.stream = stream
        self.software = software
        self.publishesReadings = publishesReadings
        self.table = table
    }

    /// The JSON text.
    package var payload: [UInt8] {
        var writer = MessageWriter()
        writer.append(.stream, stream.string)
        writer.key("software")
        writer.value(Array(software.utf8))
        writer.key("format")
        writer.value(1)
        writer.key("decoder")
        writer.value(Array((publishesReadings ? "node" : "receiver").utf8))
        guard let table else { return writer.finish() }
        writer.append(.table, table.id)
        writer.open("sensors", UInt8(ascii: "["))
        for channel in table.entries { writer.append(channel) }
        writer.close(UInt8(ascii: "]"))
        return writer.finish()
    }
}

extension MessageWriter {
    fileprivate mutating func append(_ channel: Channel) {
        openElement()
        key("name")
        value(channel.name)
        if !channel.unit.isEmpty {
            key("unit")
            value(channel.unit)
        }
        switch channel.kind {
        case .measurement: break
        case .counter:
            key("kind")
            value(Array("counter".utf8))
        case .state:
            key("kind")
            value(Array("state".utf8))
        }
        if let period = channel.expectedPeriod {
            key("period_ms")
            value(period / 1_000_000)
        }
        close(UInt8(ascii: "}"))
    }
}
