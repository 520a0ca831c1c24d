// SPDX-License-Identifier: Apache-2.0

internal import GatewayConfiguration
internal import GatewayCore
internal import HostSystem
internal import MosquittoClient

extension PublishLoop where Client: ~Copyable {
    static func clientSettings(
        _ settings: AgentSettings, _ broker: BrokerSettings
    ) -> ClientSettings {
        // The same in each life, so that the broker ends what a kill left behind.
        let name = "\(TopicName.level(settings.site))-\(TopicName.level(settings.node))"
        var client = ClientSettings(clientID: "alec-\(name)")
        client.user = broker.user
        client.password = broker.password
        client.keepAliveSeconds = max(5, Int(broker.keepAlive.components.seconds))
        return client
    }

    /// What `state` says now, or of the connection `next` after this one.
    func state(isOnline: Bool, next: UInt32) -> [UInt8] {
        StateMessage(
            isOnline: isOnline, stream: shared.stream, connection: link.connections &+ next,
            time: surroundings.wall()
        ).payload
    }

    /// The most bytes of a frame where the broker takes packets of `limit`.
    func frameLimit(_ limit: UInt32?) -> Int? {
        guard let limit else { return nil }
        // Fixed head at most 5, the topic's length 2, the packet's id 2, no properties 1.
        let overhead = 10 + prefix.utf8.count + NodeTopic.frame(.deferred).suffix.utf8.count
        return max(0, Int(limit) - overhead)
    }

    /// Acknowledgements come each second; where they do not count they need not travel.
    mutating func subscribe() {
        var filters = [prefix + NodeTopic.command(verb: "+").suffix]
        if settings.delivery == .receiver {
            filters.append(prefix + NodeTopic.acknowledgement.suffix)
        }
        do throws(ClientError) {
            try client.subscribe(filters)
        } catch {
            shared.log.warning("link.failed", "error=\(error)")
        }
    }

    /// Publishes a message of the node; nil if the connection does not take it. Nothing repeats
    /// it: each is said again on the next connection, or is of no use then.
    @discardableResult
    mutating func say(_ topic: NodeTopic, _ payload: [UInt8], isRetained: Bool) -> Int32? {
        do throws(ClientError) {
            return try client.publish(
                prefix + topic.suffix, payload.span, quality: 1, isRetained: isRetained)
        } catch {
            shared.log.debug("link.failed", "error=\(error)")
            return nil
        }
    }

    /// What the node has.
    mutating func publishBirth() {
        let table = shared.table
        bornVersion = table?.version ?? 0
        let birth = BirthMessage(
            stream: shared.stream, software: "alec-gateway",
            publishesReadings: settings.publishesReadings, table: table?.table)
        say(.birth, birth.payload, isRetained: true)
    }

    /// A new table is sent before the frames that use it, and told in `birth`.
    mutating func takeTable() {
        guard let table = shared.table else { return }
        machine.setTable(table.id)
        if table.version != bornVersion, client.isConnected { publishBirth() }
    }

    mutating func take(_ message: ClientMessage, at now: MonotonicInstant) {
        // A command that the broker kept was meant for another time.
        guard !message.isRetained, let address = NodeAddress(message.topic),
            address.prefix == prefix
        else { return }
        switch address.topic {
        case .command(let verb):
            shared.log.debug("link.command", "verb=\(AgentLog.quoted(verb))")
            machine.command(verb: verb, message.payload.span, at: now)
        case .acknowledgement:
            do throws(MessageError) {
                machine.received(try AcknowledgementMessage(message.payload.span), at: now)
            } catch {
                shared.log.warning("link.bad_acknowledgement", "error=\(error)")
            }
        case .frame, .heads, .state, .birth, .health, .gap, .event, .data, .response:
            break
        }
    }
}
